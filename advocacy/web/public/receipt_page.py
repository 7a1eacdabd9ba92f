"""Whoever holds a receipt's link sees what became of their letters, takes along all that is kept, or erases it."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from io import BytesIO
from typing import Any, NamedTuple

from flask import Blueprint, abort, render_template, send_file
from werkzeug.wrappers import Response

from advocacy.campaigns.season import Season
from advocacy.database import immediate
from advocacy.delivery.states import SETTLED
from advocacy.exports import FORMATS, made
from advocacy.exports.form import CannotBeMade, Post, Wishes
from advocacy.language import Language
from advocacy.legislators.directory import to_recipient
from advocacy.legislators.models import Legislator
from advocacy.legislators.recipient_words import place_of, role_of
from advocacy.letters.letter import Letter
from advocacy.letters.moments import day_of
from advocacy.letters.outcome import CAME_BACK
from advocacy.letters.receipts import Receipt, data_of, delete
from advocacy.letters.receipts import receipt as read_receipt
from advocacy.web.public.campaign import season_of
from advocacy.web.public.confirming import deleted, gone, of_campaign
from advocacy.web.public.people import VACANT
from advocacy.web.public.sending import rehearsing, way
from advocacy.web.public.sheet import laid_as_sent
from advocacy.web.public.story import Site, story
from advocacy.web.security import secret_page
from advocacy.web.services import services

Answer = Response | str | tuple[str, int]
FILE = "letters.json"
PAGE = "html"
"""Among the forms of a letter, the one that is a page to print."""


class Held(NamedTuple):
    """A receipt, with the entries of those it wrote to, by their ids."""

    receipt: Receipt
    rows: Mapping[str, Legislator]


def add_receipts(routes: Blueprint) -> None:
    """Make the routes."""
    routes.get("/receipt/<token>")(receipt)
    routes.get(f"/receipt/<token>/<int:number>/<any(pdf, txt, {PAGE}):format>", endpoint="receipt_letter")(hand_out)
    routes.post("/receipt/<token>/data", endpoint="receipt_data")(take_along)
    routes.post("/receipt/<token>/delete", endpoint="receipt_delete")(erase)


@secret_page
def receipt(language: Language, token: str) -> Answer:
    """Show what became of every letter, and its words."""
    held = _held(token)
    return _page(held, token, language) if held else gone()


@secret_page
def hand_out(language: Language, token: str, *, number: int, **place: str) -> Answer:
    """Hand one letter out as it was sent, counted from 1: as a file, or as a page to print."""
    held = _held(token)
    if held is None:
        return gone()
    letter = {place: one.letter for place, one in enumerate(held.receipt.letters, start=1)}.get(number)
    if letter is None:
        abort(404)
    if place["format"] == PAGE:
        return _to_print(letter, token, held.receipt.campaign)
    try:
        file = made(FORMATS[place["format"]], [letter], _wishes())
    except CannotBeMade as error:
        return _page(held, token, language, refused=error.wording.spoken(language)), 422
    return send_file(BytesIO(file.content), file.media_type, as_attachment=True, download_name=file.name)


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


def _held(token: str) -> Held | None:
    site = services()
    retention = timedelta(days=site.settings.retention_days)
    with site.sessions() as session:
        found = read_receipt(session, token, keys=site.keys, now=site.now(), retention=retention)
        if found is None:
            return None
        return Held(found, {one.legislator_id: session.get_one(Legislator, one.legislator_id) for one in found.letters})


def _page(held: Held, token: str, language: Language, *, refused: str = "") -> str:
    found = held.receipt
    return render_template(
        "public/receipt.html",
        receipt=found,
        token=token,
        letters=list(_shown(held, language)),
        open=any(one.state not in SETTLED for one in found.letters if one.state),
        days=services().settings.retention_days,
        rehearses=rehearsing(),
        refused=refused,
        **of_campaign(found.campaign),
    )


def _to_print(letter: Letter, token: str, campaign: str) -> str:
    letters = [{"letter": letter, "paragraphs": laid_as_sent(letter)}]
    return render_template("public/receipt_print.html", letters=letters, token=token, **of_campaign(campaign))


def _wishes() -> Wishes:
    site = services()
    return Wishes(day_of(site.now()), Post.SHEET, test_recipient=site.settings.test_recipient)


def _shown(held: Held, language: Language) -> Iterator[dict[str, Any]]:
    found, site = held.receipt, Site(services().now(), held.receipt.paused, way())
    is_open = _is_open(found.campaign)
    for one in found.letters:
        row = held.rows[one.legislator_id]
        recipient = to_recipient(row)
        yield {
            "name": row.name or VACANT.spoken(language),
            "role": role_of(recipient, language),
            "place": place_of(recipient, language),
            "language": one.language,
            "written_before": one.written_before,
            "story": story(one, found.confirmed_at, language, site=site),
            "letter": one.letter,
            "paragraphs": laid_as_sent(one.letter) if one.letter else (),
            "write_again": is_open and one.state in CAME_BACK,
        }


def _is_open(name: str) -> bool:
    """Tell whether one can still write for this campaign."""
    campaign = services().campaign(name)
    return campaign is not None and season_of(campaign) is Season.OPEN
