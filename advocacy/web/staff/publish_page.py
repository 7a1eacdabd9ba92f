"""What the page of one revision shows: its difference from what is live, the checks, who wrote it, sample letters."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from advocacy.campaigns.folder import CampaignFolder
from advocacy.campaigns.library import stored_folder
from advocacy.campaigns.models import Revision
from advocacy.language import Language, Wording
from advocacy.letters.moments import day_of
from advocacy.staff import history, publishing, rules, samples, standing
from advocacy.staff.breaking import breaking
from advocacy.staff.cited import cited
from advocacy.staff.differences import differences
from advocacy.staff.models import Proposal
from advocacy.staff.roles import Role
from advocacy.staff.samples import KINDS, Kind
from advocacy.staff.standing import NotAllowed
from advocacy.toml_source import TomlProblems
from advocacy.web.locale import current_language
from advocacy.web.public.sheet import laid_out
from advocacy.web.services import services
from advocacy.web.staff.door import Staff
from advocacy.web.staff.note_words import told as tell
from advocacy.web.staff.speaking import speak_when

Given = dict[str, Any]


def told(session: Session, row: Revision, known: Staff, *, asked: Mapping[str, str]) -> Given:
    """Give the page all it shows; `asked` names the sample wanted and whether unchanged passages are shown."""
    language, document = current_language(), row.document
    live = standing.live_revision(session, document.id)
    now, new = stored_folder(session, document.campaign.name), standing.with_revision(session, row)
    proposal = publishing.proposal_of(session, row)
    rows = differences(now, new, document.name)
    problems = standing.problems_of(new)
    return {
        "folder": new,
        "revision": row,
        "document": document,
        "campaign_there": bool(now.files),
        "live": live,
        "rows": [one for one in rows if one.changed or "all" in asked],
        "unchanged": sum(not one.changed for one in rows),
        "showing_all": "all" in asked,
        "problems": tell(problems, new, language),
        "breaking": [one.spoken(language) for one in breaking(now, new)],
        "cited": cited(now, new) if document.name == "findings" else [],
        "writers": _writers(session, row, live),
        "proposal": proposal,
        "is_open": proposal is not None and proposal.answer is None,
        "together": "staff.campaign_publish" in current_app.view_functions,
        "when": lambda moment: speak_when(moment, language),
        **_standing(session, row, known, proposal=proposal),
        **_samples(session, new, row, asked=asked),
    }


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
    letters = folder.letters()
    name = row.document.name if row.document.name in letters else asked.get("letter", "")
    name = name if name in letters else next(iter(letters), "")
    kind = Kind(asked.get("to", "")) if asked.get("to") in set(Kind) else Kind.MEMBER
    empty: Given = {"sheets": (), "look": 1, "looks": 1, "kinds": (), "kind": kind, "letter": name, "letters": ()}
    try:
        template = folder.template(name)
    except (TomlProblems, KeyError):
        return empty
    recipient = samples.somebody(session, kind)
    most = samples.looks(template)
    wanted = asked.get("look", "1")
    look = min(int(wanted), most) if wanted.isdecimal() and wanted.isascii() and len(wanted) < 4 else 1
    today = day_of(services().now())
    made = samples.samples(template, recipient, look=max(look, 1) - 1, today=today) if recipient else ()
    language = current_language()
    return {
        **empty,
        "sheets": [(one.letter, laid_out(one.letter, one.template, one.answered)) for one in made],
        "look": max(look, 1),
        "looks": most,
        "kinds": [(key.value, words.spoken(language)) for key, words in KINDS.items()],
        "letters": [] if row.document.name in letters else _titles(folder, language),
    }


def _titles(folder: CampaignFolder, language: Language) -> list[tuple[str, str]]:
    found = []
    for letter in folder.letters():
        try:
            found.append((letter, folder.letter(letter).title.spoken(language)))
        except TomlProblems:
            continue
    return found
