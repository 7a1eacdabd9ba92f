"""Whom the letters go to: what a postal code gives, a search finds, the citizen chose; a doubt is left to them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from advocacy.language import Wording
from advocacy.legislators.lookup import Candidates, candidates
from advocacy.legislators.models import Chamber, Legislator
from advocacy.legislators.postal import PostalCodeRefused, read_postal_code
from advocacy.legislators.province import Province
from advocacy.legislators.recipient import Office
from advocacy.web.public.desk import Desk
from advocacy.web.public.draft import Draft
from advocacy.web.public.listing import Listing, is_written_to
from advocacy.web.public.people import Choice, choice_of

MOST = 10
"""How many letters one form makes."""
MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Found:
    """Everyone the form shows, nobody twice: who the postal code gives, who was chosen besides, whom one can add."""

    recipients: Sequence[Choice] = ()
    others: Sequence[Choice] = ()
    other_members: Sequence[str] = ()
    """The names of those among the others who are members of the House for another riding than the reader's."""
    search_results: Sequence[Choice] = ()
    minister_choices: Sequence[Choice] = ()
    senator_choices: Sequence[Choice] = ()
    which: bool = False
    searched: bool = False
    explanation: str = ""
    provenance: str = ""
    refusal: str = ""
    province: str = ""
    hidden: Sequence[tuple[str, str]] = ()

    @property
    def chosen(self) -> list[Choice]:
        """Those the letters go to, in the order shown."""
        return [choice for choice in (*self.recipients, *self.others) if choice.selected]


@dataclass(frozen=True, slots=True)
class Located:
    """The citizen's place: the ridings it may lie in, or why that cannot be said."""

    ridings: tuple[str, ...] = ()
    found: Candidates | None = None
    refusal: Wording | None = None


def locate(draft: Draft, listing: Listing) -> Located:
    """Find the citizen's ridings: the one they named, else those of the postal code."""
    riding = draft.text("riding")
    if listing.is_riding(riding):
        return Located((riding,))
    if not draft.text("postal_code").strip():
        return Located()
    try:
        found = candidates(read_postal_code(draft.text("postal_code")))
    except PostalCodeRefused as refused:
        return Located(refusal=refused.wording)
    return Located(found.riding_codes, found)


def settled(draft: Draft, desk: Desk) -> Draft:
    """Follow a postal code or riding that is new: its only member is chosen, the members of the former one are not.

    What was looked up last travels with the form, so that a choice once made is never made again.
    """
    listing = desk.listing
    code, riding = draft.text("postal_code").strip().upper(), draft.text("riding")
    code_before, _, riding_before = draft.text("looked_up").partition("|")
    if riding == riding_before and code not in {code_before, ""}:
        draft = draft.without("riding")  # named for the postal code before this one
    draft = draft.with_typed(looked_up=f"{code}|{draft.text('riding')}".rstrip("|"))
    if draft.text("looked_up") == f"{code_before}|{riding_before}".rstrip("|"):
        return draft
    before = locate(Draft({"postal_code": code_before, "riding": riding_before}), listing)
    ridings = locate(draft, listing).ridings
    now = [row.id for row in listing.members_for(ridings) if is_written_to(row, desk.chambers)]
    former = {row.id for row in listing.members_for(before.ridings)}
    kept = [one for one in draft.recipients if one not in former or one in now]
    return draft.with_recipients([*(now if len(ridings) == 1 else ()), *kept])


def find(draft: Draft, desk: Desk) -> Found:
    """List everyone the form shows."""
    listing = desk.listing
    located = locate(draft, listing)
    own = [row for row in listing.members_for(located.ridings) if is_written_to(row, desk.chambers)]
    seen: set[str] = set()

    def shown(rows: Iterable[Legislator]) -> list[Choice]:
        return [choice_of(row, draft, desk) for row in _fresh(rows, desk.chambers, seen)]

    recipients, others = shown(own), shown(row for one in draft.recipients if (row := listing.row(one)))
    rows = (listing.row(one.id) for one in others)
    members = [row.name for row in rows if row and row.office is Office.MEMBER and located.ridings]
    sought, language, code = draft.text("search").strip(), desk.language, located.found
    towns = code.towns if code else {}
    return Found(
        recipients=[replace(one, towns=towns.get(one.riding, ())) for one in recipients],
        others=others,
        other_members=members,
        search_results=shown(islice(listing.search(sought), MOST_FOUND)) if sought else (),
        minister_choices=sorted(shown(listing.ministers), key=lambda one: not one.bills),
        senator_choices=shown(row for one in _provinces(draft, own) for row in listing.senators_of(one)),
        which=bool(own) and len(located.ridings) > 1,
        searched=bool(sought),
        explanation=code.explanation.spoken(language) if code else "",
        provenance=code.provenance.spoken(language) if code else "",
        refusal=located.refusal.spoken(language) if located.refusal else "",
        province=draft.text("province") or _only(row.province for row in own),
        hidden=[(name, draft.text(name)) for name in ("looked_up", "riding") if draft.text(name)],
    )


def own_ridings(draft: Draft, listing: Listing) -> frozenset[str]:
    """Give the riding the citizen is a constituent of, as far as it is known.

    Of several that a postal code may lie in, it is that of the first member chosen among theirs.
    """
    ridings = locate(draft, listing).ridings
    if len(ridings) < 2:
        return frozenset(ridings)
    rows = (listing.row(one) for one in draft.recipients)
    own = (row.riding_code for row in rows if row and row.chamber is Chamber.COMMONS and row.riding_code in ridings)
    return frozenset(islice((code for code in own if code), 1))


def chosen(draft: Draft, desk: Desk) -> tuple[list[Legislator], list[str]]:
    """Give whom the letters go to, the citizen's own member first, and the ids that nobody here has."""
    rows = {one: desk.listing.row(one) for one in draft.recipients}
    known = [row for row in rows.values() if row and is_written_to(row, desk.chambers)]
    ridings = locate(draft, desk.listing).ridings
    known.sort(key=lambda row: not (row.chamber is Chamber.COMMONS and row.riding_code in ridings))
    unknown = [one for one, row in rows.items() if row is None or row not in known]
    return known, unknown


def _fresh(rows: Iterable[Legislator], chambers: Sequence[str], seen: set[str]) -> Iterator[Legislator]:
    for row in rows:
        if row.id not in seen and is_written_to(row, chambers):
            seen.add(row.id)
            yield row


def _provinces(draft: Draft, own: Sequence[Legislator]) -> list[str]:
    """Give the provinces whose senators are offered: that of the postal code, else the one named."""
    provinces = dict.fromkeys(row.province for row in own if row.province)
    return list(provinces) or [code for code in (draft.text("province"),) if code in set(Province)]


def _only(values: Iterable[str | None]) -> str:
    different = {value for value in values if value}
    return different.pop() if len(different) == 1 else ""
