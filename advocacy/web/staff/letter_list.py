"""The letters of a campaign: what is live, who is writing, what is in review and what needs fixing."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased
from wtforms import FieldList, HiddenField, RadioField
from wtforms.fields.choices import SelectChoice

from advocacy.campaigns.campaign_folder import LETTER, OWN_DOCUMENTS, CampaignFolder
from advocacy.campaigns.checks.campaign_check import RESERVED_NAMES, check_parts
from advocacy.campaigns.library import lock_campaigns, newest_folder
from advocacy.campaigns.skeletons import blank_letter, new_name
from advocacy.campaigns.toml_text import edit_toml
from advocacy.language import SOURCE
from advocacy.problems import KeyPath
from advocacy.staff import drafts, revisions
from advocacy.staff.models import Account, Proposal, Role
from advocacy.staff.publication_status import DocumentStatus, Status, campaign_statuses
from advocacy.staff.reviews import authors_of
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import bp, current_account, or_404, requires
from advocacy.web.staff.campaign_documents import availability_verbs, find_campaign
from advocacy.web.staff.forms import StaffForm, apply_row_button, text
from advocacy.web.staff.texts import campaign_name, format_in_sentence, letter_files
from advocacy.web.staff.working_copy import drafts_of

SKELETON = "skeleton"
MAX_PLACE = 999


class NewLetterForm(StaffForm):
    """What a letter begins with, and its title."""

    start = RadioField(_l("Start from"), default=SKELETON)
    title = text(_l("Title"), required=True, hint=_l("Citizens choose among the titles."))
    ask = text(_l("What it asks"), lines=2, hint=_l("If empty: what the campaign asks."))


class OrderForm(StaffForm):
    """The letters by their names, in their order."""

    letters = FieldList(HiddenField())


@bp.route("/campaigns/<campaign>/letters/new", methods=["GET", "POST"])
@requires(Role.WRITER)
def new_letter(campaign: str) -> ResponseReturnValue:
    """Make a letter, which is not public before it is published."""
    site, language, form = services(), current_language(), NewLetterForm()
    lock_campaigns(g.session)
    there = find_campaign(g.session, campaign)
    folder = there.newest()
    known = folder.readable_letters()
    form.start.choices = [
        SelectChoice(SKELETON, _("An empty letter, which says what to write")),
        *(
            SelectChoice(name, _("Copy of: %(name)s", name=letter.title.in_language(language)))
            for name, letter in known.items()
        ),
    ]
    if not form.validate_on_submit():
        title_of_campaign = campaign_name(folder)
        page = render_template("staff/new_letter.html", form=form, name=campaign, title=title_of_campaign)
        return page, 422 if form.errors else 200
    title, taken = form.title.required_wording, {*there.documents, *RESERVED_NAMES["letter"]}
    name = new_name(title[SOURCE], taken)
    place = min(MAX_PLACE, max((one.place for one in known.values()), default=0) + 10)
    ask = form.ask.wording
    writers: Collection[int] = ()
    if form.start.data == SKELETON:
        files = blank_letter(name, title, ask or folder.campaign().ask, place=place)
    else:
        copied = there.documents[form.start.data].newest
        writers = authors_of(g.session, [copied.id])[copied.id]
        files = {f"{name}/{file.name.rpartition('/')[2]}": file.content for file in copied.files}
        values: dict[KeyPath, Any] = {("title",): title, ("place",): place}
        if ask:
            values[("ask",)] = ask
        files[f"{name}/{LETTER}"] = edit_toml(files[f"{name}/{LETTER}"], values)
    by = current_account()
    revisions.save(g.session, campaign, name, files=files, by=by, now=site.now(), writers=writers)
    flash(_("Letter created. The public won’t see it until you publish."))
    return redirect(url_for("staff.letter", campaign=campaign, letter=name), 303)


@bp.route("/campaigns/<campaign>/letters/order", methods=["GET", "POST"])
@requires(Role.WRITER)
def letters_order(campaign: str) -> ResponseReturnValue:
    """Show the letters in their order, to be moved."""
    site = services()
    typed = apply_row_button(request.form) if request.method == "POST" else None
    lock_campaigns(g.session)
    there = find_campaign(g.session, campaign)
    known = there.newest().readable_letters()
    form = OrderForm(typed) if typed is not None else OrderForm(data={"letters": [*known]})
    if request.method == "POST" and typed is None and form.validate_on_submit():
        order = [name for name in form.letters.data if name in known]
        for place, name in enumerate(order, start=1):
            files = there.newest().documents()[name]
            if known[name].place != place * 10:
                values: dict[KeyPath, Any] = {("place",): min(MAX_PLACE, place * 10)}
                files = {file: edit_toml(content, values) for file, content in files.items()}
                made = revisions.save(g.session, campaign, name, files=files, by=current_account(), now=site.now())
                drafts.edit(g.session, values, before=there.documents[name].newest, made=made)
        flash(_("Order saved. The public won’t see it until you publish."))
        return redirect(url_for("staff.letters", campaign=campaign), 303)
    titles = {name: letter.title.in_language(current_language()) for name, letter in known.items()}
    title = campaign_name(there.newest())
    return render_template("staff/letters_order.html", form=form, name=campaign, titles=titles, title=title)


@dataclass(frozen=True, slots=True)
class Row:
    """One letter of the list: `problems` are counted in what was saved last; moments are in words."""

    status: DocumentStatus
    title: str
    problems: int
    place: int
    writing: tuple[tuple[str, str], ...]
    """Who has a draft of it, and when they saved it."""
    requested: tuple[str, str] | None
    """Who sent the newest revision for review, and when."""
    changes: tuple[str, str] | None
    """Who proposal for changes to the newest revision, and what they wrote."""


@bp.get("/campaigns/<campaign>/letters")
@requires(Role.WRITER)
def letters(campaign: str) -> str:
    """List the letters in the order in which citizens see them, archived ones apart."""
    rows = letter_rows(g.session, campaign)
    return render_template(
        "staff/letters.html",
        campaign_name=campaign,
        verbs=availability_verbs,
        may_publish=current_account().role.may(Role.PUBLISHER),
        rows=[row for row in rows if row.status.status is not Status.ARCHIVED],
        archived=[row for row in rows if row.status.status is Status.ARCHIVED],
    )


def letter_rows(session: Session, campaign: str) -> list[Row]:
    """Return every letter of a campaign, which must exist: seven queries, however many letters there are."""
    status = or_404(campaign_statuses(session, campaign).get(campaign))
    folder = newest_folder(session, campaign)
    statuses = {name: one for name, one in status.documents.items() if name not in OWN_DOCUMENTS.values()}
    newest = [one.newest_id for one in statuses.values()]
    problems, drafts = count_problems(folder, statuses), drafts_of(session, campaign)
    proposals, files = _proposals(newest), letter_files(session, newest)
    rows = []
    for name, one in statuses.items():
        letter, proposal = files.get(one.newest_id), proposals.get(one.newest_id)
        rows.append(
            Row(
                one,
                letter.title.in_language(current_language()) if letter else name,
                problems[name],
                letter.place if letter else 999,
                drafts.get(name, ()),
                (proposal[1], format_in_sentence(proposal[0].asked_at))
                if proposal and one.pending is Status.IN_REVIEW
                else None,
                (proposal[2], proposal[0].word) if proposal and one.pending is Status.CHANGES_ASKED else None,
            )
        )
    return sorted(rows, key=lambda row: (row.place, row.status.document))


def count_problems(folder: CampaignFolder, letters: Collection[str]) -> Mapping[str, int]:
    paths = {folder.path(f"{letter}/"): letter for letter in letters}
    found = (problem for part in check_parts(folder, letters) for problem in part)
    return Counter(letter for problem in found for path, letter in paths.items() if problem.file.startswith(path))


def _proposals(revisions: Collection[int]) -> Mapping[int, tuple[Proposal, str, str]]:
    """Return what was sent for review of these revisions, with who sent it and who answered."""
    asking, answering = aliased(Account), aliased(Account)
    rows = g.session.execute(
        select(Proposal, asking.name, answering.name)
        .join(asking, asking.id == Proposal.asked_by)
        .outerjoin(answering, answering.id == Proposal.answered_by)
        .where(Proposal.revision_id.in_(revisions))
    )
    return {one.revision_id: (one, sent_by, answered_by or "") for one, sent_by, answered_by in rows}
