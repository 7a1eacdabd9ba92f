"""A letter is composed in its own language, for its recipient, from what the citizen answered."""

import re
from datetime import timedelta
from itertools import product
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.campaigns.fields import FieldKind
from advocacy.campaigns.legislation import Role, Stage
from advocacy.campaigns.letter_text import BLANK
from advocacy.campaigns.only_for import Reader
from advocacy.exports.text import to_text
from advocacy.language import Language, Wording
from advocacy.legislators.recipient import Office
from advocacy.letters.compose import compose, role_of
from advocacy.letters.letter import Kind, Letter
from tests.bills import at_stage
from tests.builders import (
    OWN_WORDS,
    TODAY,
    a_member,
    a_minister,
    a_senator,
    a_template,
    a_vacant_seat,
    some_answers,
    the_campaign,
)
from tests.campaign_files import LETTER, campaign_with_field

FR, EN = Language.FR, Language.EN
DATED = campaign_with_field(FieldKind.DATE).template(LETTER)


def a_letter(language: Language = EN, recipient: object = None, /, **different: object) -> Letter:
    who = recipient or a_member()
    return compose(a_template(), some_answers(**different), who, language=language, today=TODAY)  # type: ignore[arg-type]


def test_everything_follows_the_letters_language_but_own_words() -> None:
    letter = a_letter(FR)
    text = to_text(letter)
    assert "votre circonscription, Ottawa-Centre" in text
    assert "Je suis parent." in text
    assert "95\u00a0%" in text
    assert "Ottawa (Ontario)  K1A 0A6" in text
    assert "novembre 2019" in text
    assert OWN_WORDS[EN] in text
    own = [words for paragraph in letter.paragraphs for words in letter.passages(paragraph) if words[1] is EN]
    assert own == [(OWN_WORDS[EN], EN)]


@pytest.mark.parametrize("letter", the_campaign().letters())
def test_the_own_member_alone_is_told_the_riding(letter: str) -> None:
    template = a_template(letter)
    others = [a_senator(), a_minister(), a_member(riding_code="24054", riding=Wording.same("Papineau"))]
    for language, variant in product(Language, range(3)):
        choice = (variant,) * len(template.sizes)
        for recipient in others:
            made = compose(template, some_answers(), recipient, language=language, today=TODAY, choice=choice)
            assert not re.findall("Ottawa[ -]Centre|Papineau", f"{made.subject}\n{made.body}")
        made = compose(template, some_answers(), a_member(), language=language, today=TODAY, choice=choice)
        assert re.search(r"\(Ottawa[ -]Centre\)$", made.subject)


def test_a_minister_who_is_ones_own_member_gets_a_constituents_letter_in_a_ministers_form() -> None:
    letter = a_letter(EN, a_minister(), ridings=frozenset({"24054"}))
    assert letter.appel == "Dear Minister:"
    assert "Papineau" in letter.paragraphs[0].text


ASKS = {
    "own_member": a_member(),
    "other_member": a_member(riding_code="24054", riding=Wording.same("Papineau")),
    "vacant_seat": a_vacant_seat(),
    "senator": a_senator(),
    "responsible_minister": a_minister(responsible_for=frozenset({"C-34"})),
    "minister": a_minister(responsible_for=frozenset({"C-2"})),
    "prime_minister": a_minister(office=Office.PRIME_MINISTER),
    "speaker": a_member(office=Office.SPEAKER_COMMONS),
    "other": a_member(office=Office.MAYOR),
}

ANSWERS = {
    EN: re.compile(
        r"\b(?:repl(?:y|ies)|answer (?:me|by)|your answer|an answer|write (?:back|to me)|hear from|let me know|tell me"
        r"|send me|e-mail|by mail|(?:my|the) address)\b"
    ),
    FR: re.compile(
        r"\b(?:réponse(?! au sondage| à plus tard)|me répondre|répondez-moi|m’écrire|écrivez-moi|me dire|dites-moi|faites-moi|me transmett\w*"
        r"|m’indiqu\w*|courriel|la poste|postale|(?:mon |l’)adresse)\b",
    ),
}
"""What asks for an answer, or says where it should go."""
WHERE = {EN: {"email": "e-mail", "street": " mail"}, FR: {"email": "courriel", "street": "post"}}


@pytest.mark.parametrize("letter", [one for one in the_campaign().letters() if one not in {"follow-up", "thanks"}])
def test_a_letter_asks_for_an_answer_exactly_where_one_can_come(letter: str) -> None:
    folders = (the_campaign(), at_stage(Stage.COMMITTEE))
    for folder, recipient, language in product(folders, ASKS.values(), Language):
        template = folder.template(letter)
        for variant, contact in product(range(3), ("", "email", "street")):
            choice = (variant,) * len(template.sizes)
            addresses = {"email": "c@example.ca", "street": "12 Main Street"}
            reachable = {name: addresses[name] if name == contact else "" for name in addresses}
            answers = some_answers(**reachable, fields={"relationship": "parent", "reason": ""})
            made = compose(template, answers, recipient, language=language, today=TODAY, choice=choice)
            own = "\n".join(one.text for one in made.paragraphs if one.kind is not Kind.QUOTATION)
            if contact:
                assert WHERE[language][contact] in own, own
            else:
                assert ANSWERS[language].findall(own) == [], own


TRICKS = [
    "{{ 7*7 }}",
    "**x**",
    "# y",
    "<b>",
    "{% if x %}",
    "%s %(a)s",
    "- a",
    "> b",
    "&amp;",
    "\\n",
    "[x](y)",
    "$x$",
    "#set",
]


@pytest.mark.parametrize("field", ["name", "city", "street", "reason"])
def test_answers_come_out_as_typed(field: str) -> None:
    for trick in TRICKS:
        comes_out_as_typed(trick, field)


def comes_out_as_typed(trick: str, field: str) -> None:
    fields = {"relationship": "none", "reason": trick if field == "reason" else ""}
    shared = {} if field == "reason" else {field: trick}
    letter = a_letter(EN, a_member(), fields=MappingProxyType(fields), **shared)
    whole = [
        letter.date_line,
        letter.sender.name,
        *letter.sender_lines,
        *(paragraph.text for paragraph in letter.paragraphs),
    ]
    assert any(trick in part for part in whole)
    if field == "reason":
        assert [paragraph.text for paragraph in letter.paragraphs if paragraph.pieces[0].blank == "reason"] == [trick]
    assert trick in to_text(letter)


@given(st.text(alphabet=st.characters(blacklist_categories=["Cc", "Cs", "Zl", "Zp", "Zs"]), min_size=1))
def test_any_own_words_come_out_as_typed(words: str) -> None:
    letter = a_letter(EN, a_member(), fields=MappingProxyType({"relationship": "none", "reason": words}))
    assert words.strip() in [paragraph.text for paragraph in letter.paragraphs]


def test_own_words_of_several_lines_are_several_paragraphs() -> None:
    letter = a_letter(EN, a_member(), fields=MappingProxyType({"relationship": "none", "reason": "One.\n\nTwo."}))
    own = [paragraph.text for paragraph in letter.paragraphs if paragraph.pieces[0].blank == "reason"]
    assert own == ["One.", "Two."]


def test_a_letter_that_prints_a_translated_quotation_says_so() -> None:
    template = a_template("takedown-and-standards")
    place = next(
        place
        for place, section in enumerate(template.letter.sections)
        if "quote_government" in str(section.alternatives)
    )
    alternatives = template.letter.sections[place].alternatives
    for number, alternative in enumerate(alternatives):
        choice = tuple(number if at == place else 0 for at in range(len(template.sizes)))
        letter = compose(template, some_answers(), a_member(), language=EN, today=TODAY, choice=choice)
        is_quoted = "finding.quote_" in alternative.texts[EN]
        assert letter.source_note.endswith("Quotation translated from French.") == is_quoted
    assert "traduite" not in a_letter(FR).source_note


# --- the bill


def test_each_recipient_is_asked_what_they_can_do() -> None:
    for role, recipient in ASKS.items():
        is_constituent = recipient.riding_code == "35079"
        assert role_of(recipient, the_campaign().campaign(), is_constituent=is_constituent) == role


@pytest.mark.parametrize(("days", "named"), [(0, True), (44, True), (45, True), (46, False)])
@pytest.mark.parametrize("language", Language)
def test_a_letter_names_the_stage_for_45_days(language: Language, days: int, named: bool) -> None:
    template = at_stage(Stage.COMMITTEE).template("takedown-and-standards")
    day = TODAY + timedelta(days=days)
    letter = compose(template, some_answers(), a_member(), language=language, today=day)
    asked = {
        stage: max(
            BLANK.split(template.shared_for(Reader(Role.OWN_MEMBER, stage), language)["act"].wordings[0]), key=len
        )
        for stage in (Stage.COMMITTEE, Stage.UNKNOWN)
    }
    assert (asked[Stage.COMMITTEE] in letter.body, asked[Stage.UNKNOWN] in letter.body) == (named, not named)


@pytest.mark.parametrize(
    ("language", "day", "sentence"),
    [
        (EN, "2026-11-28", "November 28, 2026"),
        (FR, "2026-11-28", "28 novembre 2026"),
        (FR, "2026-11-01", "1er novembre 2026"),
    ],
)
def test_a_date_is_said_in_the_letters_language(language: Language, day: str, sentence: str) -> None:
    answers = some_answers(fields=MappingProxyType({"closed_on": day}))
    letter = compose(DATED, answers, a_member(), language=language, today=TODAY)
    assert letter.paragraphs[-1].text == sentence
