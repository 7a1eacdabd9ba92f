"""What the page of one revision shows: its difference from what is live, the checks, who wrote it, sample letters."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from advocacy.campaigns.folder import CampaignFolder
from advocacy.campaigns.library import stored_folder
from advocacy.campaigns.models import Revision
from advocacy.language import Wording, day_of
from advocacy.staff import history, publishing, rules, standing
from advocacy.staff.breaking import breaking, out_of_season
from advocacy.staff.cited import cited
from advocacy.staff.differences import differences
from advocacy.staff.models import Proposal
from advocacy.staff.roles import Role
from advocacy.staff.standing import NotAllowed
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import Staff
from advocacy.web.staff.advice_notes import folder_notes
from advocacy.web.staff.bill import bills_of
from advocacy.web.staff.campaign_notes import noted
from advocacy.web.staff.sample_sheets import kinds, showing, titles
from advocacy.web.staff.speaking import speak_when

Given = dict[str, Any]


def told(session: Session, row: Revision, known: Staff, *, asked: Mapping[str, str]) -> Given:
    """Give the page all it shows; `asked` names the sample wanted and whether unchanged passages are shown."""
    language, document = current_language(), row.document
    live = standing.live_revision(session, document.id)
    now, new = stored_folder(session, document.campaign.name), standing.as_read(session, row)
    proposal = publishing.proposal_of(session, row)
    rows = differences(now, new, document.name)
    problems = standing.problems_of(new)
    return {
        "folder": new,
        "bills": bills_of(session, document.campaign.name),
        "revision": row,
        "document": document,
        "campaign_there": bool(now.files),
        "live": live,
        "rows": [one for one in rows if one.changed or "all" in asked],
        "unchanged": sum(not one.changed for one in rows),
        "showing_all": "all" in asked,
        "problems": noted(problems, new, language),
        "advice": folder_notes(new, [document.name], language),
        "fits_together": bool(problems) and standing.fits_together(session, row),
        "ends": [(first.spoken(language), more.spoken(language)) for first, more in _ends(now, new)],
        "breaking": [one.spoken(language) for one in breaking(now, new)],
        "cited": cited(now, new) if document.name == "findings" else [],
        "writers": _writers(session, row, live),
        "proposal": proposal,
        "is_open": proposal is not None and proposal.answer is None,
        "when": lambda moment: speak_when(moment, language),
        **_standing(session, row, known, proposal=proposal),
        **_samples(session, new, row, asked=asked),
    }


def _ends(now: CampaignFolder, new: CampaignFolder) -> Sequence[tuple[Wording, Wording]]:
    return out_of_season(now, new, today=day_of(services().now()))


def _standing(session: Session, row: Revision, known: Staff, *, proposal: Proposal | None) -> Given:
    """Say what whoever looks may do with the revision, and what keeps it from being published."""
    language = current_language()
    alone = rules.alone(session, row.document.campaign.name)
    wrote = known.id in standing.authors(session, row)
    asked = known.id == standing.asked_by(session, row)
    stale = _refusal(session, row)
    may_publish = known.may(Role.PUBLISHER) and (alone or not (wrote or asked))
    is_open = proposal is not None and proposal.answer is None
    to_be_asked = stale is None and (proposal is None or proposal.answer == publishing.WITHDRAWN)
    may_ask = standing.may_ask(session, row, known.account)
    own = standing.OWN if wrote else standing.OWN_REQUEST
    return {
        "alone": alone,
        "wrote": wrote,
        "asked": asked,
        "own": own.spoken(language) if is_open and (wrote or asked) and not alone else "",
        "stale": stale.spoken(language) if stale else "",
        "may_publish": is_open and may_publish and stale is None,
        "may_ask": to_be_asked and may_ask,
        "for_its_writers": standing.FOR_ITS_WRITERS.spoken(language) if to_be_asked and not may_ask else "",
        "may_withdraw": is_open and (wrote or asked or known.may(Role.MANAGER)),
    }


def _refusal(session: Session, row: Revision) -> Wording | None:
    try:
        standing.refuse_stale(session, row)
    except NotAllowed as refused:
        return refused.wording
    return None


def _writers(session: Session, row: Revision, live: Revision | None) -> Sequence[history.Entry]:
    """Give the revisions since the live one, up to this one, with who wrote each."""
    since = live.number if live else 0
    found = history.entries(session, row.document, before=row.number + 1)
    return [one for one in found if one.number > since] or found[:1]


def _samples(session: Session, folder: CampaignFolder, row: Revision, *, asked: Mapping[str, str]) -> Given:
    """Compose the letters of the page: of this letter, or of the first one where a campaign's own file is looked at."""
    letters, language = folder.letters(), current_language()
    name = row.document.name if row.document.name in letters else asked.get("letter", "")
    name = name if name in letters else next(iter(letters), "")
    shown = showing(session, folder, [name] if name else [], asked=asked, language=language)
    return {
        "showing": shown,
        "sheets": shown.letters[0].sheets if shown.letters else (),
        "kinds": kinds(language) if shown.letters else (),
        "letter": name,
        "letters": [] if row.document.name in letters else titles(folder, language),
    }
