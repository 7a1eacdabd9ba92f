"""Search: campaigns, letters by their text, questions of surveys, people and offices; never anything of a citizen."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import func, select

from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.models import Campaign, Document, Revision, RevisionFile
from advocacy.language import Wording, fold
from advocacy.legislators.search import MAX_QUERY, MAX_WORDS, Vocabulary, match_score, words_of
from advocacy.staff.models import Account, Role
from advocacy.toml_source import TomlProblems
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import bp, current_account, requires

MAX_SHOWN = 20
"""Results of each kind."""
PAGES = {"campaign": "campaign", "letter": "letter", "question": "survey"}
"""The page that each kind of entry leads to."""
TITLE, TEXT = 1.0, 0.5
"""A word of a title counts for more than a word of the text."""


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """Something that can be found by its words: a campaign, a letter (`document`) or a question of a survey."""

    kind: str
    campaign: str
    title: Wording
    document: str
    words: Mapping[str, float]


@bp.get("/search")
@requires(Role.WRITER)
def search() -> str:
    """Show what fits the words that are asked for."""
    site, language = services(), current_language()
    query = " ".join(request.args.get("q", "").split())[:MAX_QUERY]
    manager = current_account().role.may(Role.MANAGER)
    which = select(Account).order_by(Account.name).limit(MAX_SHOWN)
    for word in query.lower().split():
        name, email = func.lower(Account.name), func.lower(Account.email)
        which = which.where(name.contains(word, autoescape=True) | email.contains(word, autoescape=True))
    entries = _entries() if query else ()
    people = g.session.scalars(which).all() if query and manager else ()
    offices = site.directory.current(site.now()).search(query) if query and manager else ()
    names = {one.campaign: one.title.in_language(language) for one in entries if one.kind == "campaign"}
    found: dict[str, list[tuple[str, str, str]]] = {kind: [] for kind in PAGES}
    for one in _fitting(entries, query):
        about = "" if one.kind == "campaign" else names.get(one.campaign, one.campaign)
        address = url_for(f"staff.{PAGES[one.kind]}", campaign=one.campaign, letter=one.document or None)
        found[one.kind].append((one.title.in_language(language), address, about))
    groups = [
        (_("Campaigns"), found["campaign"]),
        (_("Letters"), found["letter"]),
        (_("Survey"), found["question"]),
        (_("People"), [(one.name, url_for("staff.person", account_id=one.id), one.email) for one in people]),
        (_("Directory"), [(one.name, url_for("staff.legislator", legislator=one.id), "") for one in offices]),
    ]
    return render_template(
        "staff/search.html", query=query, groups=[(name, rows[:MAX_SHOWN]) for name, rows in groups if rows]
    )


def _fitting(entries: Sequence[Entry], query: str) -> list[Entry]:
    """Return what every word fits, the best first; a word that fits nothing is taken for one near it."""
    vocabulary = Vocabulary(word for entry in entries for word in entry.words)
    readings = [vocabulary.fitting(word) or vocabulary.near(word) for word in words_of(query)[:MAX_WORDS]]
    scores = {entry: match_score(readings, entry.words) for entry in entries}
    found = [entry for entry in entries if scores[entry]]
    return sorted(found, key=lambda entry: (-scores[entry], fold(entry.title.in_language(current_language()))))


def _entries() -> list[Entry]:
    """Return everything of the campaigns that can be found."""
    newest = select(func.max(Revision.id)).group_by(Revision.document_id)
    files: dict[str, dict[str, bytes]] = {}
    rows = g.session.execute(
        select(Campaign.name, RevisionFile.name, RevisionFile.content)
        .join(Document, Document.campaign_id == Campaign.id)
        .join(Revision, Revision.document_id == Document.id)
        .join(RevisionFile, RevisionFile.revision_id == Revision.id)
        .where(Revision.id.in_(newest))
    )
    for campaign, name, content in rows:
        files.setdefault(campaign, {})[name] = content
    return [entry for name, content in files.items() for entry in _of_campaign(CampaignFolder.of(name, content))]


def _of_campaign(folder: CampaignFolder) -> Iterator[Entry]:
    """Return what can be found of one campaign; what cannot be read is left out."""
    file = folder.readable_campaign()
    if file is None:
        return
    yield Entry("campaign", folder.name, file.name, "", _words([*file.name.values(), folder.name], file.ask.values()))
    for letter, one in folder.readable_letters().items():
        texts = [text.decode("utf-8", "replace") for name, text in folder.files if name.startswith(f"{letter}/")]
        yield Entry("letter", folder.name, one.title, letter, _words(one.title.values(), texts))
    try:
        survey = folder.survey()
    except TomlProblems:
        return
    for poll in survey.polls:
        for question in poll.questions:
            answers = [text for option in question.options for text in option.wording.wording.values()]
            title = question.question.wording
            yield Entry("question", folder.name, title, "", _words(title.values(), answers))


def _words(titles: Iterable[str], texts: Iterable[str]) -> Mapping[str, float]:
    return dict.fromkeys(words_of(" ".join(texts)), TEXT) | dict.fromkeys(words_of(" ".join(titles)), TITLE)
