"""A letter is compared with those that its office got by sketches alone, as nearly as by their texts."""

from dataclasses import replace
from itertools import islice
from types import MappingProxyType

import pytest

from advocacy.campaigns.grammar.program import Piece
from advocacy.language import Language
from advocacy.letters.alikeness import alikeness, windows
from advocacy.letters.alternatives import sequence
from advocacy.letters.compose import compose
from advocacy.letters.edited import WINDOW
from advocacy.letters.letter import Kind, Letter, RenderedParagraph
from advocacy.letters.office_likeness import MIN_COMPARED, SKETCH_SIZE, Sketch, compare, sketch_of
from tests.builders import TODAY, a_member, a_template, answered, some_answers
from tests.citizens import KEYS

OWN = "Ma voisine m’a parlé de son fils, et depuis ce jour je regarde autrement les photos que je partage en ligne."


def letters_to_an_office(number: int, language: Language = Language.EN) -> list[Letter]:
    """Return the first letters that an office gets from people who write nothing of their own."""
    template = a_template()
    fields = answered("takedown-and-standards") | {"relationship": "none", "reason": ""}
    answers = some_answers(fields=MappingProxyType(fields))
    return [
        compose(template, answers, a_member(), language=language, today=TODAY, choice=choice)
        for choice in islice(sequence(template.texts[language]), number)
    ]


def with_own(letter: Letter, text: str) -> Letter:
    own = RenderedParagraph(Kind.PARAGRAPH, (Piece(text, "reason"),))
    return replace(letter, paragraphs=(*letter.paragraphs, own))


@pytest.mark.parametrize("language", Language)
def test_the_nearest_letter_is_found_as_near_as_it_is(language: Language) -> None:
    *others, letter = letters_to_an_office(30, language)
    found = compare(letter, letter, [sketch_of(one.body, keys=KEYS) for one in others], keys=KEYS)
    exact = max(alikeness(windows(letter.body), windows(one.body)) for one in others)
    assert found is not None
    assert found.nearest == pytest.approx(exact, abs=0.12)


def test_the_sentence_to_replace_is_one_that_others_have_and_lowers_the_share() -> None:
    *others, letter = letters_to_an_office(30)
    others.append(letter)  # somebody sent the same letter before
    found = compare(letter, letter, [sketch_of(one.body, keys=KEYS) for one in others], keys=KEYS)
    assert found is not None
    assert found.nearest == 1
    assert found.sentence in letter.body
    assert sum(found.sentence in one.body for one in others) > 1
    assert found.without < 0.95


def test_replacing_that_sentence_does_what_was_said() -> None:
    *others, letter = letters_to_an_office(30)
    sketches = [sketch_of(one.body, keys=KEYS) for one in (*others, letter)]
    before = compare(letter, letter, sketches, keys=KEYS)
    assert before is not None
    changed = tuple(
        one._replace(pieces=(Piece(one.text.replace(before.sentence, OWN), "reason"),))
        if before.sentence in one.text
        else one
        for one in letter.paragraphs
    )
    after = compare(replace(letter, paragraphs=changed), letter, sketches, keys=KEYS)
    assert after is not None
    assert after.nearest == pytest.approx(before.without, abs=0.06)


def test_nobody_can_ask_whether_an_office_got_somebody_s_own_words() -> None:
    letter = letters_to_an_office(1)[0]
    theirs = sketch_of(OWN, keys=KEYS)
    asked = replace(letter, paragraphs=with_own(letter, OWN).paragraphs[-1:])
    found = compare(asked, letter, [theirs] * MIN_COMPARED, keys=KEYS)
    assert found is not None
    assert (found.nearest, found.sentence) == (0, "")


@pytest.mark.parametrize("language", Language)
def test_nobody_can_ask_whether_an_office_got_a_letter_of_somebody_who_is_concerned(language: Language) -> None:
    template = a_template()
    fields = answered("takedown-and-standards") | {"relationship": "survivor", "reason": ""}
    answers = some_answers(fields=MappingProxyType(fields))
    theirs = compose(template, answers, a_member(), language=language, today=TODAY)
    field = template.field("relationship")
    assert field is not None
    [option] = [one for one in field.options if one.key == "survivor"]
    assert option.sentence is not None
    sentence = option.sentence.in_language(language)
    start = theirs.body.index(sentence)
    asked = with_own(theirs, theirs.body[start : start + len(sentence) + WINDOW // 2])
    asked = replace(asked, paragraphs=asked.paragraphs[-1:])
    others = [sketch_of(asked.body, keys=KEYS)] * MIN_COMPARED
    found = compare(asked, theirs, others, keys=KEYS)
    assert found is not None
    assert found.nearest > 0, "it could be asked"
    found = compare(asked, theirs, others, keys=KEYS, sensitive=[sentence])
    assert found is not None
    assert (found.nearest, found.sentence) == (0, "")


def test_of_few_letters_nothing_is_said() -> None:
    letter = letters_to_an_office(1)[0]
    few = [sketch_of(letter.body, keys=KEYS)] * (MIN_COMPARED - 1)
    assert compare(letter, letter, few, keys=KEYS) is None


def test_a_sketch_has_a_size_whatever_the_letter_and_gives_back_no_word() -> None:
    letter = letters_to_an_office(1)[0]
    long, short = sketch_of(letter.body * 20, keys=KEYS), sketch_of("short", keys=KEYS)
    assert (len(long.smallest), len(short.smallest)) == (SKETCH_SIZE, 1)
    assert not any(word.encode() in long.to_bytes() for word in letter.body.split() if len(word) > 3)
    assert sketch_of(letter.body, keys=replace(KEYS, newest_first=(b"o" * 32,))).to_bytes() != long.to_bytes()


def test_an_empty_sketch_shares_nothing() -> None:
    letter = letters_to_an_office(1)[0]
    found = compare(letter, letter, [Sketch(10, frozenset())] * MIN_COMPARED, keys=KEYS)
    assert found is not None
    assert found.nearest == 0
