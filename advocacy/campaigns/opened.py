"""The campaigns a site shows, each with its letters compiled once per state of its documents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from advocacy.campaigns.campaign import CampaignFile, LetterTemplate
from advocacy.campaigns.folder import CampaignFolder
from advocacy.campaigns.library import stored_folder
from advocacy.campaigns.models import Campaign, Document, Revision
from advocacy.findings import Survey

State: TypeAlias = tuple[int, int]
"""The newest revision and how many there are: revisions are only ever added, so neither stands still."""


@dataclass(frozen=True, slots=True)
class OpenCampaign:
    """One campaign as citizens meet it: `name` is its name in addresses, `letters` are by their folder's name."""

    name: str
    file: CampaignFile
    survey: Survey
    letters: Mapping[str, LetterTemplate]

    @classmethod
    def of(cls, folder: CampaignFolder) -> "OpenCampaign":
        """Read a folder whole; raise TomlProblems when it is not a campaign."""
        letters = {letter: folder.template(letter) for letter in folder.letters()}
        return cls(folder.name, folder.campaign(), folder.survey(), letters)


@dataclass(slots=True)
class OpenCampaigns:
    """Campaigns read from the database, kept for as long as nobody revises them."""

    _kept: dict[str, tuple[State, OpenCampaign]] = field(default_factory=dict)

    def all(self, session: Session) -> Sequence[OpenCampaign]:
        """Give every campaign, in the order of their names."""
        return [self._current(session, name, state) for name, state in _states(session).items()]

    def named(self, session: Session, name: str) -> OpenCampaign | None:
        """Give one campaign, None when there is none of that name."""
        state = _states(session).get(name)
        return None if state is None else self._current(session, name, state)

    def _current(self, session: Session, name: str, state: State) -> OpenCampaign:
        kept = self._kept.get(name)
        if kept is None or kept[0] != state:
            kept = self._kept[name] = (state, OpenCampaign.of(stored_folder(session, name)))
        return kept[1]


_STATES = (
    select(Campaign.name, func.max(Revision.id), func.count(Revision.id))
    .join(Document, Document.campaign_id == Campaign.id)
    .join(Revision, Revision.document_id == Document.id)
    .group_by(Campaign.name)
    .order_by(Campaign.name)
)


def _states(session: Session) -> Mapping[str, State]:
    return {name: (newest, count) for name, newest, count in session.execute(_STATES)}
