"""What an office set for itself, read and changed; which of its wishes count at a moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any, Self

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from advocacy.language import EASTERN, Language, day_of
from advocacy.legislators.directory_queries import is_bounced
from advocacy.legislators.models import BouncedAddress, Legislator, Status
from advocacy.offices.models import OfficeSettings

MAX_PAUSE = timedelta(days=60)
MAX_ACKNOWLEDGEMENT = 1000
"""Characters of an acknowledgement in one language."""
ADDRESS_DELAY = timedelta(days=2)
"""How long after it was proved letters go to another address: whoever reads the directory's can undo it until then."""
MIN_SHARE = 0.5
"""How much of a chamber has its addresses at a domain that is the chamber's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeValues:
    """The settings of one office as values; by default all is as the directory says, one mail a letter."""

    language: Language | None = None
    email: str | None = None
    email_from: datetime | None = None
    takes_digest: bool = False
    paused_until: date | None = None
    acknowledgement: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, row: OfficeSettings | None) -> Self:
        """Return those of a row; the default ones where there is none."""
        if row is None:
            return cls()
        values = {one.name: getattr(row, one.name) for one in fields(cls)}
        return cls(**{**values, "acknowledgement": dict(row.acknowledgement)})

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> Self:
        """Read what `content` wrote; what is missing is as by default."""
        texts = {
            one.value: content[f"acknowledgement_{one}"] for one in Language if f"acknowledgement_{one}" in content
        }
        until, begins = content.get("paused_until"), content.get("email_from")
        return cls(
            language=Language(content["language"]) if content.get("language") else None,
            email=content.get("email"),
            email_from=datetime.fromisoformat(begins) if begins else None,
            takes_digest=bool(content.get("takes_digest")),
            paused_until=date.fromisoformat(until) if until else None,
            acknowledgement=texts,
        )

    @property
    def content(self) -> dict[str, Any]:
        """All that differs from the default, as JSON can hold it."""
        found: dict[str, Any] = {
            "language": self.language and self.language.value,
            "email": self.email,
            "email_from": self.email_from and self.email_from.isoformat(),
            "takes_digest": self.takes_digest,
            "paused_until": self.paused_until and self.paused_until.isoformat(),
            **{f"acknowledgement_{language}": text for language, text in self.acknowledgement.items()},
        }
        return {name: value for name, value in found.items() if value}

    def is_paused(self, now: datetime) -> bool:
        return is_paused(self.paused_until, now)

    def acknowledgement_in(self, language: Language) -> tuple[Language, str] | None:
        """Return the acknowledgement and its language: this one, or else the one that there is."""
        for each in (language, *Language):
            if text := self.acknowledgement.get(each.value):
                return each, text
        return None


NOTHING_SET = OfficeValues()


def settings_of(session: Session, legislator_id: str) -> OfficeValues:
    """Return what an office set, read anew."""
    return OfficeValues.of(session.get(OfficeSettings, legislator_id, populate_existing=True))


def change(session: Session, legislator_id: str, values: OfficeValues, *, now: datetime) -> OfficeValues:
    """Set an office's settings; return those before. Default ones leave no row."""
    row = session.get(OfficeSettings, legislator_id, populate_existing=True, with_for_update=True)
    before = OfficeValues.of(row)
    if values == NOTHING_SET:
        if row is not None:
            session.delete(row)
    else:
        row = row or OfficeSettings(legislator_id=legislator_id)
        for one in fields(OfficeValues):
            setattr(row, one.name, getattr(values, one.name))
        row.acknowledgement = dict(values.acknowledgement)
        row.changed_at = now
        session.add(row)
    session.flush()
    return before


def other_address(session: Session, office: Legislator, used: str, *, now: datetime) -> str:
    """Return the directory's address of an office where a letter that came back can go; "" for none.

    `used` is what the directory said when the letter was written. Where the office has its letters sent to an address
    of its own, they go there, and that address is shown to nobody; where that one sends them back, the directory's is
    another.
    """
    address, own = office.email or "", settings_of(session, office.id).email
    is_used = address.casefold() == used.casefold() and not (own and is_bounced(session, own))
    goes_elsewhere = own_address(session, office.id, now) is not None
    is_gone = office.status is Status.LEFT
    return "" if is_used or is_gone or goes_elsewhere or is_bounced(session, address) else address


def own_address(session: Session, legislator_id: str, moment: datetime) -> str | None:
    """Return the address of its own that an office's letters go to at a moment, None where it is the directory's.

    One that mail came back from does not count from then on.
    """
    values = settings_of(session, legislator_id)
    doubt = session.get(BouncedAddress, values.email.casefold()) if values.email else None
    own = values.email if doubt is None or doubt.since > moment else None
    return letter_address(None, own, values.email_from, now=moment)


def is_paused(until: date | None, now: datetime) -> bool:
    """Whether nothing is sent to an office before the day `until`."""
    return until is not None and day_of(now) < until


def pause_end(until: date) -> datetime:
    """Return the first moment of the day on which letters are sent again, in Ottawa."""
    return datetime.combine(until, time(), EASTERN)


def paused_offices(session: Session, *, now: datetime) -> Mapping[str, date]:
    """Return the offices that take no e-mail now, and the day until which."""
    paused = OfficeSettings.paused_until > day_of(now)
    rows = session.execute(select(OfficeSettings.legislator_id, OfficeSettings.paused_until).where(paused))
    return {row.legislator_id: row.paused_until for row in rows}


def awaiting_confirmation(session: Session) -> Sequence[Row[str, str, str | None]]:
    """Return the offices whose other address waits for the staff: id, name and that address."""
    waits = OfficeSettings.email.is_not(None), OfficeSettings.email_from.is_(None)
    found = select(Legislator.id, Legislator.name, OfficeSettings.email)
    return session.execute(found.join(OfficeSettings).where(*waits).order_by(Legislator.id)).all()


def pauses(session: Session, *, now: datetime) -> Sequence[Row[str, str, date | None]]:
    """Return the offices that take no e-mail now: id, name and the day until which."""
    found = select(Legislator.id, Legislator.name, OfficeSettings.paused_until).join(OfficeSettings)
    return session.execute(found.where(OfficeSettings.paused_until > day_of(now)).order_by(Legislator.id)).all()


def letter_address(directory: str | None, own: str | None, own_from: datetime | None, *, now: datetime) -> str | None:
    """Return where an office's letters go now: to its own address once that counts, else to the directory's."""
    return own if own and own_from is not None and own_from <= now else directory


def is_official_domain(session: Session, row: Legislator, email: str) -> bool:
    """Whether an address is at the domain of the office's own address, which most of its chamber has too.

    An address anywhere else, at a provider of everybody's for one, needs somebody of the staff to confirm it.
    """
    domain = email.rpartition("@")[2].casefold()
    if row.campaign is not None or (row.email or "").rpartition("@")[2].casefold() != domain:
        return False
    of_chamber = select(func.count()).where(Legislator.chamber == row.chamber, Legislator.email.is_not(None))
    if row.riding_code is None and row.province is not None:
        of_chamber = of_chamber.where(Legislator.province == row.province)
    there = of_chamber.where(func.lower(Legislator.email).endswith(f"@{domain}", autoescape=True))
    total, at_domain = session.scalar(of_chamber) or 0, session.scalar(there) or 0
    return at_domain > 1 and at_domain >= MIN_SHARE * total
