"""A file handed out keeps its name in UTF-8, and one that can be read in ASCII."""

import pytest
from flask import Flask
from werkzeug.http import parse_options_header

from advocacy.web.files import attachment


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Letter - Ottawa Centre.pdf", "Letter - Ottawa Centre.pdf"),
        ("Lettre - Saint-Hyacinthe—Bagot—Acton.pdf", "Lettre - Saint-Hyacinthe-Bagot-Acton.pdf"),
        ("Lettre - Ministre de l’Œuvre à Québec.pdf", "Lettre - Ministre de l'OEuvre a Quebec.pdf"),
        ('ᓄᓇᕗᑦ "x".pdf', ' "x".pdf'),
    ],
)
def test_a_name_is_told_in_utf8_and_in_ascii(app: Flask, name: str, plain: str) -> None:
    with app.test_request_context():
        answer = attachment(b"x", "application/pdf", name)
    told = answer.headers["Content-Disposition"]
    assert told.isascii()
    assert parse_options_header(told.partition("; filename*=")[0])[1]["filename"] == plain
    assert parse_options_header(told)[1]["filename"] == name
