"""Letters tried out before anybody writes them: to somebody real of each kind, with invented answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from advocacy.campaigns.campaign_files import CampaignFile
from advocacy.campaigns.fields import SAMPLE_OF_KIND, SEPARATOR, Field, FieldKind
from advocacy.campaigns.letter_template import LetterTemplate
from advocacy.language import Language, Wording
from advocacy.legislators.directory_queries import ministers, sits_in
from advocacy.legislators.directory_snapshot import has_portfolio
from advocacy.legislators.legislatures import COMMONS, MINISTERS, SENATE, Seats, legislatures
from advocacy.legislators.models import OWN_LIST_CHAMBER, Legislator, Status, to_recipient
from advocacy.legislators.recipient import Office, Recipient
from advocacy.letters.compose import Answers, compose
from advocacy.letters.letter import Letter
from advocacy.letters.sentence_wordings import wordings_at
from advocacy.messages import message

NAME = message("Camille Sample")
OWN_WORDS = message(
    "I have followed this question for a long time, because it touches people whom I see every week. I would like to "
    "know what you mean to do about it, and by when."
)
INVENTED = message("%(label)s (sample)")


class Kind(StrEnum):
    """Whom a sample is written to."""

    MEMBER = "member"
    MINISTER = "minister"
    SENATOR = "senator"
    VACANT = "vacant"
    LISTED = "listed"


KINDS = {
    Kind.MEMBER: message("Member"),
    Kind.MINISTER: message("Minister"),
    Kind.SENATOR: message("Senator"),
    Kind.VACANT: message("Vacant seat"),
    Kind.LISTED: message("Your own list"),
}
"""Each kind as a page names it."""
FROM_THEIR_RIDING = frozenset({Kind.MEMBER, Kind.VACANT})
"""Those whom people of their own riding write to, unless something else is chosen."""


@dataclass(frozen=True, slots=True)
class Trial:
    """How a letter is tried out: on whom, in which language, with own words, by a constituent, with which variants."""

    to: Kind
    language: Language
    own: bool
    mine: bool
    choice: tuple[int, ...]


def kinds_of(campaign: CampaignFile) -> Sequence[Kind]:
    """Return the kinds of people that a campaign writes to; those of the directory while it does not say."""
    seats = {legislatures().by_slug[name].seats for name in campaign.chambers if name != MINISTERS}
    kinds = {
        Kind.MEMBER: bool(seats - {Seats.PROVINCE}),
        Kind.MINISTER: campaign.ministers or MINISTERS in campaign.chambers,
        Kind.SENATOR: Seats.PROVINCE in seats,
        Kind.VACANT: Seats.RIDING in seats,
        Kind.LISTED: campaign.own_list,
    }
    return [kind for kind in Kind if kinds[kind]] or [kind for kind in Kind if kind is not Kind.LISTED]


def somebody(session: Session, kind: Kind, campaign: CampaignFile, *, name: str) -> Recipient | None:
    """Return somebody real of this kind whom the campaign called `name` writes to, always the same one.

    Of the ministers whom the campaign names it is the first, the Prime Minister after all others. None where there is
    nobody.
    """
    row: Legislator | None
    if kind is Kind.MINISTER and campaign.ministers:
        rows = ministers(session)
        named = [
            row
            for one in campaign.ministers
            for row in rows
            if row.id == one.legislator or (one.portfolio is not None and has_portfolio(row, one.portfolio))
        ]
        row = next(iter(sorted(named, key=lambda one: one.office is Office.PRIME_MINISTER)), None)
    else:
        own = Legislator.campaign == name if kind is Kind.LISTED else Legislator.campaign.is_(None)
        row = session.scalar(select(Legislator).where(_are(kind, campaign), own).order_by(Legislator.id).limit(1))
    return None if row is None else to_recipient(row)


def _are(kind: Kind, campaign: CampaignFile) -> ColumnElement[bool]:
    """Return the condition that somebody is of this kind, in a chamber that the campaign writes to."""
    sitting = Legislator.status == Status.SITTING
    if kind is Kind.LISTED:
        return (Legislator.chamber == OWN_LIST_CHAMBER) & sitting
    if kind is Kind.MINISTER:
        return (Legislator.office == Office.MINISTER) & sitting
    chambers = [legislatures().by_slug[name] for name in campaign.chambers if name != MINISTERS]
    of_kind = [one for one in chambers if (one.seats is Seats.PROVINCE) == (kind is Kind.SENATOR)]
    if not of_kind:
        of_kind = [legislatures().chamber(SENATE if kind is Kind.SENATOR else COMMONS)]
    if kind is Kind.VACANT:
        return or_(*map(sits_in, of_kind)) & (Legislator.status == Status.VACANT)
    return or_(*(sits_in(one) & (Legislator.office == one.member_office) for one in of_kind)) & sitting


def looks(template: LetterTemplate) -> int:
    """Return how many samples show every variant of a letter once."""
    return max(template.sizes)


def choice_of(template: LetterTemplate, look: int) -> tuple[int, ...]:
    """Return the variants of one of the `looks`, counted from 0."""
    return tuple(look % size for size in template.sizes)


def sample(template: LetterTemplate, recipient: Recipient, trial: Trial, *, today: date) -> Letter:
    """Compose the letter of somebody who does not exist.

    Without own words they answer only what must be answered, and tick as many statements as they may.
    """
    language = trial.language
    answers = Answers(
        NAME.in_language(language),
        "Ottawa",
        SAMPLE_OF_KIND[FieldKind.PROVINCE],
        postal_code=SAMPLE_OF_KIND[FieldKind.POSTAL_CODE],
        street="",
        email=SAMPLE_OF_KIND[FieldKind.EMAIL],
        ridings=frozenset({recipient.riding_code} if trial.mine and recipient.riding_code else ()),
        fields=MappingProxyType(
            {
                field.key: _answer(template, field, language)
                if trial.own or field.required or field.kind is FieldKind.STATEMENTS
                else ""
                for field in template.fields
            }
        ),
        language=language,
    )
    wordings = wordings_at(template, language, max(trial.choice, default=0))
    return compose(template, answers, recipient, language=language, today=today, choice=trial.choice, wordings=wordings)


def _answer(template: LetterTemplate, field: Field, language: Language) -> str:
    """Answer a field: own words with the campaign's sample, a line in words that nobody takes for the letter's own."""
    if field.kind is FieldKind.WORDS:
        given: Mapping[str, Wording] = template.campaign.samples
        return (given.get(field.key) or given.get("own_words") or OWN_WORDS).in_language(language)
    if field.kind is FieldKind.CHOICE:
        said = (option.key for option in field.options if option.sentence and not option.sensitive)
        return next(said, "")
    if field.kind is FieldKind.STATEMENTS:
        return SEPARATOR.join([one.key for one in field.offered if not one.sensitive][: field.max_ticks])
    return SAMPLE_OF_KIND.get(field.kind) or INVENTED.with_params(label=field.label).in_language(language)
