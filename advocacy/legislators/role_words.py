"""The words by which people ask for an office, a chamber, a province or a vacant seat, in both languages."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TypeAlias

from advocacy.legislators.models import Chamber, Legislator, Status
from advocacy.legislators.province import NAMES, OTHER_FORMS, Province
from advocacy.legislators.recipient import Office
from advocacy.legislators.spelling import words_of

# Any one of these is what was asked for.
Roles: TypeAlias = frozenset[StrEnum]
Phrase: TypeAlias = tuple[str, ...]

_SPEAKERS = frozenset({Office.SPEAKER_COMMONS, Office.SPEAKER_SENATE})
_MINISTERS = frozenset({Office.MINISTER, Office.PRIME_MINISTER, Office.PROVINCIAL_MINISTER})
WORDS: Mapping[Roles, Sequence[str]] = {
    frozenset({Chamber.COMMONS}): (
        *("MP", "MPs", "member", "members", "member of parliament", "members of parliament", "House of Commons"),
        *("député", "députée", "députés", "députées", "Chambre des communes"),
    ),
    frozenset({Chamber.SENATE}): (
        *("senator", "senators", "Senate"),
        *("sénateur", "sénatrice", "sénateurs", "sénatrices", "Sénat"),
    ),
    _MINISTERS: ("minister", "ministers", "cabinet", "ministre", "ministres"),
    frozenset({Office.PRIME_MINISTER}): ("prime minister", "PM"),
    # French has one title for the head of either government.
    frozenset({Office.PRIME_MINISTER, Office.PREMIER}): ("premier ministre", "première ministre"),
    frozenset({Office.PREMIER}): ("premier", "premiers"),
    _SPEAKERS: ("speaker", "speakers", "président", "présidente"),
    frozenset({Chamber.ASSEMBLY}): ("MPP", "MPPs", "MNA", "MNAs", "MLA", "MLAs", "MHA", "MHAs"),
    frozenset({Chamber.COUNCIL}): ("mayor", "mayors", "maire", "maires", "mairesse", "mairesses"),
    frozenset({Status.VACANT}): (
        *("vacant", "seat", "seats", "vacant seat", "vacant seats"),
        *("vacante", "siège", "sièges", "siège vacant", "sièges vacants"),
    ),
    **{frozenset({province}): (province, *NAMES[province].values()) for province in Province},
}
PHRASES: Mapping[Phrase, Roles] = {
    **{tuple(words_of(form)): frozenset({province}) for form, province in OTHER_FORMS.items()},
    **{tuple(words_of(text)): roles for roles, texts in WORDS.items() for text in texts},
}
LONGEST_PHRASE = max(map(len, PHRASES))
SINGLE_WORDS: Mapping[str, Roles] = {phrase[0]: roles for phrase, roles in PHRASES.items() if len(phrase) == 1}


def roles_of(person: Legislator) -> Roles:
    """Return everything by which someone's role can be asked for."""
    province = {Province(person.province)} if person.province else set[StrEnum]()
    return frozenset({person.office, person.chamber, person.status, *province})


def parted(words: Sequence[str]) -> Iterator[tuple[Phrase, Roles]]:
    """Part typed words into phrases that ask for a role, the longest first, and single words that do not."""
    start = 0
    while start < len(words):
        phrases = (tuple(words[start : start + length]) for length in range(LONGEST_PHRASE, 0, -1))
        phrase = next((phrase for phrase in phrases if phrase in PHRASES), (words[start],))
        yield phrase, PHRASES.get(phrase, frozenset())
        start += len(phrase)
