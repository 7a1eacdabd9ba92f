"""The people and letters that tests speak of, each made whole from what a test wants to be different."""

from dataclasses import replace
from datetime import date
from functools import cache
from itertools import islice
from types import MappingProxyType
from typing import Any

from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.fields import FieldKind
from advocacy.campaigns.letter_template import LetterTemplate
from advocacy.campaigns.letter_text import Choice
from advocacy.campaigns.skeletons import presets
from advocacy.language import Language, Wording
from advocacy.legislators.recipient import Office, Recipient
from advocacy.letters.alternatives import sequence
from advocacy.letters.compose import Answers, reader_of
from advocacy.runtime import shipped_letters

TODAY = date(2026, 11, 25)
OTTAWA_CENTRE = "35079"
SECRET = "a key of the tests' own, known to everybody"
OWN_WORDS = {
    Language.EN: "My daughter is eight and is starting to use a tablet. Like many parents, I shared holiday pictures "
    "without thinking that they could be stolen.",
    Language.FR: "Ma fille a huit ans et commence à utiliser une tablette. Comme bien des parents, j’ai partagé des "
    "photos de vacances sans penser qu’on pouvait les voler.",
}


def a_member(**different: Any) -> Recipient:
    """The member for Ottawa Centre, gender unknown."""
    member = Recipient(
        id="mp-1",
        office=Office.MEMBER,
        first_name="Yasir",
        last_name="Naqvi",
        name="Yasir Naqvi",
        gender=None,
        riding_code=OTTAWA_CENTRE,
        # Also in a language that was added as data.
        riding=Wording.for_each(lambda language: "Ottawa Centre" if language is Language.EN else "Ottawa-Centre"),
        province="ON",
        title=None,
        privy_councillor=False,
        email="yasir.naqvi@parl.example",
        vacant=False,
    )
    return replace(member, **different)


def a_senator(**different: Any) -> Recipient:
    """A senator from Quebec."""
    names = {"first_name": "Anne", "last_name": "Roy", "name": "Anne Roy"}
    return a_member(
        id="senator-1", office=Office.SENATOR, riding_code=None, riding=None, province="QC", **names | different
    )


def a_minister(**different: Any) -> Recipient:
    """A minister who sits for Papineau."""
    return a_member(
        **{
            "id": "mp-2",
            "office": Office.MINISTER,
            "first_name": "Marjorie",
            "last_name": "Michel",
            "name": "Marjorie Michel",
            "riding_code": "24054",
            "riding": Wording.same("Papineau"),
            "province": "QC",
            "title": Wording.of(en="Minister of Health", fr="Ministre de la Santé"),
            "privy_councillor": True,
        }
        | different
    )


def a_vacant_seat(**different: Any) -> Recipient:
    """The seat of Ottawa Centre without a member."""
    return a_member(**{"id": "seat-35079", "first_name": "", "last_name": "", "name": "", "vacant": True} | different)


def some_answers(**different: Any) -> Answers:
    """A constituent of Ottawa Centre who gives an e-mail address and own words in English."""
    answers = Answers(
        "Camille Essai",
        "Ottawa",
        "ON",
        postal_code="K1A 0A6",
        street="",
        email="camille.essai@example.ca",
        ridings=frozenset({OTTAWA_CENTRE}),
        fields=MappingProxyType({"relationship": "parent", "reason": OWN_WORDS[Language.EN]}),
        language=Language.EN,
    )
    return replace(answers, **different)


def answered(letter: str) -> dict[str, str]:
    """What somebody types into the fields that only this letter asks for, by their kind."""
    typed = {FieldKind.LINE: "Children online", FieldKind.DATE: "2026-11-03"}
    asked = the_campaign().letter(letter).fields
    return {field.key: typed[field.kind] for field in asked if field.kind in typed}


@cache
def the_campaign() -> CampaignFolder:
    """The shipped campaign."""
    return shipped_letters()[0]


@cache
def the_second_campaign() -> CampaignFolder:
    """The sample that a campaign can begin from, about something else."""
    return presets()["clean-air-in-schools"]


def nth_choice(template: LetterTemplate, answers: Answers, recipient: Recipient, *, turn: int) -> Choice:
    """The alternatives of an office's letter number `turn`, from 0."""
    options = template.options_for(reader_of(template, answers, recipient, today=TODAY))
    return next(islice(sequence(options), turn, None))


def a_template(letter: str = "takedown-and-standards") -> LetterTemplate:
    """One of the shipped letters."""
    return the_campaign().template(letter)
