"""The review of one revision, or of all that waits in a campaign: what it changes, the checks, samples, the answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select
from wtforms import DateField, HiddenField, SelectField, SelectMultipleField, TextAreaField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, DataRequired, Length, Optional

from advocacy.campaigns.campaign_folder import OWN_DOCUMENTS, CampaignFolder
from advocacy.campaigns.differences import cell_words, compare_documents
from advocacy.campaigns.documents import (
    document_title,
    find_document,
    folder_problems,
    folder_with_revision,
    folder_with_revisions,
)
from advocacy.campaigns.library import lock_campaigns, readable_folder, stored_folder
from advocacy.campaigns.models import Revision
from advocacy.campaigns.revision_effects import breaking_changes, changed_citations, season_changes
from advocacy.language import EASTERN, SIDE_BY_SIDE, Language, day_of
from advocacy.legislators.models import Legislator, Status
from advocacy.messages import format_moment
from advocacy.settings import MailMode
from advocacy.staff import publication, reviews
from advocacy.staff.models import Account, ReviewEntry, Role, Schedule
from advocacy.staff.publication import MAX_NOTE, NotAllowed, Options, Refusal
from advocacy.staff.publication_status import CampaignStatus, campaign_statuses
from advocacy.staff.reviews import MAX_COMMENT, Event
from advocacy.staff.revisions import IsArchived, restore, written_since_live
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import bp, current_account, or_404, requires
from advocacy.web.staff.bill_stage import bills_of
from advocacy.web.staff.forms import LANGUAGE_NAMES, StaffForm, check_token, form_errors
from advocacy.web.staff.problem_notes import advice_notes, campaign_notes
from advocacy.web.staff.sample_letters import compose_samples
from advocacy.web.staff.texts import campaign_name

PUBLISH, SCHEDULE, CHANGES = "publish", "schedule", "changes"
MAX_AHEAD = timedelta(days=366)
MAX_SAMPLES = 8
"""How many letters one page shows as they would be sent; the others are one click away."""
SHOWN_OTHERWISE = {
    *(Refusal.NOTHING, Refusal.ARCHIVED, Refusal.LIVE, Refusal.PUBLISHED, Refusal.SENT_BACK, Refusal.PROBLEMS),
    Refusal.NOT_YOURS,
}
"""What keeps somebody from publishing and needs no sentence: the page shows it, or they never could."""
_TOO_LONG = _l("At most %(most)s characters.", most=MAX_NOTE)


class RequestForm(StaffForm):
    """Whom to send it to, and a note to them."""

    reviewer = SelectField(_l("Reviewer"), coerce=int, default=0)
    request_note = TextAreaField(
        _l("Note to the reviewer"), validators=[Optional(), Length(max=MAX_NOTE, message=_TOO_LONG)]
    )

    def __init__(self, people: Sequence[Account], **options: Any) -> None:
        super().__init__(**options)
        self.people = {one.id: one for one in people}
        self.reviewer.choices = [
            SelectChoice(0, _("Anyone who may publish")),
            *(SelectChoice(one.id, one.name) for one in people),
        ]


class AnswerForm(StaffForm):
    """Publish now, schedule, or ask for changes; `revision` are those that the page of a campaign showed."""

    note = TextAreaField(_l("Note to the author"), validators=[Optional(), Length(max=MAX_NOTE, message=_TOO_LONG)])
    day = DateField(_l("Day"), validators=[Optional()])
    hour = TimeField(_l("Hour (Ottawa)"), validators=[Optional()])
    act = HiddenField(validators=[AnyOf((PUBLISH, SCHEDULE, CHANGES))])
    revision = SelectMultipleField(coerce=int, validate_choice=False)

    @property
    def at(self) -> datetime | None:
        """The moment that was chosen, None while a part of it is missing."""
        day, hour = self.day.data, self.hour.data
        return datetime.combine(day, hour, EASTERN) if day and hour else None

    def validate(self, extra_validators: Any = None) -> bool:
        """Require a note with changes, and a future moment for a schedule."""
        valid = super().validate(extra_validators)
        self.note.data = (self.note.data or "").strip()
        if self.act.data == CHANGES and not self.note.data:
            self.note.errors = [*self.note.errors, _("Add a note: say what should change.")]
        if self.act.data == SCHEDULE:
            now = services().now()
            if self.at is None:
                if not self.day.errors and not self.hour.errors:
                    self.day.errors = [_("Choose a day and an hour.")]
            elif not now < self.at <= now + MAX_AHEAD:
                self.day.errors = [_("Choose a moment to come, within a year.")]
        return valid and not (self.note.errors or self.day.errors or self.hour.errors)


class CommentForm(StaffForm):
    """A comment, on a passage of the letter in a language or on all of it."""

    text = TextAreaField(
        _l("Comment"), validators=[DataRequired(_l("Write a comment.")), Length(max=MAX_COMMENT, message=_TOO_LONG)]
    )
    language = SelectField(
        _l("On the text in"), choices=[SelectChoice(one.value, LANGUAGE_NAMES[one]) for one in SIDE_BY_SIDE]
    )


@dataclass(frozen=True, slots=True)
class Review:
    """What is reviewed: one `revision`, or with None all that waits in a campaign except what was sent back.

    `live` is the campaign as it is live, `new` as it would be.
    """

    campaign: str
    revision: Revision | None
    revisions: Sequence[Revision]
    sent_back: Sequence[Revision]
    status: CampaignStatus
    live: CampaignFolder
    new: CampaignFolder
    options: Options

    @property
    def address(self) -> str:
        """The address of its page."""
        if self.revision:
            return url_for("staff.review", revision=self.revision.id)
        return url_for("staff.campaign_publish", campaign=self.campaign)

    @property
    def why_not(self) -> NotAllowed | None:
        """What keeps whoever looks from publishing, where a sentence has to say so."""
        refused = self.options.refusal
        if refused is None or refused.code in SHOWN_OTHERWISE:
            return None
        sendable = refused.code is Refusal.UNREQUESTED and self.options.requestable == self.options.unrequested
        return None if sendable else refused


@bp.get("/review/<int:revision>/publish", endpoint="review")
@bp.get("/campaigns/<campaign>/publish", endpoint="campaign_publish")
@requires(Role.WRITER)
def review_page(**names: Any) -> ResponseReturnValue:
    """Show what would be published, beside what is live."""
    return _page(_find(**names))


@bp.post("/review/<int:revision>/publish", endpoint="review_publish")
@bp.post("/campaigns/<campaign>/publish", endpoint="campaign_published")
@requires(Role.PUBLISHER)
def answer_request(**names: Any) -> ResponseReturnValue:
    """Publish now or at a moment, or ask for changes; all of a campaign where it is still what was shown."""
    form = AnswerForm()
    lock_campaigns(g.session)
    found = _find(**names)
    if not form.validate_on_submit():
        return _page(found, answer=form), 422
    try:
        _carry_out(form, found)
    except NotAllowed as refused:
        g.session.rollback()
        if found.revision or refused.code is not Refusal.NOTHING:  # the second press of the same button
            return _page(found, answer=form, refused=refused), 422
    if found.revision is None:
        return redirect(url_for("staff.campaign", campaign=found.campaign), 303)
    if form.act.data == CHANGES:
        return redirect(found.address, 303)
    document = found.revision.document.name
    return redirect(url_for("staff.history", campaign=found.campaign, document=document), 303)


@bp.post("/review/<int:revision>/ask", endpoint="review_ask")
@bp.post("/campaigns/<campaign>/ask", endpoint="campaign_ask")
@requires(Role.WRITER)
def request_review(**names: Any) -> ResponseReturnValue:
    """Send a revision for review, or all that waits in a campaign and is one's own."""
    lock_campaigns(g.session)
    found, by, now = _find(**names), current_account(), services().now()
    mine, unrequested = found.options.requestable, found.options.unrequested
    revisions = found.revisions if found.revision else mine or unrequested
    form = RequestForm(publication.reviewers(g.session, revisions))
    if not form.validate_on_submit():
        return _page(found, ask=form), 422
    reviewer, note = form.people.get(form.reviewer.data), (form.request_note.data or "").strip()
    try:
        if revisions:
            publication.request_review(g.session, revisions, by=by, now=now, reviewer=reviewer, note=note)
    except NotAllowed as refused:
        g.session.rollback()
        return _page(found, ask=form, refused=refused), 422
    number, rest = len(revisions), len(unrequested) - len(revisions)
    if number and not form.people:
        flash(_("Sent for review, but nobody else can publish this yet. A manager can invite someone."))
    elif number:
        flash(
            ngettext(
                "Sent for review. The reviewer is told by e-mail.",
                "%(num)d documents sent for review. The reviewer is told by e-mail.",
                number,
            )
        )
    else:
        flash(_("All of it is in review already."))
    if rest > 0:
        flash(
            ngettext(
                "%(num)d document was left out: only someone who wrote part of it can send it.",
                "%(num)d documents were left out: only someone who wrote part of each can send it.",
                rest,
            )
        )
    return redirect(found.address, 303)


@bp.post("/review/<int:revision>/withdraw", endpoint="review_withdraw")
@bp.post("/campaigns/<campaign>/withdraw", endpoint="campaign_withdraw")
@requires(Role.WRITER)
def withdraw_request(**names: Any) -> ResponseReturnValue:
    """Withdraw a request for review, or all of one's own in a campaign."""
    check_token()
    lock_campaigns(g.session)
    found = _find(**names)
    revisions = found.revisions if found.revision else found.options.withdrawable
    try:
        publication.withdraw(g.session, revisions, by=current_account(), now=services().now())
    except NotAllowed as refused:
        g.session.rollback()
        return _page(found, refused=refused), 422
    flash(_("Request withdrawn. The text hasn’t changed.") if revisions else _("Nothing was changed."))
    return redirect(found.address, 303)


@bp.post("/review/<int:revision>/comment", endpoint="review_comment")
@requires(Role.WRITER)
def add_comment(revision: int) -> ResponseReturnValue:
    """Comment on a revision, or on one passage of its letter."""
    form = CommentForm()
    row = or_404(g.session.get(Revision, revision))
    if not form.validate_on_submit():
        return _page(_find(revision), comment=form), 422
    cell, language = request.form.get("cell", ""), Language(form.language.data)
    quote = cell_words(folder_with_revision(g.session, row), row.document.name, cell=cell, language=language)
    place: dict[str, Any] = {"cell": cell, "language": language, "quote": quote} if quote else {}
    now, text = services().now(), form.text.data.strip()
    reviews.comment(g.session, row, text=text, by=current_account(), now=now, **place)
    flash(_("Comment added."))
    return redirect(url_for("staff.review", revision=revision, _anchor="conversation"), 303)


@bp.post("/review/<int:revision>/comments/<int:comment>", endpoint="review_resolve")
@requires(Role.WRITER)
def resolve_comment(revision: int, comment: int) -> ResponseReturnValue:
    """Mark a comment as resolved, or open it again."""
    check_token()
    row = or_404(g.session.get(Revision, revision))
    entry = g.session.get(ReviewEntry, comment)
    if entry is None or entry.document_id != row.document_id or entry.kind != Event.COMMENT:
        abort(404)
    done = entry.resolved_at is None
    reviews.resolve(g.session, entry, by=current_account(), now=services().now(), resolved=done)
    flash(_("Comment resolved.") if done else _("Comment open again."))
    return redirect(url_for("staff.review", revision=revision, _anchor="conversation"), 303)


@bp.post("/review/<int:revision>/restore", endpoint="review_restore")
@requires(Role.WRITER)
def restore_revision(revision: int) -> ResponseReturnValue:
    """Save the text of an old revision as a new one, and show what it would change."""
    check_token()
    row = or_404(g.session.get(Revision, revision))
    try:
        made = restore(g.session, row, by=current_account(), now=services().now())
    except IsArchived:
        g.session.rollback()
        return _page(_find(revision), refused=NotAllowed(Refusal.ARCHIVED)), 422
    number, old, new_id = made.number, row.number, made.id
    flash(_("Revision %(number)s has the text of revision %(old)s. It is not live yet.", number=number, old=old))
    return redirect(url_for("staff.review", revision=new_id), 303)


@bp.post("/campaigns/<campaign>/documents/<document>/start-again", endpoint="start_again")
@requires(Role.WRITER)
def start_again(campaign: str, document: str) -> ResponseReturnValue:
    """Go on from what is live: it becomes the newest revision, and the draft is put away."""
    check_token()
    row = or_404(find_document(g.session, campaign, document))
    try:
        made = publication.restart_from_live(g.session, row, by=current_account(), now=services().now())
    except IsArchived:
        g.session.rollback()
        made = None
    flash(_("You start again from what is live.") if made else _("Nothing was changed."))
    if made and document not in OWN_DOCUMENTS.values():
        return redirect(url_for("staff.letter", campaign=campaign, letter=document), 303)
    return redirect(url_for("staff.history", campaign=campaign, document=document), 303)


@bp.post("/schedules/<int:schedule>/cancel", endpoint="schedule_cancel")
@requires(Role.PUBLISHER)
def cancel_schedule(schedule: int) -> ResponseReturnValue:
    """Cancel a scheduled publication; what it holds is in review again."""
    check_token()
    row = or_404(g.session.get(Schedule, schedule))
    done = publication.cancel_schedule(g.session, row, by=current_account(), now=services().now())
    address = url_for("staff.review", revision=row.revisions[0])
    if row.whole:
        address = url_for("staff.campaign_publish", campaign=row.campaign.name)
    flash(_("The scheduled publication is cancelled.") if done else _("Nothing was changed."))
    return redirect(address, 303)


def _find(revision: int | None = None, campaign: str = "") -> Review:
    row = None if revision is None else or_404(g.session.get(Revision, revision))
    name = row.document.campaign.name if row else campaign
    status = or_404(campaign_statuses(g.session, name).get(name))
    revisions = [row] if row else publication.to_publish(g.session, name)
    sent_back = [] if row else [one for one in publication.pending_revisions(g.session, name) if one not in revisions]
    live, new = stored_folder(g.session, name), folder_with_revisions(readable_folder(g.session, name), revisions)
    options = publication.options(g.session, revisions, current_account(), sends=_sends())
    return Review(name, row, revisions, sent_back, status, live, new, options)


def _sends() -> bool:
    return services().settings.mail_mode is not MailMode.FOLDER


def _carry_out(form: AnswerForm, found: Review) -> None:
    """Publish, schedule or ask for changes as a valid form says; raise NotAllowed."""
    by, now, note, name = current_account(), services().now(), form.note.data, found.campaign
    whole, shown = found.revision is None, form.revision.data or ()
    revisions = publication.selected_revisions(g.session, name, shown) if whole else found.revisions
    ids = frozenset(one.id for one in revisions)
    if form.act.data == CHANGES:
        publication.ask_for_changes(g.session, revisions, by=by, now=now, note=note)
        flash(_("Changes asked. The author is told by e-mail."))
    elif form.act.data == SCHEDULE and form.at:
        publication.schedule(g.session, name, ids, at=form.at, by=by, now=now, whole=whole, note=note, sends=_sends())
        flash(_("Scheduled for %(moment)s.", moment=format_moment(form.at, current_language())))
    elif published := publication.publish(
        g.session,
        name,
        ids,
        by=by,
        now=now,
        whole=whole,
        note=note,
        sends=_sends(),
    ):
        flash(ngettext("It is live now.", "%(num)d documents are live now.", len(published)))


def _page(
    found: Review,
    *,
    ask: RequestForm | None = None,
    answer: AnswerForm | None = None,
    comment: CommentForm | None = None,
    refused: NotAllowed | None = None,
) -> str:
    language, live, new = current_language(), found.live, found.new
    forms = {
        "ask": ask or RequestForm(publication.reviewers(g.session, found.options.requestable), formdata=None),
        "answer": answer or AnswerForm(formdata=None),
        "comment": comment or CommentForm(formdata=None, data={"language": language.value}),
    }
    schedules = publication.schedules(g.session, found.campaign)
    people = select(Legislator).where(Legislator.campaign == found.campaign, Legislator.status != Status.LEFT)
    return render_template(
        "staff/review.html" if found.revision else "staff/campaign_publish.html",
        review=found,
        options=found.options,
        campaign_key=found.campaign,
        named=campaign_name(new),
        title_of=document_title,
        **forms,
        errors=[error for form in forms.values() for error in form_errors(form)],
        refused=refused,
        Refusal=Refusal,
        bills=bills_of(g.session, found.campaign),
        problems=campaign_notes(folder_problems(new), new),
        advice=advice_notes(new, [one.document.name for one in found.revisions]),
        ends=season_changes(live, new, today=day_of(services().now())),
        breaking=breaking_changes(live, new),
        writers=written_since_live(g.session, [one.id for one in found.revisions]),
        schedules=[one for one in schedules if found.revision is None or found.revision.id in one.revisions],
        own_list=[] if live.files else g.session.scalars(people.order_by(Legislator.name)).all(),
        **_samples(found),
        **(_details(found, found.revision) if found.revision else {"compare": compare_documents}),
    )


def _details(found: Review, revision: Revision) -> Mapping[str, Any]:
    """Return what the page of one revision shows besides: all its passages, the conversation, what may become of it.

    Whoever commented on an earlier revision that someone else wrote is shown what changed since then; all that changes
    from what is live is one click away. A passage with an open comment is shown though it did not change.
    """
    document, me = revision.document, current_account()
    conversation = reviews.conversation_of(g.session, revision.id)
    live_number = found.status.documents[document.name].live or 0
    reviewed = max(
        (
            one.revision
            for one in conversation
            if one.account_id == me.id and one.kind in {Event.COMMENT, Event.CHANGES} and not found.options.wrote
            if live_number < one.revision.number < revision.number
        ),
        key=lambda one: one.number,
        default=None,
    )
    since = None if request.args.get("since") == "live" else reviewed
    rows = compare_documents(folder_with_revision(g.session, since) if since else found.live, found.new, document.name)
    shows_all, problems, under = "all" in request.args, folder_problems(found.new), []
    for one in conversation:
        if one.kind == Event.COMMENT and not one.resolved_at and one.cell is not None:
            beside = sorted((row for row in rows if row.cell == one.cell), key=lambda row: not row.changed)
            under += [(row, one) for row in beside[:1]]
    return {
        "revision": revision,
        "document": document,
        "rows": [one for one in rows if one.changed or shows_all or any(one is row for row, _comment in under)],
        "unchanged": sum(not one.changed for one in rows),
        "shows_all": shows_all,
        "reviewed": reviewed,
        "since": since,
        "cited": changed_citations(found.live, found.new) if document.name == "findings" else [],
        "conversation": conversation,
        "under": under,
        "proposal": publication.proposal_of(g.session, revision),
        "requests": publication.open_requests(g.session, document.id),
        "fits_together": bool(problems) and publication.fits_together(g.session, revision),
    }


def _samples(found: Review) -> Mapping[str, Any]:
    """Show the letters that are reviewed, or the one that was chosen; another file may change any of them."""
    language = current_language()
    new = [one.document.name for one in found.revisions if one.document.name not in OWN_DOCUMENTS.values()]
    offered = [
        (name, letter.title.in_language(language))
        for name, letter in found.new.readable_letters().items()
        if name in new or len(new) < len(found.revisions)
    ]
    name = request.args.get("letter", "")
    chosen = name if name in dict(offered) else ""
    names = [chosen] if chosen else new[:MAX_SAMPLES] or list(dict(offered))[:1]
    return {
        "samples": compose_samples(g.session, found.new, names, query=request.args, language=language),
        "letters": offered,
        "letter": chosen or ("" if len(names) > 1 else "".join(names)),
        "is_chosen": bool(chosen),
    }
