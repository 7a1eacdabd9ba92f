"""Alikeness is the share of the shorter body's distinct 32-byte windows that the other has too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.letters.edited import WINDOW, share_from
from tests.alikeness import alikeness, windows


def test_a_window_is_32_bytes_of_utf8() -> None:
    assert WINDOW == 32
    assert windows("é" * 20) == {("é" * 16).encode(), b"\xa9" + ("é" * 15).encode() + b"\xc3"}


@given(st.text(), st.text())
def test_alikeness_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    there, back = alikeness(windows(one), windows(other)), alikeness(windows(other), windows(one))
    assert there == back
    assert 0 <= there <= 1


SOURCE = (
    "Le Parlement peut régler cette question. Je vous demande de défendre une loi obligeant les entreprises à agir."
)


@pytest.mark.parametrize(
    ("body", "share"),
    [
        (SOURCE, 1),
        (SOURCE.removeprefix("Le Parlement peut régler cette question. "), 1),
        (SOURCE.replace("peut régler cette question. Je vous demande de ", "doit "), 0.55),
        (
            f"{SOURCE} {'Ma fille a huit ans, et son école aussi attend une réponse claire de votre part, bientôt.'}",
            0.5,
        ),
        ("Ma fille a huit ans, et son école aussi attend une réponse claire.", 0),
    ],
    ids=["whole", "beginning cut", "middle replaced", "as much added", "all other words"],
)
def test_what_is_added_counts_and_what_is_cut_does_not(body: str, share: float) -> None:
    assert share_from(body, SOURCE) == pytest.approx(share, abs=0.12)


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80))
def test_a_share_is_that_of_all_windows(start: str, added: str, end: str) -> None:
    source, body = f"{start}{SOURCE}{end}", f"{start}{SOURCE}{added}{end}"
    text, known = body.encode(), source.encode()
    count = len(text) - WINDOW + 1
    shared = sum(text[place : place + WINDOW] in known for place in range(count))
    assert share_from(body, source) == pytest.approx(shared / count)
