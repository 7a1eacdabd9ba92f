"""The receipt: whoever has its link follows their letters, goes on from there, downloads their data or erases it."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import quote, urlencode

from flask import abort, g, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from advocacy.campaigns.campaign_files import Season
from advocacy.campaigns.open_campaigns import OpenCampaign
from advocacy.delivery.states import HANDED_OVER, SETTLED
from advocacy.exports import FORMATS
from advocacy.exports.export_files import export_letters
from advocacy.exports.format import CannotExport, ExportOptions, Post
from advocacy.language import Language, day_of
from advocacy.legislators.directory_snapshot import DirectorySnapshot
from advocacy.legislators.forms_of_address import postage, role_of
from advocacy.legislators.legislatures import Province
from advocacy.legislators.models import Legislator, to_recipient
from advocacy.letters import access_export, after_bounce, receipts
from advocacy.letters.answers import CHOICES, QUESTION_AFTER, describe
from advocacy.letters.follow_ups import follow_options
from advocacy.letters.holding import REFUSALS
from advocacy.letters.models import FollowKind
from advocacy.letters.receipts import Receipt, SendingMode, also_write_to, headline, timeline
from advocacy.offices.office_settings import other_address
from advocacy.settings import MailMode
from advocacy.signed_links import Purpose
from advocacy.web.locale import current_language
from advocacy.web.public import bp
from advocacy.web.public.after_sending import campaign_context, deleted, find_receipt, gone, letter_card, receipt_path
from advocacy.web.public.campaign import season_of
from advocacy.web.public.follow_up import offers
from advocacy.web.public.sheet import on_paper, stored_paragraphs
from advocacy.web.rate_limits import costs
from advocacy.web.security import secret_page
from advocacy.web.services import services
from advocacy.web.unit_of_work import after_commit

DATA_FILE = "letters.json"
PAGE = "html"
"""Among the forms of a letter, the one that is a page to print."""


class PressForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A button of a receipt: the token of the form is all there is to it."""


@bp.get("/receipt/<token>")
@secret_page
def receipt(token: str, **_view: object) -> ResponseReturnValue:
    """Show how it stands with every letter, its text, and what one can do next."""
    found = find_receipt(g.session, token)
    return _page(found, token) if found else gone(receipt=True)


@bp.get(f"/receipt/<token>/<int:number>/<any(pdf, txt, {PAGE}):kind>")
@costs(10, also_read=True)
@secret_page
def receipt_letter(token: str, *, number: int, kind: str, **_view: object) -> ResponseReturnValue:
    """Return one letter as it was sent, counted from 1: as a file, or as a page to print."""
    site = services()
    found = find_receipt(g.session, token)
    if found is None:
        return gone(receipt=True)
    letter = {place: one.letter for place, one in enumerate(found.letters, start=1)}.get(number)
    if letter is None:
        abort(404)
    if kind == PAGE:
        paragraphs = stored_paragraphs(letter, marks_own_words=False)
        letters = [{"letter": letter, "paragraphs": paragraphs, "paper": on_paper(letter)}]
        context = campaign_context(site.campaign(found.campaign), found.campaign)
        return render_template("public/receipt_print.html", letters=letters, token=token, **context)
    wishes = ExportOptions(day_of(site.now()), Post.SHEET, test_recipient=site.settings.test_recipient)
    try:
        file = export_letters(FORMATS[kind], [letter], wishes)
    except CannotExport as error:
        return _page(found, token, refused=error.message.in_language(current_language())), 422
    return send_file(BytesIO(file.content), file.media_type, as_attachment=True, download_name=file.name)


@bp.get("/receipt/<token>/data.json")
@secret_page
def receipt_data_file(token: str, **_view: object) -> ResponseReturnValue:
    """Return everything that is stored under a receipt, as a file for programs."""
    data = _data(token)
    if data is None:
        return gone(receipt=True)
    content = json.dumps(data, ensure_ascii=False, indent=2).encode()
    return send_file(BytesIO(content), "application/json", as_attachment=True, download_name=DATA_FILE)


@bp.get("/receipt/<token>/data")
@secret_page
def receipt_data(token: str, **_view: object) -> ResponseReturnValue:
    """Show the same to be read and printed."""
    site = services()
    data, found = _data(token), find_receipt(g.session, token)
    if data is None or found is None:
        return gone(receipt=True)
    campaign = site.campaign(found.campaign)
    sending = SendingMode(site.now(), found.paused, site.settings.mail_mode)
    return render_template(
        "public/receipt_data.html",
        data=data,
        asked=data["requests"][0],
        letters=list(_letters(found, sending, is_open=False)),
        receipt=found,
        token=token,
        at=datetime.fromisoformat,
        **campaign_context(campaign, found.campaign),
    )


@bp.post("/receipt/<token>/delete")
@secret_page
def receipt_delete(token: str, **_view: object) -> ResponseReturnValue:
    """Erase the person and every word; letters that have not left are not sent."""
    if not PressForm().validate_on_submit():
        abort(400)
    site = services()
    confirmation_id = site.linked_id(Purpose.RECEIPT, token)
    erased = receipts.delete(g.session, confirmation_id, now=site.now())
    after_commit(site.erase_soon)
    return deleted(may_have_left=True, by_receipt=True) if erased else gone(receipt=True)


@bp.post("/receipt/<token>/<int:number>/posted")
@secret_page
def receipt_posted(token: str, *, number: int, language: Language) -> ResponseReturnValue:
    """Note that a letter that came back was mailed on paper; what was noted before stays."""
    if not PressForm().validate_on_submit():
        abort(400)
    site = services()
    found = find_receipt(g.session, token)
    if found is None:
        return gone(receipt=True)
    after_bounce.note_posted(g.session, found.id, _letter_id(found, number), now=site.now())
    return redirect(url_for("public.receipt", language=language, token=token, _anchor=f"card-{number}"), 303)


@bp.post("/receipt/<token>/<int:number>/other-address")
@secret_page
def receipt_other_address(token: str, *, number: int, language: Language) -> ResponseReturnValue:
    """Send a letter that came back to the address that the directory has now, once."""
    if not PressForm().validate_on_submit() or services().settings.mail_mode is MailMode.TEST_RECIPIENT:
        abort(400)
    site = services()
    found = find_receipt(g.session, token)
    if found is None:
        return gone(receipt=True)
    letter, per_hour = _letter_id(found, number), site.settings.recipient_per_hour
    after_bounce.send_to_other_address(g.session, found.id, letter, now=site.now(), per_hour=per_hour)
    after_commit(site.deliver_soon)
    return redirect(url_for("public.receipt", language=language, token=token), 303)


def _letter_id(found: Receipt, number: int) -> str:
    """Return the id of a receipt's letter, counted from 1; 404 where there are fewer."""
    if not 1 <= number <= len(found.letters):
        abort(404)
    return found.letters[number - 1].id


def _data(token: str) -> access_export.Data | None:
    site = services()
    retention = timedelta(days=site.settings.retention_days)
    confirmation_id = site.linked_id(Purpose.RECEIPT, token)
    return access_export.of_receipt(g.session, confirmation_id, now=site.now(), retention=retention)


def _page(found: Receipt, token: str, *, refused: str = "") -> str:
    site, language = services(), current_language()
    campaign = site.campaign(found.campaign)
    is_open = campaign is not None and season_of(campaign) is Season.OPEN
    sending = SendingMode(site.now(), found.paused, site.settings.mail_mode)
    listing = site.directory.current(sending.now)
    letters = list(_letters(found, sending, is_open=is_open))
    offered = {kind for kind in FollowKind if campaign and offers(campaign, kind)}
    options = follow_options(g.session, found.letters, now=sending.now)
    return render_template(
        "public/receipt.html",
        receipt_path=receipt_path,
        follow_ups=[options[one.id].of_kinds(offered) for one in found.letters],
        headline=headline(found.letters, [one["card"].name for one in letters], sending).in_language(language),
        receipt=found,
        token=token,
        letters=letters,
        updating=any(one.state not in SETTLED for one in found.letters if one.state),
        choices=CHOICES,
        today=day_of(sending.now),
        nothing_leaves=sending.mode is MailMode.FOLDER,
        refused=refused,
        share=_share(campaign, language) if campaign and is_open else None,
        suggestions=list(_suggestions(campaign, found, listing)) if campaign and is_open else [],
        **campaign_context(campaign, found.campaign),
    )


def _letters(found: Receipt, sending: SendingMode, *, is_open: bool) -> Iterator[dict[str, Any]]:
    elsewhere = after_bounce.sent_elsewhere(g.session, [one.id for one in found.letters if one.has_come_back])
    for one in found.letters:
        row = g.session.get_one(Legislator, one.legislator_id)
        address = ""
        if one.has_come_back and one.letter and sending.mode is not MailMode.TEST_RECIPIENT:
            address = other_address(g.session, row, one.letter.recipient.email or "", now=sending.now)
        yield {
            "has_come_back": one.has_come_back and one.id not in elsewhere,
            "is_sent_elsewhere": one.id in elsewhere,
            "postage": postage(to_recipient(row)),
            "other_address": address,
            "card": letter_card(row, one.letter, one.language),
            "written_before": one.written_before,
            "timeline": timeline(one, found.confirmed_at, sending),
            "acknowledgement": one.office.acknowledgement_in(current_language())
            if one.state in HANDED_OVER and sending.mode is MailMode.SEND
            else None,
            "letter": one,
            "answer": describe(one.answer, one.answered_on),
            "asks_now": bool(one.left_on and one.left_on <= day_of(sending.now - QUESTION_AFTER)),
            "telephones": [address for address in row.addresses if address.telephone],
            "write_again": _write_to(found.campaign, one.legislator_id, one.template)
            if is_open
            and ((one.has_come_back and one.id not in elsewhere) or (one.moves and one.moves[-1].reason in REFUSALS))
            else "",
        }


def _write_to(campaign: str, legislator_id: str, template: str = "") -> str:
    """Return the address of the form with someone chosen: the directory's id and the letter's name alone are in it."""
    return url_for("public.write", campaign=campaign, to=legislator_id, template=template.rpartition("/")[2] or None)


def _suggestions(campaign: OpenCampaign, found: Receipt, listing: DirectorySnapshot) -> Iterator[dict[str, Any]]:
    """Return whom the campaign suggests to write to next, in the reader's language, without those written to."""
    language = current_language()
    written = [one.legislator_id for one in found.letters]
    members = [row for row in map(listing.row, written) if row and row.riding]
    province = members[0].riding.province if members and members[0].riding else ""
    for one in also_write_to(campaign.file, listing, province=province, written=written):
        yield {
            "reason": one.reason,
            "senators": Province(province).wording if one.senators_of_province else None,
            "people": [
                {
                    "name": row.name,
                    "role": role_of(to_recipient(row), language),
                    "url": _write_to(found.campaign, row.id, found.letters[0].template),
                }
                for row in one.people
            ],
        }


def _share(campaign: OpenCampaign, language: Language) -> dict[str, str]:
    """Return the campaign's public address, words that go with it, and links that hand both to another program.

    They carry nothing of the letter or of this page, and nothing is loaded from anybody.
    """
    url = services().settings.base_url + url_for("public.campaign", campaign=campaign.name, language=language)
    name, ask = campaign.file.name.in_language(language), campaign.file.ask.in_language(language)
    text = _("I wrote a letter about this: “%(ask)s” You can write too:", ask=ask)
    if campaign.file.share:
        text = campaign.file.share.in_language(language)
    return {
        "url": url,
        "name": name,
        "text": text,
        "whatsapp": "https://wa.me/?" + urlencode({"text": f"{text} {url}"}, quote_via=quote),
        "email": "mailto:?" + urlencode({"subject": name, "body": f"{text}\n\n{url}"}, quote_via=quote),
    }
