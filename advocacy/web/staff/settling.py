"""What becomes of a draft as a whole: given up, brought back, or stood over what somebody else saved."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from advocacy.database import immediate
from advocacy.staff import drafts
from advocacy.staff.models import Draft
from advocacy.web.services import services
from advocacy.web.staff import beside, conflicts, editor_form
from advocacy.web.staff.access import staff, writer
from advocacy.web.staff.letter_work import Work, opened


def add_settling(routes: Blueprint) -> None:
    """Make the route."""
    routes.post("/campaigns/<campaign>/letters/<letter>/draft", endpoint="settle")(settle)


@writer
def settle(campaign: str, letter: str) -> Response:
    """Decide over a draft as a whole: give it up, bring another back, or stand it over somebody's revision."""
    version, act = editor_form.number(request.form, "version"), request.form.get("act", "")
    with immediate(services().sessions) as session:
        work = opened(session, campaign, letter, account_id=staff().id)
        if work.draft is None or work.draft.version != version:
            flash(_("The draft was saved meanwhile: look again."))
        elif not _settled(session, work, work.draft, act=act):
            abort(400)
    return redirect(url_for("staff.letter", campaign=campaign, letter=letter), 303)


def _settled(session: Session, work: Work, draft: Draft, *, act: str) -> bool:
    """Carry out one decision; tell whether it is one."""
    newest = drafts.newest(session, work.document)
    if act == "discard":
        drafts.put_away(session, draft)
        flash(_("Draft discarded. The page shows revision %(number)d.", number=newest.number))
    elif act == "back":
        drafts.bring_back(draft)
        flash(_("The draft that was set aside is back; the other one is set aside in its place."))
    elif act == "take":
        drafts.give_way(draft, newest, drafts.files_of(session, newest.id))
        flash(
            _(
                "The page shows revision %(number)d. Your draft is set aside, and you can restore it.",
                number=newest.number,
            )
        )
    elif act == "keep":
        drafts.stand_over(draft, newest)
        flash(_("Your text hasn’t changed."))
    elif act == "compared":
        drafts.put_beside(draft, None)
        flash(_("Your text hasn’t changed."))
    elif act == "join":
        _join(session, work, draft)
    else:
        return False
    return True


def _join(session: Session, work: Work, draft: Draft) -> None:
    both, joined = conflicts.both_changed(session, work), conflicts.joined(session, work)
    if joined is None:
        flash(_("The two texts can’t be combined paragraph by paragraph. Nothing was changed."))
        return
    newest = drafts.saved(session, drafts.newest(session, work.document).id)
    drafts.put_in(draft, joined.typed, beside=beside.noted(both, joined, newest))
    drafts.stand_over(draft, drafts.newest(session, work.document))
    if both:
        flash(_("Combined. Where you both changed the same text, yours was kept; theirs is listed below."))
    else:
        flash(_("Combined: both texts are in your draft."))
