"""Whom each row's letter goes to, from one reading of the directory; several who fit are never chosen between."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from advocacy.exports.merge.columns import ADDRESSING, LEGISLATOR, POSTAL_CODE, RIDING
from advocacy.language import Language, Wording, fold
from advocacy.legislators.directory_queries import RidingNames, everyone, riding_names, status_notices
from advocacy.legislators.models import Legislator, sits_for_riding, to_recipient
from advocacy.legislators.postal_codes import Candidates, candidates, read_postal_code
from advocacy.legislators.recipient import Recipient
from advocacy.messages import Message, Words, message

NOBODY = message("No one now in office has this id; copy it as the directory shows it.")
NO_RIDING = message("No single federal riding has this name or number; write its five digits.")
NO_MEMBER = message("No member is known for this riding; name a legislator by id.")
UNPLACED = message("No riding is known for this postal code; add the riding or the legislator.")
SEVERAL = message("Several legislators may be meant; add the riding, or the id of one.")
SEVERAL_RIDINGS = message(
    "Several ridings are possible: %(ridings)s. Write the number of the right one in the riding column."
)
WHOM = message("Say who the letter goes to, by postal code, riding or legislator.")
ELSEWHERE = message("The postal code is not known to lie in the riding that is named; the riding is used.")


class Unaddressed(ValueError):
    """There is no one recipient; `key` is the column at fault and `reason` what to do."""

    def __init__(self, key: str, reason: Words) -> None:
        self.key, self.reason = key, reason
        super().__init__(key)


@dataclass(frozen=True, slots=True)
class Addressee:
    """A letter's recipient, the ridings its writer is a constituent of, and what should be known of either."""

    recipient: Recipient
    ridings: frozenset[str]
    notes: tuple[Words, ...]


class Addressees:
    """The directory as it stood when it was read: no row asks the database."""

    def __init__(self, rows: Iterable[Legislator], names: RidingNames, today: date) -> None:
        """Take everyone who can be written to and every riding's names."""
        self._names = names
        self._people: dict[str, Recipient] = {}
        self._notices: dict[str, tuple[Words, ...]] = {}
        self._members: defaultdict[str, list[str]] = defaultdict(list)
        self._listed: defaultdict[str, set[str]] = defaultdict(set)
        for row in sorted(rows, key=lambda row: row.id):
            self._people[row.id] = to_recipient(row)
            self._notices[row.id] = status_notices(row, today)
            if row.riding_code and sits_for_riding(row):
                self._members[row.riding_code].append(row.id)
            if row.campaign:  # whoever wrote a list knows these and no id
                for called in filter(None, (row.name, row.email)):
                    self._listed[fold(called)].add(row.id)

    @classmethod
    def of(cls, session: Session, *, today: date, campaign: str | None = None) -> "Addressees":
        """Read the whole directory once, with the people whom a campaign lists itself."""
        return cls(everyone(session, own_list=campaign, today=today), riding_names(session), today)

    def find(self, cells: Mapping[str, str]) -> Addressee:
        """Find the one recipient a row names in cells by their keys.

        Raises Unaddressed, and InvalidPostalCode for what is no postal code.
        """
        legislator, riding, postal_code = (cells.get(key, "").strip() for key in ADDRESSING)
        if not (legislator or riding or postal_code):
            raise Unaddressed("", WHOM)
        located = candidates(read_postal_code(postal_code)) if postal_code else None
        notes: tuple[Words, ...] = ()
        if riding:
            code = riding if riding in self._names.provinces else self._names.code(riding)
            if code is None:
                raise Unaddressed(RIDING, NO_RIDING)
            own: tuple[str, ...] = (code,)
            if located and code not in located.riding_codes:
                notes = (ELSEWHERE,)
        else:
            own = located.riding_codes if located else ()
        if legislator:
            found = self._legislator(legislator)
        elif located and len(own) > 1:
            raise Unaddressed(POSTAL_CODE, self._several(located))
        else:
            found = self._member(own, RIDING if riding else POSTAL_CODE)
        return Addressee(self._people[found], frozenset(own), (*notes, *self._notices[found]))

    def _several(self, located: Candidates) -> Message:
        """Return which ridings are possible, each with its number, its name and towns by which to know it."""

        def describe(riding: str, language: Language) -> str:
            names = [self._people[member].riding for member in self._members.get(riding, ())]
            name = f" {names[0].in_language(language)}" if names and names[0] else ""
            towns = ", ".join(located.towns.get(riding, ()))
            return f"{riding}{name}" + (f" ({towns})" if towns else "")

        ridings = {
            language.value: "; ".join(describe(riding, language) for riding in located.riding_codes)
            for language in Language
        }
        return SEVERAL_RIDINGS.with_params(ridings=Wording(ridings))

    def _legislator(self, typed: str) -> str:
        """Return an id as it is typed, or that of a person of the campaign's own list, by their name or address."""
        found = {typed} if typed in self._people else self._listed.get(fold(typed), set())
        if len(found) == 1:
            return next(iter(found))
        raise Unaddressed(LEGISLATOR, SEVERAL if found else NOBODY)

    def _member(self, ridings: Iterable[str], key: str) -> str:
        members = [member for riding in ridings for member in self._members.get(riding, ())]
        if len(members) == 1:
            return members[0]
        none = NO_MEMBER if key == RIDING else UNPLACED
        raise Unaddressed(key, SEVERAL if members else none)
