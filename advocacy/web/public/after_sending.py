"""What the confirmation page and the receipt share: letters as they are shown there, and what follows an erasure."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from advocacy.campaigns.open_campaigns import OpenCampaign
from advocacy.language import Language
from advocacy.legislators.forms_of_address import place_of, role_of
from advocacy.legislators.models import Legislator, to_recipient
from advocacy.letters import receipts
from advocacy.letters.letter import Letter
from advocacy.letters.models import ASKED_RETENTION
from advocacy.letters.receipts import Receipt
from advocacy.letters.suppression_list import Scope
from advocacy.signed_links import Purpose
from advocacy.web.locale import alternate, current_language, other_languages
from advocacy.web.page import campaigns_here, leave_address
from advocacy.web.public.sheet import YOURS, SheetParagraph, stored_paragraphs
from advocacy.web.services import services

GONE = 410


@dataclass(frozen=True, slots=True)
class LetterCard:
    """A stored letter as pages show it, in the reader's language; without its text once that is erased."""

    name: str
    role: str
    place: str
    language: Language
    letter: Letter | None
    paragraphs: tuple[SheetParagraph, ...]
    edited: bool

    @property
    def has_own_words(self) -> bool:
        """Whether the citizen's own words are marked in the text."""
        return any(passage.mark == YOURS for one in self.paragraphs for passage in one.passages)


def letter_card(row: Legislator, letter: Letter | None, language: Language, *, edited: bool = False) -> LetterCard:
    """Return a letter in `language` to someone in the directory, the citizen's own words marked."""
    recipient, reader = to_recipient(row), current_language()
    return LetterCard(
        name=row.name or _("Vacant seat"),
        role=role_of(recipient, reader),
        place=place_of(recipient, reader),
        language=language,
        letter=letter,
        paragraphs=stored_paragraphs(letter, marks_own_words=True) if letter else (),
        edited=edited,
    )


def campaign_context(campaign: OpenCampaign | None, name: str) -> dict[str, Any]:
    """Return what base.html shows of a campaign that the page's address does not name."""
    return {
        "campaign": campaign.file if campaign else None,
        "campaign_name": name if campaign else None,
        "campaigns_here": lambda: [campaign] if campaign else campaigns_here(),
        "leave_url": leave_address(campaign, current_language()),
        "switch": _switch_without_erasing(),
    }


def _switch_without_erasing() -> dict[str, Any]:
    """Return the address of the same link in each other language; after an erasure, it leads to nothing more."""
    urls = {language: alternate(language).removesuffix("/delete") for language in other_languages()}
    return {"urls": urls, "post": False}


def find_receipt(session: Session, token: str) -> Receipt | None:
    """Return what a receipt's token opens now; None for one unknown or erased."""
    site = services()
    retention = timedelta(days=site.settings.retention_days)
    confirmation_id = site.linked_id(Purpose.RECEIPT, token)
    return receipts.receipt(session, confirmation_id, now=site.now(), retention=retention)


def receipt_path(confirmation_id: str) -> str:
    """Return the address of the receipt of a confirmation, which whoever gets it can open."""
    return url_for("public.receipt", token=services().links.make(Purpose.RECEIPT, confirmation_id))


def gone(*, receipt: bool) -> ResponseReturnValue:
    """Answer for a link that leads to nothing, the same whether it was used, expired, erased or never there."""
    site = services()
    page = render_template(
        "public/gone.html",
        receipt=receipt,
        hours=site.settings.unconfirmed_hours,
        days=site.settings.retention_days,
        asked_days=max(site.settings.retention_days, ASKED_RETENTION.days),
        campaigns=site.campaigns(),
        switch=_switch_without_erasing(),
    )
    return page, GONE


def deleted(*, may_have_left: bool, by_receipt: bool = False, stop: Scope | None = None) -> str:
    """Render that everything is erased; `may_have_left`: one confirmed before; `stop`: which mail comes no more."""
    return render_template(
        "public/deleted.html",
        may_have_left=may_have_left,
        by_receipt=by_receipt,
        stop=stop,
        campaigns=services().campaigns(),
        switch=_switch_without_erasing(),
    )
