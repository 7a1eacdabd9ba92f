"""What staff call the readers of letters, the stages of a bill, and whom a sentence is for."""

from collections.abc import Iterable, Mapping

from advocacy.campaigns.fields import Field, FieldKind
from advocacy.campaigns.only_for import PENDING, OnlyFor
from advocacy.language import Wording
from advocacy.messages import Message, Words, message

ROLES: Mapping[str, Message] = {
    "own_member": message("their MP"),
    "other_member": message("another MP"),
    "vacant_seat": message("a vacant seat"),
    "senator": message("a senator"),
    "responsible_minister": message("the minister who sponsors the bill"),
    "minister": message("another minister"),
    "prime_minister": message("the Prime Minister"),
    "speaker": message("a Speaker"),
    "other": message("anyone else"),
}
STAGES: Mapping[str, Message] = {
    "introduced": message("introduced"),
    "committee": message("in committee"),
    "third-reading": message("third reading"),
    "other-house": message("in the other chamber"),
    "passed": message("passed"),
    "died": message("died"),
    "unknown": message("not known"),
}
SECTIONS: Mapping[str, Message] = {
    "subject": message("Subject"),
    "opening": message("Opening"),
    "own_words": message("Their own words"),
    "survey": message("The survey"),
    "bill": message("The bill"),
    "reasons": message("Why it matters"),
    "ask": message("What I ask"),
    "closing": message("Closing"),
}
"""What a section is called, by its key; another one goes by its number."""
SECTION = message("Section %(number)s")


def section_title(key: str, number: int) -> Message:
    """Name a section of a letter; `number` is its place among them, counted from 1."""
    return SECTIONS.get(key) or SECTION.with_params(number=number)


UNDECIDED = message("until the bill passes or dies")
AT_STAGE = message("while the bill is at “%(stage)s”")
GIVEN: Mapping[str, Message] = {
    "riding": message("from somebody in the riding"),
    "email": message("from somebody who can be answered by e-mail"),
    "street": message("from somebody who can be answered by mail"),
    "city": message("from somebody who named a municipality"),
}
WROTE, ANSWERED = message("from somebody who wrote own words"), message("from somebody who answered “%(question)s”")
FOR_READERS, ONLY = message("for %(readers)s"), message("Only %(whom)s")


def describe_only_for(only_for: OnlyFor, fields: Iterable[Field]) -> Wording:
    """Return whom a sentence is for: “Only for a senator, until the bill passes or dies”; `fields` are the letter's."""
    by_key = {field.key: field for field in fields}
    readers: list[Words] = [*(ROLES[role] for role in only_for.roles), *map(Wording.same, only_for.portfolios)]
    parts: list[Words] = [FOR_READERS.with_params(readers=_listed(readers))] if readers else []
    for key in only_for.given:
        field = by_key.get(key)
        if field is not None and field.kind is FieldKind.WORDS:
            parts.append(WROTE)
        elif field is not None:
            parts.append(ANSWERED.with_params(question=field.label))
        else:
            parts.append(GIVEN.get(key, Wording.same(key)))
    parts += [UNDECIDED if stage == PENDING else AT_STAGE.with_params(stage=STAGES[stage]) for stage in only_for.stages]
    return Wording.for_each(ONLY.with_params(whom=_listed(parts)).in_language)


def _listed(parts: Iterable[Words]) -> Wording:
    listed = [*parts]
    return Wording.for_each(lambda language: ", ".join(part.in_language(language) for part in listed))
