"""Whom the letters can go to, as the form shows them in the reader's language."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from advocacy.language import Language
from advocacy.legislators.directory_check import OLD_AFTER_DAYS
from advocacy.legislators.directory_queries import notices
from advocacy.legislators.forms_of_address import (
    NoFormOfAddress,
    form_of_address,
    has_postal_address,
    party_of,
    place_of,
    postage_free,
    role_of,
)
from advocacy.legislators.models import Legislator, OfficeAddress, to_recipient
from advocacy.legislators.recipient import Office
from advocacy.messages import Message, message
from advocacy.web.public.request import LetterRequest

MAX_RESULTS = 20
"""How many people a search shows."""
MAX_SHOWN = 60
"""How many people of an own list are shown without a search."""
VACANT_SEAT = message("Vacant seat")
NO_MAIL_UNTIL = message(
    "This office does not accept e-mail until %(day)s: print the letter and mail it, no stamp needed within Canada."
)
NO_MAIL_UNTIL_STAMPED = message("This office does not accept e-mail until %(day)s: print the letter and mail it.")
SITES = {"ourcommons.ca": message("ourcommons.ca")}
"""Lists whose site has a name in each language."""


@dataclass(frozen=True, slots=True)
class RecipientChoice:
    """Someone who can be written to; `language` is their letter's.

    `bills` are the numbers of those among the campaign's bills that a minister answers for, `towns` some of their
    riding's, where the reader has to choose among ridings; `source` is the list they are in, with its date.
    """

    id: str
    name: str
    place: str
    role: str
    party: str
    telephone: str
    notices: tuple[str, ...]
    selected: bool
    language: Language
    riding: str
    vacant: bool
    takes_email: bool
    source: str
    in_own_list: bool = False
    bills: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OfficeContact:
    """How to reach an office oneself: its e-mail address, its telephones and postal addresses with their kinds."""

    name: str
    place: str
    email: str
    addresses: tuple[OfficeAddress, ...]


@dataclass(frozen=True, slots=True)
class FoundRecipients:
    """Everyone the form shows, nobody twice: who the postal code gives, who was chosen besides, whom one can add.

    `other_members` are the names of those among the others who sit in the House for another riding than the
    reader's; `which_riding` is whether the reader has to choose one. `own_choices` are people of the campaign's own
    list, which names `own_total`: all of a short one, nobody of one to be searched. `sources` are the lists,
    `method` tells how a postal code becomes a riding. `contacts` are those of the reader's own members and of whoever
    was chosen besides, for help with something personal.
    """

    recipients: Sequence[RecipientChoice] = ()
    others: Sequence[RecipientChoice] = ()
    other_members: Sequence[str] = ()
    search_results: Sequence[RecipientChoice] = ()
    minister_choices: Sequence[RecipientChoice] = ()
    senator_choices: Sequence[RecipientChoice] = ()
    own_choices: Sequence[RecipientChoice] = ()
    own_total: int = 0
    which_riding: bool = False
    searched: bool = False
    has_results: bool = False
    unknown_code: bool = False
    explanation: str = ""
    method: str = ""
    sources: Sequence[str] = ()
    refusal: str = ""
    contacts: Sequence[OfficeContact] = ()

    @property
    def chosen(self) -> list[RecipientChoice]:
        """Those the letters go to, in the order shown."""
        return [choice for choice in (*self.recipients, *self.others) if choice.selected]


def source_of(row: Legislator, today: date) -> Message:
    """Return which list the facts about someone come from, its date, and that it is old where it is."""
    if row.campaign:
        return message("the campaign’s own list")
    source, age = SITES.get(row.source, row.source), (today - row.as_of).days
    if age <= OLD_AFTER_DAYS:
        return message("%(source)s, as of %(date)s", source=source, date=row.as_of)
    return message(
        "%(source)s, as of %(date)s (%(months)d months ago: check before you write)",
        source=source,
        date=row.as_of,
        months=age // 30,
    )


def shown_recipient(row: Legislator, letter_request: LetterRequest) -> RecipientChoice:
    """Return one person or seat as the form shows them."""
    language, recipient = letter_request.language, to_recipient(row)
    telephones = [address.telephone for address in row.addresses if address.telephone]
    warnings = [*notices(row, letter_request.today), *letter_request.directory.warnings(row)]
    until = letter_request.paused_offices.get(row.id)
    if until is not None and row.email:
        warnings.append(pause_notice(row, until))
    return RecipientChoice(
        id=row.id,
        name=row.name or VACANT_SEAT.in_language(language),
        place=place_of(recipient, language),
        role=role_of(recipient, language),
        party=party_of(row, language),
        telephone=telephones[0] if telephones else "",
        notices=tuple(one.in_language(language) for one in warnings),
        selected=row.id in letter_request.form.recipient.data,
        language=letter_request.form.letter_language(row.id),
        riding=row.riding_code or "",
        vacant=row.vacant,
        takes_email=bool(row.email) and until is None,
        in_own_list=row.campaign is not None,
        source=source_of(row, letter_request.today).in_language(language),
        bills=tuple(
            bill.number for bill in letter_request.campaign.file.bills if bill.number in recipient.responsible_for
        ),
    )


def office_contact(row: Legislator, language: Language) -> OfficeContact:
    """Return how to reach an office; where its list has no postal address, that of its chamber."""
    recipient, addresses = to_recipient(row), row.addresses
    if has_postal_address(recipient) and not any(one.lines for one in addresses):
        with suppress(NoFormOfAddress):
            block = form_of_address(recipient, language).block
            telephones = {one.kind: one for one in addresses}
            first = telephones.pop("legislature", OfficeAddress("legislature"))
            addresses = (replace(first, lines=block), *telephones.values())
    name = row.name or VACANT_SEAT.in_language(language)
    return OfficeContact(name, place_of(recipient, language), row.email or "", addresses)


def pause_notice(row: Legislator, until: date) -> Message:
    """Return what someone must know before writing to an office that takes no e-mail until a day."""
    said = NO_MAIL_UNTIL if postage_free(to_recipient(row)) else NO_MAIL_UNTIL_STAMPED
    return said.with_params(day=until)


def find_recipients(letter_request: LetterRequest) -> FoundRecipients:
    """List everyone the form shows."""
    directory, form, language = letter_request.directory, letter_request.form, letter_request.language
    location, own, seen = letter_request.location, letter_request.own_members, set[str]()

    def shown(rows: Iterable[Legislator]) -> list[RecipientChoice]:
        fresh = []
        for row in rows:
            if row.id not in seen and letter_request.writes_to(row):
                seen.add(row.id)
                fresh.append(shown_recipient(row, letter_request))
        return fresh

    candidates, query = location.candidates, form.search.data.strip()
    towns = candidates.towns if candidates else {}
    provinces = letter_request.provinces or [form.province.data]
    recipients, others = shown(own), shown(letter_request.recipients)
    elsewhere = {row.name for row in letter_request.recipients if row.office is Office.MEMBER and location.ridings}
    searched = directory.search(query, letter_request.audience) if query else []
    results = list(islice((row for row in searched if letter_request.writes_to(row)), MAX_RESULTS))
    found = shown(results)
    ministers = sorted(shown(directory.ministers), key=lambda one: not one.bills)
    senators = shown(row for province in provinces for row in directory.senators_of(province))
    own_list = directory.own_list(letter_request.campaign.name) if letter_request.audience.own_list else ()
    listed = shown(own_list) if len(own_list) <= MAX_SHOWN else []
    everyone = (*recipients, *others, *found, *listed)
    with_towns = all(towns.get(one.riding) for one in recipients)  # towns of one riding alone would tell nothing
    return FoundRecipients(
        recipients=[replace(one, towns=towns[one.riding]) for one in recipients] if with_towns else recipients,
        others=others,
        other_members=[one.name for one in others if one.name in elsewhere],
        search_results=found,
        minister_choices=ministers,
        senator_choices=senators,
        own_choices=listed,
        own_total=len(own_list),
        which_riding=bool(own) and len(location.ridings) > 1,
        searched=bool(query),
        has_results=bool(results),
        unknown_code=candidates is not None and not location.ridings,
        explanation=candidates.explanation.in_language(language) if candidates else "",
        method=candidates.provenance.in_language(language) if candidates and location.ridings else "",
        sources=sorted({one.source for one in everyone}),
        refusal=location.refusal.in_language(language) if location.refusal else "",
        contacts=[
            office_contact(row, language)
            for row in {row.id: row for row in (*own, *letter_request.recipients)}.values()
        ],
    )
