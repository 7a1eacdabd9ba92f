"""The review of one revision: its difference from what is live, the checks, samples, the conversation, the answer."""

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from advocacy.campaigns.breaking import breaking, out_of_season
from advocacy.campaigns.cited import cited
from advocacy.campaigns.differences import differences, paragraph_words
from advocacy.campaigns.documents import (
    as_read,
    find_document,
    is_archived,
    live_revision,
    newest_id,
    problems_of,
    title_of,
)
from advocacy.campaigns.folder import TEXTS, CampaignFolder
from advocacy.campaigns.library import stored_folder, wait_for_turn
from advocacy.campaigns.models import Revision
from advocacy.database import immediate
from advocacy.language import Language, day_of
from advocacy.messages import in_language
from advocacy.staff import history, publication, review, rules
from advocacy.staff.models import Account, ReviewEntry, Schedule
from advocacy.staff.publication import NotAllowed, Refusal
from advocacy.staff.revisions import IsArchived, restore
from advocacy.staff.roles import Role
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import current_account, requires
from advocacy.web.staff.bill import bills_of
from advocacy.web.staff.blueprint import bp
from advocacy.web.staff.forms import StaffForm, form_errors
from advocacy.web.staff.problems import advice_notes, campaign_notes
from advocacy.web.staff.review_forms import CHANGES, AnswerForm, CommentForm, RequestForm, carry_out
from advocacy.web.staff.sample_sheets import showing


@bp.get("/review/<int:revision>/publish", endpoint="review")
@requires(Role.WRITER)
def shown(revision: int) -> ResponseReturnValue:
    """Show what a revision changes, what the checks say, letters made of it, and what was said of it."""
    with services().sessions() as session:
        return _page(session, _row(session, revision))


@bp.post("/review/<int:revision>/publish", endpoint="review_publish")
@requires(Role.PUBLISHER)
def answered(revision: int) -> ResponseReturnValue:
    """Publish a revision now or at a moment, or ask its writer for changes."""
    form = AnswerForm()
    with immediate(services().sessions) as session:
        wait_for_turn(session)
        row = _row(session, revision)
        if not form.validate_on_submit():
            return _page(session, row, answer=form), 422
        try:
            carry_out(session, form, [row], by=_me(session))
        except NotAllowed as refused:
            return _page(session, row, answer=form, refused=refused), 422
        document = row.document
        campaign, name = document.campaign.name, document.name
    if form.act.data == CHANGES:
        return redirect(url_for("staff.review", revision=revision), 303)
    return redirect(url_for("staff.history", campaign=campaign, document=name), 303)


@bp.post("/review/<int:revision>/ask", endpoint="review_ask")
@requires(Role.WRITER)
def requested(revision: int) -> ResponseReturnValue:
    """Send a revision for review."""
    with immediate(services().sessions) as session:
        wait_for_turn(session)
        row, by = _row(session, revision), _me(session)
        form = RequestForm(publication.reviewers(session, [row]))
        if not form.validate_on_submit():
            return _page(session, row, ask=form), 422
        reviewer, note = form.people.get(form.reviewer.data), (form.request_note.data or "").strip()
        try:
            publication.request_review(session, [row], by=by, now=services().now(), reviewer=reviewer, note=note)
        except NotAllowed as refused:
            return _page(session, row, ask=form, refused=refused), 422
    flash(_("Sent for review. The reviewer is told by mail."))
    return redirect(url_for("staff.review", revision=revision), 303)


@bp.post("/review/<int:revision>/withdraw", endpoint="review_withdraw")
@requires(Role.WRITER)
def withdrawn(revision: int) -> ResponseReturnValue:
    """Take a request for review back."""
    _check_form()
    with immediate(services().sessions) as session:
        wait_for_turn(session)
        row = _row(session, revision)
        try:
            publication.withdraw(session, [row], by=_me(session), now=services().now())
        except NotAllowed as refused:
            return _page(session, row, refused=refused), 422
    flash(_("Request withdrawn. The text hasn’t changed."))
    return redirect(url_for("staff.review", revision=revision), 303)


@bp.post("/review/<int:revision>/comment", endpoint="review_comment")
@requires(Role.WRITER)
def commented(revision: int) -> ResponseReturnValue:
    """Comment on a revision, or on one paragraph of it."""
    form = CommentForm()
    with immediate(services().sessions) as session:
        row = _row(session, revision)
        if not form.validate_on_submit():
            return _page(session, row, comment=form), 422
        now, text = services().now(), form.text.data.strip()
        review.comment(session, row, text=text, by=_me(session), now=now, **_place(session, row, form))
    flash(_("Comment added."))
    return redirect(url_for("staff.review", revision=revision, _anchor="conversation"), 303)


@bp.post("/review/<int:revision>/comments/<int:comment>", endpoint="review_resolve")
@requires(Role.WRITER)
def resolved(revision: int, comment: int) -> ResponseReturnValue:
    """Mark a comment as resolved, or open it again."""
    _check_form()
    with immediate(services().sessions) as session:
        row = _row(session, revision)
        entry = session.get(ReviewEntry, comment)
        if entry is None or entry.document_id != row.document_id or entry.kind != review.Event.COMMENT:
            abort(404)
        done = entry.resolved_at is None
        review.resolve(session, entry, by=_me(session), now=services().now(), resolved=done)
        campaign, letter = row.document.campaign.name, row.document.name
    flash(_("Comment resolved.") if done else _("Comment open again."))
    if request.form.get("back") == "letter":
        return redirect(url_for("staff.letter", campaign=campaign, letter=letter), 303)
    return redirect(url_for("staff.review", revision=revision, _anchor="conversation"), 303)


@bp.post("/review/<int:revision>/restore", endpoint="review_restore")
@requires(Role.WRITER)
def restored(revision: int) -> ResponseReturnValue:
    """Save the text of an old revision as a new one, and show what it would change."""
    _check_form()
    with immediate(services().sessions) as session:
        row = _row(session, revision)
        try:
            made = restore(session, row, by=_me(session), now=services().now())
        except IsArchived:
            return _page(session, row, refused=NotAllowed(Refusal.ARCHIVED)), 422
        number, old, there = made.number, row.number, made.id
    flash(_("Revision %(number)s has the text of revision %(old)s. It is not live yet.", number=number, old=old))
    return redirect(url_for("staff.review", revision=there), 303)


@bp.post("/campaigns/<campaign>/documents/<document>/start-again", endpoint="start_again")
@requires(Role.WRITER)
def started_again(campaign: str, document: str) -> ResponseReturnValue:
    """Go on from what is live: it becomes the newest revision, and one's own draft is put away."""
    _check_form()
    with immediate(services().sessions) as session:
        row = find_document(session, campaign, document)
        if row is None:
            abort(404)
        try:
            made = publication.start_again(session, row, by=_me(session), now=services().now())
        except IsArchived:
            made = None
    flash(_("You start again from what is live.") if made else _("Nothing was changed."))
    if made and document not in {"campaign", "findings", "safety"}:
        return redirect(url_for("staff.letter", campaign=campaign, letter=document), 303)
    return redirect(url_for("staff.history", campaign=campaign, document=document), 303)


@bp.post("/schedules/<int:schedule>/cancel", endpoint="schedule_cancel")
@requires(Role.PUBLISHER)
def unscheduled(schedule: int) -> ResponseReturnValue:
    """Cancel a scheduled publication; what it holds is in review again."""
    _check_form()
    with immediate(services().sessions) as session:
        row = session.get(Schedule, schedule)
        if row is None:
            abort(404)
        done, campaign = publication.cancel_schedule(session, row, by=_me(session), now=services().now()), row.campaign
        way = url_for("staff.campaign_publish", campaign=campaign.name)
        if not row.whole:
            way = url_for("staff.review", revision=row.revisions[0])
    flash(_("The scheduled publication is cancelled.") if done else _("Nothing was changed."))
    return redirect(way, 303)


def _page(
    session: Session,
    row: Revision,
    *,
    ask: RequestForm | None = None,
    answer: AnswerForm | None = None,
    comment: CommentForm | None = None,
    refused: NotAllowed | None = None,
) -> str:
    language, document = current_language(), row.document
    live = live_revision(session, document.id)
    now, new = stored_folder(session, document.campaign.name), as_read(session, row)
    rows, problems, today = differences(now, new, document.name), problems_of(new), day_of(services().now())
    since = live.number if live else 0
    writers = history.entries(session, document, before=row.number + 1)
    forms = {
        "ask": ask or RequestForm(publication.reviewers(session, [row]), formdata=None),
        "answer": answer or AnswerForm(formdata=None),
        "comment": comment or CommentForm(formdata=None, data={"language": language.value}),
    }
    return render_template(
        "staff/review.html",
        **forms,
        errors=[error for form in forms.values() for error in form_errors(form)],
        bills=bills_of(session, document.campaign.name),
        revision=row,
        document=document,
        named=in_language(title_of(row), language),
        is_letter=document.name in new.letters(),
        campaign_there=bool(now.files),
        live=live,
        rows=[one for one in rows if one.changed or "all" in request.args],
        unchanged=sum(not one.changed for one in rows),
        showing_all="all" in request.args,
        problems=campaign_notes(problems, new, language),
        advice=advice_notes(new, [document.name], language),
        fits_together=bool(problems) and publication.fits_together(session, row),
        ends=[
            (in_language(one, language), in_language(two, language))
            for one, two in out_of_season(now, new, today=today)
        ],
        breaking=[in_language(one, language) for one in breaking(now, new)],
        cited=cited(now, new) if document.name == "findings" else [],
        writers=[one for one in writers if one.number > since] or writers[:1],
        conversation=review.conversation_of(session, row.id),
        sentences=publication.SENTENCES,
        refused=refused.message.in_language(language) if refused else "",
        **_verbs(session, row, live),
        **_samples(session, new, row),
    )


def _verbs(session: Session, row: Revision, live: Revision | None) -> Mapping[str, Any]:
    """Return what whoever looks may do with the revision, and what keeps it from being published."""
    me, proposal = current_account(), publication.proposal_of(session, row)
    alone = rules.alone(session, row.document.campaign.name)
    wrote = me.id in review.authors_of(session, [row.id])[row.id]
    is_asking = proposal is not None and proposal.asked_by == me.id
    stale = None
    try:
        publication.refuse_stale(session, [row])
    except NotAllowed as refused:
        stale = refused
    is_open = proposal is not None and proposal.answer is None
    unasked = stale is None and (proposal is None or proposal.answer == review.WITHDRAWN)
    is_changed = live is None or live.digest != row.digest
    may_ask = unasked and is_changed and bool(publication.requestable(session, [row], me))
    is_reviewer = me.role.may(Role.PUBLISHER) and (alone or not (wrote or is_asking))
    schedule = next(
        (one for one in publication.schedules(session, row.document.campaign.name) if row.id in one.revisions), None
    )
    own = publication.SENTENCES[Refusal.OWN if wrote else Refusal.OWN_REQUEST].in_language(current_language())
    return {
        "proposal": proposal,
        "alone": alone,
        "wrote": wrote,
        "is_open": is_open,
        "is_archived": is_archived(row.document),
        "own": own if is_open and (wrote or is_asking) and not alone else "",
        "stale": stale.message.in_language(current_language()) if stale and stale.code is Refusal.STALE else "",
        "may_publish": is_reviewer and stale is None and (is_open or (alone and may_ask)),
        "may_ask": may_ask,
        "for_its_writers": publication.SENTENCES[Refusal.FOR_ITS_WRITERS].in_language(current_language())
        if unasked and is_changed and not may_ask
        else "",
        "may_withdraw": bool(publication.withdrawable(session, [row], me)),
        "may_edit": row.id == newest_id(session, row.document),
        "schedule": schedule,
    }


def _samples(session: Session, folder: CampaignFolder, row: Revision) -> Mapping[str, Any]:
    """Compose the letters of the page: of this letter, or of the first one where a campaign's own file is looked at."""
    letters, language = folder.letters(), current_language()
    name = row.document.name if row.document.name in letters else request.args.get("letter", "")
    name = name if name in letters else next(iter(letters), "")
    made = showing(session, folder, [name] if name else [], asked=request.args, language=language)
    return {
        "showing": made,
        "sheets": made.letters[0][1] if made.letters else (),
        "kinds": made.kinds if made.letters else (),
        "letter": name,
        "letters": []
        if row.document.name in letters
        else [(name, letter.title.spoken(language)) for name, letter in folder.readable_letters().items()],
    }


def _place(session: Session, row: Revision, form: CommentForm) -> Mapping[str, Any]:
    """Return the paragraph that a comment is on, and its first words; nothing where it is on all of the revision."""
    typed = form.paragraph.data or ""
    if not (typed.isascii() and typed.isdigit() and len(typed) < 4):
        return {}
    letter, language, paragraph = row.document.name, Language(form.language.data), int(typed)
    words = paragraph_words(as_read(session, row), letter, section=paragraph, language=language)
    return {"file": f"{letter}/{TEXTS[language]}", "paragraph": paragraph, "quote": words} if words else {}


def _check_form() -> None:
    if not StaffForm().validate_on_submit():
        abort(400)


def _row(session: Session, revision: int) -> Revision:
    row = session.get(Revision, revision) if revision < 2**31 else None
    if row is None:
        abort(404)
    return row


def _me(session: Session) -> Account:
    return session.get_one(Account, current_account().id)
