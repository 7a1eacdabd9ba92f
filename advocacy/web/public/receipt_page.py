"""Whoever holds a receipt's link sees what became of their letters, takes along all that is kept, or erases it."""

import json
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

from flask import Blueprint, render_template, send_file
from werkzeug.wrappers import Response

from advocacy.database import immediate
from advocacy.delivery.states import SETTLED
from advocacy.exports.text import to_text
from advocacy.language import Language
from advocacy.legislators.directory import to_recipient
from advocacy.legislators.models import Legislator
from advocacy.legislators.recipient_words import place_of, role_of
from advocacy.letters.receipts import Receipt, data_of, delete
from advocacy.letters.receipts import receipt as read_receipt
from advocacy.web.public.confirming import deleted, gone, of_campaign
from advocacy.web.public.people import VACANT
from advocacy.web.public.sending import rehearsing
from advocacy.web.public.story import story
from advocacy.web.security import secret_page
from advocacy.web.services import services

Answer = Response | str | tuple[str, int]
FILE = "letters.json"


def add_receipts(routes: Blueprint) -> None:
    """Make the routes."""
    routes.get("/receipt/<token>")(receipt)
    routes.post("/receipt/<token>/data", endpoint="receipt_data")(take_along)
    routes.post("/receipt/<token>/delete", endpoint="receipt_delete")(erase)


@secret_page
def receipt(language: Language, token: str) -> Answer:
    """Show what became of every letter, and its words."""
    site = services()
    retention = timedelta(days=site.settings.retention_days)
    with site.sessions() as session:
        held = read_receipt(session, token, keys=site.keys, now=site.now(), retention=retention)
        if held is None:
            return gone()
        rows = {one.legislator_id: session.get_one(Legislator, one.legislator_id) for one in held.letters}
    return render_template(
        "public/receipt.html",
        receipt=held,
        token=token,
        letters=list(_shown(held, rows, language)),
        open=any(one.state not in SETTLED for one in held.letters if one.state),
        days=site.settings.retention_days,
        rehearses=rehearsing(),
        **of_campaign(held.campaign),
    )


@secret_page
def take_along(token: str, **_: object) -> Answer:
    """Hand out everything that is kept, as a file."""
    site = services()
    with site.sessions() as session:
        kept = data_of(session, token, keys=site.keys, now=site.now())
    if kept is None:
        return gone()
    written = json.dumps(kept, ensure_ascii=False, indent=2).encode()
    return send_file(BytesIO(written), "application/json", as_attachment=True, download_name=FILE)


@secret_page
def erase(token: str, **_: object) -> Answer:
    """Erase the person and every word; what has not left does not leave."""
    site = services()
    with immediate(site.sessions) as session:
        erased = delete(session, token, keys=site.keys, now=site.now(), outgoing=site.outgoing)
    return deleted(confirmed=True) if erased else gone()


def _shown(held: Receipt, rows: dict[str, Legislator], language: Language) -> Iterator[dict[str, Any]]:
    for one in held.letters:
        row = rows[one.legislator_id]
        recipient = to_recipient(row)
        yield {
            "name": row.name or VACANT.spoken(language),
            "role": role_of(recipient, language),
            "place": place_of(recipient, language),
            "language": one.language,
            "written_before": one.written_before,
            "story": story(one, held.confirmed_at, language),
            "text": to_text(one.letter) if one.letter else "",
        }
