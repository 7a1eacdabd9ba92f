"""The campaigns a site shows, each with its letters compiled once per state of its documents."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeAlias

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from advocacy.campaigns.campaign_files import CampaignFile, Length, Offer
from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.fields import FieldKind
from advocacy.campaigns.legislation import Stage
from advocacy.campaigns.letter_template import LetterTemplate
from advocacy.campaigns.library import stored_revisions
from advocacy.campaigns.models import Availability, Campaign, Document, Publication, Revision
from advocacy.campaigns.pictures import Picture, read_pictures
from advocacy.campaigns.safety import Passage, Safety
from advocacy.findings import Survey
from advocacy.toml_source import TomlProblems

ALWAYS_CURRENT = ("findings", "safety")
"""Documents that are today's in every form: a corrected figure or telephone number counts at once."""
Version: TypeAlias = tuple[int, int, int]
"""The last publication, how many there are, and the version of what is offline: each of them only ever grows."""


@dataclass(frozen=True, slots=True)
class OpenCampaign:
    """One campaign as citizens see it: `name` is its name in addresses, `letters` are by their folder's name.

    `safety` is None for a campaign that has no `safety.toml`. `revisions` are the ids of those it was read from, by
    their documents. `letters_offline` are not among the letters: they were taken offline or archived.
    """

    name: str
    file: CampaignFile
    survey: Survey
    letters: Mapping[str, LetterTemplate]
    revisions: Mapping[str, int] = field(default_factory=dict)
    safety: Safety | None = None
    availability: Availability = Availability.ONLINE
    letters_offline: Mapping[str, Availability] = field(default_factory=dict)
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    version: tuple[int, ...] = ()
    """Changes with each publication, and with each letter that is taken offline."""

    @classmethod
    def of(cls, folder: CampaignFolder, revisions: Mapping[str, int] | None = None) -> "OpenCampaign":
        """Read a folder whole; raise TomlProblems when it is not a campaign."""
        safety = folder.safety()
        hint = safety.own_words if safety else None
        letters = {letter: _with_hint(folder.template(letter), hint) for letter in folder.letters()}
        pictures = read_pictures(folder.files)
        return cls(folder.name, folder.campaign(), folder.survey(), letters, revisions or {}, safety, pictures=pictures)

    @property
    def is_online(self) -> bool:
        """Whether citizens are shown it: neither the campaign was taken offline nor all of its letters."""
        return self.availability is Availability.ONLINE and bool(self.letters or not self.letters_offline)

    def with_availability(self, own: Availability, letters: Mapping[str, Availability]) -> "OpenCampaign":
        """Return the campaign as citizens may use it: without the letters that are not online."""
        online = {name: letter for name, letter in self.letters.items() if name not in letters}
        return replace(self, letters=online, availability=own, letters_offline=letters)

    def offered_letters(self, day: date, length: Length) -> Sequence[tuple[str, LetterTemplate]]:
        """Return the letters of a length that the form offers on a day, each with its name, in their order."""
        stage = self.file.stage_on(day)
        offers = {Offer.ALWAYS} if stage is Stage.UNKNOWN else {Offer.ALWAYS, Offer.STAGE_KNOWN}
        found = [(name, one) for name, one in self.letters_at(stage).items() if one.letter.offer in offers]
        return sorted(
            ((name, one) for name, one in found if one.letter.length is length),
            key=lambda named: (named[1].letter.place, named[0]),
        )

    def letters_at(self, stage: Stage) -> Mapping[str, LetterTemplate]:
        """Return the letters that have something to say at a stage of the bill."""
        return {name: one for name, one in self.letters.items() if one.letter.is_offered_at(stage)}

    def letter_offered_as(self, offer: Offer, day: date) -> tuple[str, LetterTemplate] | None:
        """Return the letter that follows another, with its name; None where the campaign has none for this on a day."""
        letters = self.letters_at(self.file.stage_on(day))
        return next(((name, one) for name, one in letters.items() if one.letter.offer is offer), None)


@dataclass(slots=True)
class OpenCampaigns:
    """Campaigns read from the database, and again once somebody has published."""

    _live: dict[str, OpenCampaign] = field(default_factory=dict)

    def all(self, session: Session) -> Sequence[OpenCampaign]:
        """Return every campaign that is not archived, in the order of their names."""
        found = [self._current(session, name, version) for name, version in _versions(session).items()]
        return [one for one in found if one.availability is not Availability.ARCHIVED]

    def get(self, session: Session, name: str) -> OpenCampaign | None:
        version = _versions(session).get(name)
        return None if version is None else self._current(session, name, version)

    def _current(self, session: Session, name: str, version: Version) -> OpenCampaign:
        campaign = self._live.get(name)
        if campaign is None or campaign.version != version:
            read = OpenCampaign.of(*stored_revisions(session, name)).with_availability(*_availability(session, name))
            campaign = self._live[name] = replace(read, version=version)
        return campaign

    def earlier(
        self, session: Session, now: OpenCampaign, revisions: frozenset[int], *, since: datetime
    ) -> OpenCampaign | None:
        """Return a campaign as it was when a form was opened, if any of that was live after `since`; else None.

        The survey is always today's, since a corrected figure counts for every letter, and so are the safety notices:
        None where they do not fit.
        """
        valid = pins_still_valid(session, now.name, revisions, since=since)
        if valid is None:
            return None
        todays = {name: now.revisions[name] for name in ALWAYS_CURRENT if name in now.revisions}
        read = self.at_revisions(session, now.name, frozenset({**valid, **todays}.values()))
        return read and read.with_availability(now.availability, now.letters_offline)

    def at_revisions(self, session: Session, name: str, revisions: frozenset[int]) -> OpenCampaign | None:
        """Return a campaign made of these very revisions; None where they make none."""
        try:
            return OpenCampaign.of(*stored_revisions(session, name, revisions))
        except TomlProblems:
            return None


def _with_hint(template: LetterTemplate, hint: Passage | None) -> LetterTemplate:
    """Return the letter with the campaign's hint on every field for own words that has none of its own."""
    if hint is None:
        return template
    fields = tuple(
        one.model_copy(update={"hint": hint.words}) if one.kind is FieldKind.WORDS and one.hint is None else one
        for one in template.fields
    )
    return replace(template, fields=fields)


_VERSIONS = (
    select(Campaign.name, func.max(Publication.id), func.count(Publication.id), Campaign.availability_version)
    .join(Document, Document.campaign_id == Campaign.id)
    .join(Revision, Revision.document_id == Document.id)
    .join(Publication, Publication.revision_id == Revision.id)
    .group_by(Campaign.name, Campaign.availability_version)
    .order_by(Campaign.name)
)


def _versions(session: Session) -> Mapping[str, Version]:
    rows = session.connection().execute(_VERSIONS)
    return {name: (newest, count, version) for name, newest, count, version in rows}


def _availability(session: Session, name: str) -> tuple[Availability, Mapping[str, Availability]]:
    """Return the availability of a campaign, and of those of its letters that are not online."""
    own = session.scalars(select(Campaign.availability).where(Campaign.name == name)).one()
    which = select(Document.name, Document.availability).join(Campaign, Document.campaign_id == Campaign.id)
    which = which.where(Campaign.name == name, Document.availability != Availability.ONLINE)
    return own, dict(session.execute(which).all())


PINS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})*")
SHARED = ("campaign", "sentences", "findings")
"""The documents that every letter of a campaign is made of besides its own; a campaign may lack all but the first."""


def letter_pins(revisions: Mapping[str, int], letter: str) -> Mapping[str, int]:
    """Return the revisions that one letter is made of, by document; its own is "letter"."""
    return {"letter" if name == letter else name: revisions[name] for name in (*SHARED, letter) if name in revisions}


def write_pins(revisions: Mapping[str, int]) -> str:
    """Write revisions as a form carries them: "3.7.12"."""
    return ".".join(str(one) for one in sorted(revisions.values()))


def read_pins(text: str) -> frozenset[int]:
    """Read what `write_pins` wrote; nothing of anything else."""
    return frozenset(map(int, text.split("."))) if PINS.fullmatch(text) else frozenset()


def pins_still_valid(
    session: Session, campaign: str, revisions: Collection[int], *, since: datetime
) -> Mapping[str, int] | None:
    """Return these revisions by their documents, where all of them were live at some moment after `since`.

    None where one was not, is of another campaign, or two are of one document.
    """
    published = (
        select(Document.name, Publication.revision_id, Publication.at)
        .join(Revision, Publication.revision_id == Revision.id)
        .join(Document, Revision.document_id == Document.id)
        .join(Campaign, Document.campaign_id == Campaign.id)
        .where(Campaign.name == campaign)
        .order_by(Publication.id.desc())
    )
    valid: dict[str, int] = {}
    next_published: dict[str, datetime] = {}
    for name, revision, at in session.execute(published):
        until = next_published.get(name)
        if revision in revisions and name not in valid and (until is None or until > since):
            valid[name] = revision
        next_published[name] = at
    return valid if set(valid.values()) == set(revisions) and "campaign" in valid else None
