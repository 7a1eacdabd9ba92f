"""What a letter says of a bill is held against what is known of it: claims alone, and only as far as it is known."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.campaigns.legislation import STAGE_DAYS, Stage
from advocacy.language import Language
from advocacy.letters.bills import BillClaim, BillFault, check_bill
from advocacy.letters.figures import Verdict
from tests.builders import TODAY
from tests.unit.letters.bills.sample_bills import CONFIRMED, Sentence, a_bill, claims, sentences, stages

EN, FR = Language.EN, Language.FR
COMMITTEE, UNKNOWN = Stage.COMMITTEE, Stage.UNKNOWN
KNOWN = [stage for stage in Stage if stage is not UNKNOWN]


def verdicts(text: str, stage: Stage, language: Language = EN) -> set[Verdict]:
    return {claim.verdict for claim in claims(text, stage, language)}


def only(text: str, stage: Stage = COMMITTEE, language: Language = EN) -> BillClaim:
    (claim,) = claims(text, stage, language)
    return claim


# --- sentences kept as data


def wrong(name: str, is_right: Callable[[Sentence], bool]) -> list[str]:
    """The sentences of a file that are not judged as they should be."""
    every = sentences(name)
    assert len(every) >= 150
    return [" | ".join((*sentence.labels, sentence.text)) for sentence in every if not is_right(sentence)]


def is_judged_by_the_stage(sentence: Sentence) -> bool:
    true_at, _, possible_at = sentence.labels[0].partition("?")
    is_true, is_possible = stages(true_at), stages(possible_at)
    found = {stage: verdicts(sentence.text, stage, sentence.language) for stage in KNOWN}
    return all(
        found[stage] == {Verdict.TRUE}
        if stage in is_true
        else (Verdict.FALSE in found[stage]) != (stage in is_possible)
        for stage in KNOWN
    )


def is_unsure_while_unknown(sentence: Sentence) -> bool:
    true_at = sentence.labels[0].partition("?")[0]
    certain = {"all": Verdict.TRUE, "never": Verdict.FALSE}
    expected = certain.get(true_at.strip(), Verdict.UNCLEAR)
    found = verdicts(sentence.text, UNKNOWN, sentence.language)
    return expected in found and found <= {expected, Verdict.TRUE}


def test_what_a_sentence_states_is_judged_by_the_stage() -> None:
    assert wrong("stages", is_judged_by_the_stage) == []


def test_while_the_stage_is_unknown_no_claim_on_it_is_true_or_false() -> None:
    assert wrong("stages", is_unsure_while_unknown) == []


def claims_nothing(sentence: Sentence) -> bool:
    found = {verdict for stage in Stage for verdict in verdicts(sentence.text, stage, sentence.language)}
    return not found & {Verdict.FALSE, Verdict.UNCLEAR}


def test_conditions_wishes_questions_and_other_subjects_claim_nothing() -> None:
    assert wrong("other", claims_nothing) == []


def is_judged_as_a_reader_would(sentence: Sentence) -> bool:
    stage, expected = sentence.labels
    found = verdicts(sentence.text, Stage(stage), sentence.language)
    return {
        "false": Verdict.FALSE in found,
        "true": Verdict.FALSE not in found,
        "unclear": Verdict.UNCLEAR in found and Verdict.FALSE not in found,
        "other": not found & {Verdict.FALSE, Verdict.UNCLEAR},
    }[expected]


@pytest.mark.parametrize("name", ["edited", "written", "more", "near"])
def test_an_edited_sentence_is_judged_as_a_reader_would(name: str) -> None:
    assert wrong(name, is_judged_as_a_reader_would) == []


# --- the same statements of every name, in every clause

SUBJECTS = {
    EN: (
        "Bill C-34", "C-34", "bill c34", "the bill", "this bill", "the Safe Social Media Act", "Bill C-34, which I support,",
        "Bill C-34 on social media", "Bill C-34, introduced by Marc Miller,", "the government's Bill C-34", "your Bill C-34",
        "Bill C-34 (the Safe Social Media Act)", "the bill that would protect our children", "the bill on online safety",
        "Bill C-34, despite its flaws,", "the bill, C-34,", "the bill we have all been waiting for",
    ),
    FR: (
        "le projet de loi C-34", "le C-34", "C-34", "le projet de loi", "ce projet de loi", "le projet de loi C-34, que j’appuie,",
        "le projet de loi C-34 sur les médias sociaux", "le projet de loi C-34, déposé par Marc Miller,", "votre projet de loi C-34",
        "le projet de loi qui protégerait nos enfants", "le projet de loi fédéral", "le projet de loi C-34, malgré ses défauts,",
    ),
}  # fmt: skip
CLAIMED = {
    EN: (
        "{}.", "I read that {}.", "Now that {}, please act.", "Because {}, I am writing to you.", "I am glad that {}.",
        "{}, so I ask you to act.", "{}, but nothing has changed.", "As {}, I turn to you.", "My neighbour says {}.",
        "{} and I am grateful.", "{}: will you act?", "You must know that {}.", "Even though {}, children are not safe.",
        "Did you know that {}?", "As a parent, I was moved when I learned that {}.", "According to the news, {}.",
        "I have two children, and {}.", "{}; what comes next?", "Unfortunately, {}.",
    ),
    FR: (
        "{}.", "J’ai lu que {}.", "Maintenant que {}, agissez.", "Parce que {}, je vous écris.", "Puisque {}, je vous écris.",
        "Je sais que {}.", "Tout le monde dit que {}.", "{} : agirez-vous?", "Saviez-vous que {}?", "Selon les nouvelles, {}.",
        "J’ai deux enfants, et {}.", "{}; et maintenant?", "Malheureusement, {}.", "{}, mais rien n’a changé.",
        "Étant donné que {}, je vous demande d’agir.",
    ),
}  # fmt: skip
OPEN = {
    EN: (
        "If {}, please tell me.", "I hope that {}.", "I wonder whether {}.", "I do not know if {}.", "Once {}, things will change.",
        "Unless {}, nothing will change.", "Imagine that {}.", "I doubt that {}.", "Is it true that {}?", "Can you confirm that {}?",
        "I thought that {}, but I was wrong.", "I have not heard that {}.", "Do you know if {}?",
    ),
    FR: (
        "Si {}, dites-le-moi.", "Je me demande si {}.", "J’ignore si {}.", "Est-ce que {}?", "Une fois que {}, tout changera.",
        "Imaginons que {}.", "Est-il vrai que {}?", "Je croyais que {}, mais je me trompais.", "Je ne sais pas si {}.",
        "Je n’ai pas entendu dire que {}.",
    ),
}  # fmt: skip
TRUE = {
    EN: (
        "is in committee", "was introduced in June", "has passed second reading", "has not become law", "is still before Parliament",
        "was tabled on June 10, 2026", "has not reached the Senate", "is being studied by a House committee", "is not dead",
        "has been referred to committee", "has yet to receive Royal Assent", "was introduced five months ago",
    ),
    FR: (
        "est en comité", "a été déposé en juin", "a passé la deuxième lecture", "n’est pas encore loi", "est encore à l’étude",
        "n’est pas rendu au Sénat", "a été renvoyé en comité", "n’est pas mort", "a été déposé le 10 juin 2026",
    ),
}  # fmt: skip
OTHERS = {
    EN: (
        "my son has passed his exam", "the motion was adopted by our council", "Bill C-63 died in January 2025", "the British law is in force",
        "Bill C-16 received Royal Assent", "Quebec adopted its own law", "our petition has passed 500 signatures", "my mother died last year",
        "the Online Harms Act died on the Order Paper", "our committee of parents has finished its work", "the time for excuses has passed",
    ),
    FR: (
        "mon fils a passé son examen", "la motion a été adoptée", "le projet de loi C-63 est mort en janvier 2025", "le budget a été adopté",
        "le C-16 a reçu la sanction royale", "le Québec a adopté sa propre loi", "notre comité de parents a terminé ses travaux",
        "mon député a été battu", "le projet de loi 96 est en vigueur au Québec",
    ),
}  # fmt: skip
BESIDE = {
    EN: (
        "I support Bill C-34, and {}.", "As {}, I ask you to support Bill C-34.", "I support Bill C-34. {}.", "Bill C-34 matters: {}.",
        "Bill C-34 matters to me because {}.", "Now that {}, please support Bill C-34.", "I read about Bill C-34 when {}.",
    ),
    FR: (
        "J’appuie le projet de loi C-34, et {}.", "J’appuie le C-34. {}.", "Le projet de loi C-34 me tient à cœur : {}.",
        "Le C-34 me tient à cœur parce que {}.", "Maintenant que {}, appuyez le C-34.",
    ),
}  # fmt: skip
AFTER_A_LEAD = {
    EN: (
        ("C-34 has passed", ""), ("Bill C-34 died on the Order Paper", ""), ("Parliament has adopted C-34", ""),
        ("Bill C-34 is before the Senate", ""), ("C-34 became law in September", ""), ("Bill C-34 was withdrawn", ""),
        ("C-34 is in force", ""), ("the House has passed C-34", ""),
    ),
    FR: (
        ("le C-34 a été adopté", "le C-34 ait été adopté"),
        ("le projet de loi C-34 est mort au feuilleton", "le projet de loi C-34 soit mort au feuilleton"),
        ("le Parlement a adopté le C-34", "le Parlement ait adopté le C-34"),
        ("le projet de loi C-34 est au Sénat", "le projet de loi C-34 soit au Sénat"),
        ("le C-34 est devenu loi en septembre", "le C-34 soit devenu loi en septembre"),
    ),
}  # fmt: skip
"""What is false of a bill in committee, in the indicative and in the subjunctive."""
SAMPLE = 400
"""Sentences of each kind that are put together; `make thorough` takes a larger sample."""
LARGE = pytest.param(4_000, marks=pytest.mark.thorough, id="many")


def combined(form: str, said: str) -> str:
    sentence = form.format(said).replace(",,", ",")
    return sentence[0].upper() + sentence[1:]


def a_sample(language: Language, forms: tuple[str, ...], predicates: tuple[str, ...], *, size: int) -> list[str]:
    said = [f"{subject} {predicate}" for subject, predicate in product(SUBJECTS[language], predicates)]
    every = [combined(form, one) for form, one in product(forms, said)]
    return random.Random("bills").sample(every, min(size, len(every)))


def predicates(language: Language) -> tuple[str, ...]:
    return tuple(sentence.text for sentence in sentences("predicates") if sentence.language is language)


@pytest.mark.parametrize("size", [SAMPLE, LARGE])
@pytest.mark.parametrize("language", Language)
def test_a_false_claim_is_found_in_whatever_clause_and_of_whatever_name(language: Language, size: int) -> None:
    every = a_sample(language, CLAIMED[language], predicates(language), size=size)
    passed = [text for text in every if Verdict.FALSE not in verdicts(text, COMMITTEE, language)]
    assert len(passed) <= len(every) / 100, "\n".join(passed[:20])


@pytest.mark.parametrize("size", [SAMPLE, LARGE])
@pytest.mark.parametrize("language", Language)
def test_what_is_left_open_is_never_accused(language: Language, size: int) -> None:
    every = a_sample(language, OPEN[language], predicates(language), size=size)
    accused = [text for text in every if Verdict.FALSE in verdicts(text, COMMITTEE, language)]
    assert len(accused) <= len(every) / 50, "\n".join(accused[:20])


def is_claimed_or_open(lead: Sentence) -> bool:
    every = AFTER_A_LEAD[lead.language]
    first = len(lead.text) % len(every)  # two of them, others after each lead
    texts = [
        lead.text.format(indicative, subjunctive=subjunctive)
        for indicative, subjunctive in (*every, *every)[first : first + 2]
    ]
    is_claimed = lead.labels == ("claimed",)
    return all((Verdict.FALSE in verdicts(text, COMMITTEE, lead.language)) == is_claimed for text in texts)


def test_words_before_and_after_a_statement_tell_whether_it_is_claimed() -> None:
    assert wrong("leads", is_claimed_or_open) == []


@pytest.mark.parametrize("size", [SAMPLE, LARGE])
@pytest.mark.parametrize("language", Language)
def test_a_true_claim_is_never_accused(language: Language, size: int) -> None:
    every = a_sample(language, CLAIMED[language], TRUE[language], size=size)
    accused = [text for text in every if Verdict.FALSE in verdicts(text, COMMITTEE, language)]
    assert len(accused) <= len(every) / 100, "\n".join(accused[:20])


@pytest.mark.parametrize("language", Language)
def test_what_is_said_of_others_beside_the_bill_is_never_accused(language: Language) -> None:
    every = [combined(form, other) for form, other in product(BESIDE[language], OTHERS[language])]
    assert [text for text in every if Verdict.FALSE in verdicts(text, COMMITTEE, language)] == []


# --- what is answered


def test_a_false_stage_has_what_is_known_and_since_when() -> None:
    claim = only("Bill C-34 has passed.")
    assert (claim.verdict, claim.fault, claim.number) == (Verdict.FALSE, BillFault.STAGE, "C-34")
    assert claim.evidence.in_language(EN) == "introduced on June 10, 2026; in committee, confirmed on November 20, 2026"
    assert claim.evidence.in_language(FR) == "déposé le 10 juin 2026; en comité, étape confirmée le 20 novembre 2026"
    assert (claim.as_typed, claim.suggestion) == ("Bill C-34 has passed", "Bill C-34 is in committee")


@pytest.mark.parametrize(
    ("text", "stage", "suggestion"),
    [
        ("Le projet de loi C-34 a été adopté.", COMMITTEE, "Le projet de loi C-34 est en comité"),
        ("Le C-34 est en comité.", Stage.PASSED, "Le C-34 a été adopté"),
        ("Now that Bill C-34 is law, please act.", Stage.OTHER_HOUSE, None),
        ("I read Bill C-34. It died.", Stage.THIRD_READING, "It is at third reading"),
        ("Parliament has passed Bill C-34.", COMMITTEE, None),
        ("Bill C-34 passed on October 2, 2026.", COMMITTEE, None),
    ],
)
def test_a_stage_is_corrected_where_a_verb_alone_is_to_be_replaced(
    text: str, stage: Stage, suggestion: str | None
) -> None:
    claim = only(text, stage, FR if text.startswith("Le") else EN)
    assert (claim.verdict, claim.suggestion) == (Verdict.FALSE, suggestion)


@pytest.mark.parametrize(
    ("text", "as_typed", "suggestion"),
    [
        ("Bill C-34 was introduced on May 2, 2026.", "May 2, 2026", "June 10, 2026"),
        ("Bill C-34 was introduced in May 2026.", "May 2026", "June 2026"),
        ("Bill C-34 was introduced in May.", "May", "June"),
        ("Bill C-34 was introduced on June 12.", "June 12", "June 10"),
        ("In 2025, the government introduced Bill C-34.", "2025", "2026"),
        ("Bill C-34 was tabled last year.", "last year", "on June 10, 2026"),
        ("Le projet de loi C-34 a été déposé le 2 mai 2026.", "2 mai 2026", "10 juin 2026"),
        ("Le projet de loi C-34 a été déposé en mai.", "mai", "juin"),
        ("Le projet de loi C-34 a été déposé l’an dernier.", "l’an dernier", "le 10 juin 2026"),
        ("It has been two years since Bill C-34 was introduced.", "two years", None),
    ],
)
def test_the_day_of_introduction_is_corrected_as_precisely_as_it_was_named(
    text: str, as_typed: str, suggestion: str | None
) -> None:
    for stage in Stage:
        claim = only(text, stage, FR if text.startswith("Le") else EN)
        assert (claim.verdict, claim.fault) == (Verdict.FALSE, BillFault.INTRODUCED)
        assert (claim.as_typed, claim.suggestion) == (as_typed, suggestion)


def test_what_came_about_before_the_introduction_is_false_whatever_the_stage() -> None:
    for stage in Stage:
        assert verdicts("Bill C-34 died in January 2025.", stage) == {Verdict.FALSE}
        assert verdicts("Bill C-34 has been before Parliament since 2024.", stage) == {Verdict.FALSE}


@pytest.mark.parametrize(
    ("text", "as_typed"),
    [
        ("Please vote for Bill C-43 at third reading.", "C-43"),
        ("Bill S-34 would give operators 24 hours.", "S-34"),
        ("Bill C-34A would give operators 24 hours.", "C-34A"),
        ("Bill C-35, on social media and children, would give operators 24 hours.", "C-35"),
        ("The Safe Social Media Act (Bill C-63) would give operators 24 hours.", "C-63"),
        ("Appuierez-vous le projet de loi C-43?", "C-43"),
    ],
)
def test_a_number_that_is_nearly_the_bills_is_corrected(text: str, as_typed: str) -> None:
    claim = only(text, UNKNOWN)
    assert (claim.verdict, claim.fault, claim.as_typed) == (Verdict.FALSE, BillFault.NUMBER, as_typed)
    assert claim.suggestion == "C-34"


@pytest.mark.parametrize("number", ["C-63", "C-16", "C-2", "S-210", "C-11"])
def test_another_bill_is_nobodys_mistake(number: str) -> None:
    for text in (f"Bill {number} died in January 2025.", f"I also support Bill {number}.", f"Unlike Bill {number}, …"):
        assert claims(text, COMMITTEE) == ()


def test_a_number_put_into_a_composed_sentence_is_corrected_whatever_it_is() -> None:
    composed = "Will you speak for this at second reading of Bill C-34, and vote to send the bill to committee?"
    edited = composed.replace("C-34", "C-63")
    bill = a_bill(UNKNOWN, None)
    (claim,) = check_bill(edited, [bill], EN, today=TODAY, composed=[composed])
    assert (claim.verdict, claim.as_typed, claim.suggestion) == (Verdict.FALSE, "C-63", "C-34")
    assert check_bill(edited, [bill], EN, today=TODAY) == ()


def test_another_title_is_corrected_and_a_french_one_only_asked_about() -> None:
    claim = only("Bill C-34, the Online Harms Act, would help.")
    assert (claim.verdict, claim.fault) == (Verdict.FALSE, BillFault.TITLE)
    assert (claim.as_typed, claim.suggestion) == ("Online Harms Act", "Safe Social Media Act")
    assert only("Bill C-34, the Safe Social Media Act, would help.").verdict is Verdict.TRUE
    assert only("Le C-34 (Loi sur les préjudices en ligne) aiderait.", language=FR).verdict is Verdict.UNCLEAR


def test_a_stage_confirmed_too_long_ago_is_unknown() -> None:
    for age, expected in ((STAGE_DAYS, Verdict.FALSE), (STAGE_DAYS + 1, Verdict.UNCLEAR)):
        bill = a_bill(COMMITTEE, TODAY - timedelta(age))
        (claim,) = check_bill("Bill C-34 has passed.", [bill], EN, today=TODAY)
        assert claim.verdict is expected
    assert (
        claim.evidence.in_language(EN)
        == "introduced on June 10, 2026; its stage was last confirmed on October 10, 2026"
    )
    assert (
        only("Bill C-34 has passed.", UNKNOWN).evidence.in_language(EN)
        == "introduced on June 10, 2026; nobody has confirmed its stage"
    )


def test_what_was_composed_is_never_doubted() -> None:
    composed = "Bill C-34 has passed: will you publish its regulations?"
    bill = a_bill(COMMITTEE, CONFIRMED)
    assert check_bill(composed, [bill], EN, today=TODAY, composed=[composed]) == ()
    edited = composed.replace("has passed", "has now passed")
    assert [claim.verdict for claim in check_bill(edited, [bill], EN, today=TODAY, composed=[composed])] == [
        Verdict.FALSE
    ]


def test_a_bill_of_the_senate_has_the_house_as_its_other_chamber() -> None:
    bill = a_bill(Stage.OTHER_HOUSE, CONFIRMED, number="S-210")
    verdicts_by_text = {
        text: [claim.verdict for claim in check_bill(text, [bill], EN, today=TODAY)]
        for text in (
            "Bill S-210 is before the House.",
            "The Senate has passed Bill S-210.",
            "Bill S-210 is in the Senate.",
        )
    }
    assert list(verdicts_by_text.values()) == [[Verdict.TRUE], [Verdict.TRUE], [Verdict.FALSE]]


def test_each_bill_of_a_campaign_is_compared_with_its_own_stage() -> None:
    bills = [a_bill(COMMITTEE), a_bill(Stage.PASSED, CONFIRMED, number="C-16")]
    text = "Bill C-16 has passed and Bill C-34 has passed. Bill C-16 is in committee."
    found = [(claim.number, claim.verdict) for claim in check_bill(text, bills, EN, today=TODAY)]
    assert found == [("C-16", Verdict.TRUE), ("C-34", Verdict.FALSE), ("C-16", Verdict.FALSE)]


def test_a_campaign_without_a_bill_claims_nothing() -> None:
    assert check_bill("Bill C-34 has passed.", [], EN, today=TODAY) == ()


# --- any text at all

PIECES = st.sampled_from(
    ["C-34", "bill C-34", "the bill", "le projet de loi C-34", " it ", " il ", " has passed", " a été adopté", " is law", " in committee",
     " was introduced", "in May 2026", "31 juin", "June 31, 2026", "99999 years ago", ", ", ". ", "? ", "(", ")", '"', "\n\n", "\n", " not ",
     " n’", "if ", "that ", "which ", "Parliament ", "the Senate ", "Safe Social Media Act", "the Online Harms Act", "C-43", " and ", "\u200b",
     "\ue000", "\ue100", "œ", "É", "C\u00a0‑\u00a034", "since ", "1" * 30, " by ", "'s ", " of ", "l’"]
)  # fmt: skip


@given(st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=40).map("".join), st.sampled_from(Stage))
def test_any_text_is_read_and_every_claim_stands_where_it_says(text: str, stage: Stage) -> None:
    bill = a_bill(stage, None if stage is UNKNOWN else CONFIRMED)
    found = check_bill(text, [bill], FR, today=date(2026, 11, 25), composed=(text[:60],))
    for claim in found:
        start, end = claim.span
        assert 0 <= start < end <= len(text)
        assert text[start:end] == claim.as_typed
        assert claim.verdict is Verdict.FALSE or claim.suggestion is None
    assert [claim.span for claim in found] == sorted(claim.span for claim in found)


@pytest.mark.parametrize("piece", ["C-34 ", "C-34 has passed ", "(C-34 (passed) ", "the bill, ", "if that the Senate "])
def test_a_long_text_without_sentences_is_read_too(piece: str) -> None:
    text = piece * (12_000 // len(piece))
    assert all(claim.as_typed in text for claim in check_bill(text, [a_bill(COMMITTEE)], EN, today=TODAY))
