"""The routes citizens walk: read what was typed, ask the domain, answer. Only what they ask to have sent is stored."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState

from advocacy.exports import FORMATS, made
from advocacy.exports.form import CannotBeMade
from advocacy.language import Language, speak_date
from advocacy.letters.moments import day_of, speak_moment
from advocacy.web.attachments import attachment
from advocacy.web.public import campaign_page, pages, sheet
from advocacy.web.public.confirming import add_confirming
from advocacy.web.public.forms import STEPS
from advocacy.web.public.handing_over import add_sending
from advocacy.web.public.lettered import Answer, reviewed, with_letters
from advocacy.web.public.listing import Held
from advocacy.web.public.reading import Problem
from advocacy.web.public.receipt_page import add_receipts
from advocacy.web.public.recipients import find
from advocacy.web.public.review import ReviewedLetter
from advocacy.web.public.seasons import keep_seasons, listed
from advocacy.web.public.sitting import HELD, Sitting
from advocacy.web.security import form_page
from advocacy.web.security import public as everyone
from advocacy.web.services import Services, current_campaign, services

UNCHECKED = frozenset({"switch", "search", "back", *STEPS})
"""Buttons that bring the form back as it is; `find` asks only whether the postal code can be read."""


def public(site: Services) -> Blueprint:
    """Make the routes."""
    routes = Blueprint("public", __name__, url_prefix="/<lang:language>")
    routes.record_once(partial(_furnish, held=Held(site.sessions)))
    keep_seasons(routes)
    routes.get("/")(campaigns)
    for page in ("help", "privacy", "accessibility"):
        routes.get(f"/{page}", endpoint=page)(_plain_page(page))
    routes.get("/<campaign>/")(campaign)
    routes.route("/<campaign>/write", methods=["GET", "POST"])(write)
    routes.post("/<campaign>/legislators")(legislators)
    routes.post("/<campaign>/preview")(preview)
    routes.post("/<campaign>/review")(review)
    routes.post(f"/<campaign>/download/<any({', '.join(FORMATS)}):format>")(download)
    add_sending(routes)
    add_confirming(routes)
    add_receipts(routes)
    return routes


@everyone
def campaigns(language: Language) -> Answer:
    """Show the campaigns, or lead straight to the only one."""
    known = listed(services().campaigns())
    if len(known) == 1:
        return redirect(url_for("public.campaign", language=language, campaign=known[0][0].name))
    return render_template("public/campaigns.html", campaigns=known)


@everyone
def campaign(language: Language, **_: object) -> Answer:
    """Show a campaign's findings, asks and letters."""
    shown = current_campaign()
    if shown is None:
        abort(404)
    return render_template("public/campaign.html", **campaign_page.told(shown, language, day_of(services().now())))


@form_page
def write(language: Language, **_: object) -> Answer:
    """Show the form, with everything typed so far where it was typed."""
    sitting = Sitting.open(language)
    if request.method == "GET":
        return render_template("public/write.html", **pages.write(sitting, fresh=True))
    sitting.carry(sitting.draft.without_edits())
    if sitting.draft.text("go") == "find":
        sitting.carry(sitting.draft.with_typed(province=find(sitting.draft, sitting.desk).province))
    wrong = _checked(sitting)
    page = render_template("public/write.html", **pages.write(sitting, wrong))
    return (page, 422) if wrong else page


@form_page
def legislators(language: Language, **_: object) -> Answer:
    """Show whom one can write to, for the form as it stands: a fragment of it."""
    sitting = Sitting.open(language)
    said = render_template("parts/recipients.html", **pages.recipients(sitting))
    return (said, 422) if _strange(sitting) else said


@form_page
def preview(language: Language, **_: object) -> Answer:
    """Show the letters as far as they go: a fragment of the form."""
    sitting = Sitting.open(language)
    said = render_template("parts/previews.html", **pages.previews(sitting))
    return (said, 422) if _strange(sitting) else said


@form_page
def review(language: Language, **_: object) -> Answer:
    """Show every letter whole, to be read again, edited and taken away."""
    return with_letters(language, lambda sitting, letters: reviewed(sitting, letters, refusing=False))


@form_page
def download(language: Language, **place: str) -> Answer:
    """Hand the letters out, or one of them, as a file or as a page to print."""
    return with_letters(language, partial(_handed_out, form=place["format"]))


def _handed_out(sitting: Sitting, letters: list[ReviewedLetter], *, form: str) -> Answer:
    named = sitting.draft.text("letter")
    wanted = [one for one in letters if named in {"", one.id}]
    if not wanted or not all(one.ready for one in wanted):
        return reviewed(sitting, letters, refusing=True)
    if form == "html":
        return render_template("public/print.html", **pages.print_out(sitting, wanted))
    try:
        file = made(FORMATS[form], [one.letter for one in wanted], sitting.wishes(named))
    except CannotBeMade as error:
        return reviewed(sitting, letters, refusing=True, refused=error.wording)
    return attachment(file.content, file.media_type, file.name)


def _checked(sitting: Sitting) -> tuple[Problem, ...]:
    """Give the problems that the button pressed asks about."""
    go = sitting.draft.text("go")
    if go in UNCHECKED:
        return _strange(sitting)
    named = sitting.moved and bool(sitting.draft.text("riding"))  # the button beside a riding that was searched for
    if go == "find" or named:
        return tuple(one for one in sitting.form.problems if one.strange or one.field == "postal_code")
    return sitting.form.problems


def _strange(sitting: Sitting) -> tuple[Problem, ...]:
    return tuple(one for one in sitting.form.problems if one.strange)


def _plain_page(name: str) -> Callable[..., Answer]:
    @everyone
    def page(**_: object) -> Answer:
        site = services()
        hours, days = site.settings.unconfirmed_hours, site.settings.retention_days
        return render_template(f"public/{name}.html", campaigns=site.campaigns(), hours=hours, days=days)

    return page


def _furnish(state: BlueprintSetupState, held: Held) -> None:
    app: Any = state.app
    app.extensions[HELD] = held
    app.jinja_env.filters["blanks"] = sheet.parted
    app.jinja_env.filters.update(moment=speak_moment, day=speak_date)
