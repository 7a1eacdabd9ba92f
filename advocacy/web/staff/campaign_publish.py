"""All that waits in a campaign: seen together, sent for review together, and published at one moment."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.campaigns.breaking import breaking, out_of_season
from advocacy.campaigns.differences import differences
from advocacy.campaigns.documents import problems_of, title_of
from advocacy.campaigns.library import wait_for_turn
from advocacy.campaigns.models import Revision
from advocacy.campaigns.stored_campaigns import StoredCampaign, stored_campaigns
from advocacy.database import immediate
from advocacy.language import day_of
from advocacy.messages import in_language
from advocacy.staff import history, publication, review, rules
from advocacy.staff.models import Account
from advocacy.staff.publication import NotAllowed, Refusal
from advocacy.staff.roles import Role
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import current_account, requires
from advocacy.web.staff.bill import bills_of
from advocacy.web.staff.blueprint import bp
from advocacy.web.staff.forms import StaffForm, form_errors
from advocacy.web.staff.letter_titles import name_of
from advocacy.web.staff.problems import advice_notes, campaign_notes
from advocacy.web.staff.review_forms import AnswerForm, RequestForm, carry_out
from advocacy.web.staff.sample_sheets import showing

MAX_SAMPLES = 8
"""How many letters one page shows as they would be sent; the others are one click away."""


@bp.get("/campaigns/<campaign>/publish", endpoint="campaign_publish")
@requires(Role.WRITER)
def shown(campaign: str) -> ResponseReturnValue:
    """Show what waits, beside what is live."""
    with services().sessions() as session:
        return _page(session, campaign)


@bp.post("/campaigns/<campaign>/ask", endpoint="campaign_ask")
@requires(Role.WRITER)
def requested(campaign: str) -> ResponseReturnValue:
    """Send all that waits and is one's own for review."""
    with immediate(services().sessions) as session:
        wait_for_turn(session)
        by = session.get_one(Account, current_account().id)
        unrequested = _unrequested(session, campaign)
        mine = publication.requestable(session, unrequested, by)
        form = RequestForm(publication.reviewers(session, mine))
        if not form.validate_on_submit():
            return _page(session, campaign, ask=form), 422
        reviewer, note = form.people.get(form.reviewer.data), (form.request_note.data or "").strip()
        try:
            if unrequested and not mine:
                raise NotAllowed(Refusal.FOR_ITS_WRITERS)
            if mine:
                publication.request_review(session, mine, by=by, now=services().now(), reviewer=reviewer, note=note)
        except NotAllowed as refused:
            return _page(session, campaign, ask=form, refused=refused), 422
    rest = len(unrequested) - len(mine)
    if mine:
        flash(ngettext("%(num)d document sent for review.", "%(num)d documents sent for review.", len(mine)))
    else:
        flash(_("All of it is in review already."))
    if rest:
        flash(
            ngettext(
                "%(num)d document was left out: only someone who wrote part of it can send it.",
                "%(num)d documents were left out: only someone who wrote part of each can send it.",
                rest,
            )
        )
    return redirect(url_for("staff.campaign_publish", campaign=campaign), 303)


@bp.post("/campaigns/<campaign>/withdraw", endpoint="campaign_withdraw")
@requires(Role.WRITER)
def withdrawn(campaign: str) -> ResponseReturnValue:
    """Take back what is in review and one's own."""
    if not StaffForm().validate_on_submit():
        abort(400)
    with immediate(services().sessions) as session:
        wait_for_turn(session)
        by = session.get_one(Account, current_account().id)
        mine = publication.withdrawable(session, publication.to_publish(session, campaign), by)
        publication.withdraw(session, mine, by=by, now=services().now())
    flash(_("Request withdrawn. The text hasn’t changed.") if mine else _("Nothing was changed."))
    return redirect(url_for("staff.campaign_publish", campaign=campaign), 303)


@bp.post("/campaigns/<campaign>/publish", endpoint="campaign_published")
@requires(Role.PUBLISHER)
def answered(campaign: str) -> ResponseReturnValue:
    """Publish all of it now or at a moment, or ask for changes, where it is still what was shown."""
    form = AnswerForm()
    with immediate(services().sessions) as session:
        wait_for_turn(session)
        if not form.validate_on_submit() or not form.shown:
            return _page(session, campaign, answer=form), 422
        which = select(Revision).where(Revision.id.in_(form.shown))
        revisions = [one for one in session.scalars(which) if one.document.campaign.name == campaign]
        if not revisions:
            abort(422)
        try:
            carry_out(session, form, revisions, by=session.get_one(Account, current_account().id), whole=True)
        except NotAllowed as refused:
            if refused.code is not Refusal.NOTHING:  # the second press of the same button
                return _page(session, campaign, answer=form, refused=refused), 422
    return redirect(url_for("staff.campaign", campaign=campaign), 303)


def _page(
    session: Session,
    campaign: str,
    *,
    ask: RequestForm | None = None,
    answer: AnswerForm | None = None,
    refused: NotAllowed | None = None,
) -> str:
    kept = stored_campaigns(session, campaign).get(campaign)
    if kept is None:
        abort(404)
    language, me = current_language(), current_account()
    everything = publication.waiting(session, campaign)
    answers = {one.revision_id: one.answer for one in publication.proposals_of(session, everything)}
    revisions = [one for one in everything if answers.get(one.id) != review.RETURNED]
    written = history.written_since_live(session, [one.id for one in revisions])
    old, new = kept.published(), kept.newest()
    why_not = publication.refusal(session, revisions, me)
    unrequested = [one for one in revisions if answers.get(one.id, review.WITHDRAWN) == review.WITHDRAWN]
    mine = publication.requestable(session, unrequested, me)
    ends = out_of_season(old, new, today=day_of(services().now()))
    forms = {
        "ask": ask or RequestForm(publication.reviewers(session, mine), formdata=None),
        "answer": answer or AnswerForm(formdata=None),
    }
    return render_template(
        "staff/campaign_publish.html",
        **forms,
        errors=[error for form in forms.values() for error in form_errors(form)],
        campaign_key=campaign,
        bills=bills_of(session, campaign),
        called=name_of(new, language),
        documents=[
            _document(kept, one, written[one.id], in_review=answers.get(one.id, "") is None) for one in revisions
        ],
        returned=[(one, in_language(title_of(one), language)) for one in everything if one not in revisions],
        notes=campaign_notes(problems_of(kept.newest()), kept.newest(), language),
        advice=advice_notes(new, [one.document.name for one in revisions], language),
        ends=[(in_language(first, language), in_language(more, language)) for first, more in ends],
        breaking=[in_language(one, language) for one in breaking(old, new)],
        refused=refused.message.in_language(language) if refused else "",
        why_not=why_not.message.in_language(language) if why_not else "",
        may_ask=bool(mine) and why_not is not None and why_not.code is Refusal.UNREQUESTED,
        may_withdraw=bool(publication.withdrawable(session, revisions, me)),
        may_answer=me.role.may(Role.PUBLISHER)
        and not unrequested
        and (why_not is None or why_not.code is Refusal.PROBLEMS),
        schedules=publication.schedules(session, campaign),
        alone=rules.alone(session, campaign),
        **_samples(session, kept, revisions),
    )


def _document(
    kept: StoredCampaign, revision: Revision, written: Sequence[history.Written], *, in_review: bool
) -> Mapping[str, Any]:
    own = kept.documents[revision.document.name]
    return {
        "title": in_language(title_of(revision), current_language()),
        "revision": revision,
        "live": own.live,
        "in_review": in_review,
        "writers": written,
        "new": own.live is None,
        "rows": [row for row in differences(kept.published(), kept.newest(), own.name) if row.changed],
    }


def _unrequested(session: Session, campaign: str) -> Sequence[Revision]:
    """Return what waits in a campaign and is not in review."""
    revisions = publication.to_publish(session, campaign)
    if not revisions and campaign not in stored_campaigns(session, campaign):
        abort(404)
    asked = {one.revision_id for one in publication.proposals_of(session, revisions) if one.answer is None}
    return [one for one in revisions if one.id not in asked]


def _samples(session: Session, kept: StoredCampaign, revisions: Sequence[Revision]) -> Mapping[str, Any]:
    """Show the letters that wait, or the one that was chosen; another file that waits may change any of them."""
    language, folder = current_language(), kept.newest()
    new = [one.document.name for one in revisions if kept.documents[one.document.name].is_letter]
    offered = [
        (name, letter.title.spoken(language))
        for name, letter in folder.readable_letters().items()
        if name in new or len(new) < len(revisions)
    ]
    wanted = request.args.get("letter", "")
    chosen = wanted if wanted in dict(offered) else ""
    names: Sequence[str] = [chosen] if chosen else new[:MAX_SAMPLES] or list(dict(offered))[:1]
    return {
        "showing": showing(session, folder, names, asked=request.args, language=language),
        "letters": offered,
        "letter": chosen,
    }
