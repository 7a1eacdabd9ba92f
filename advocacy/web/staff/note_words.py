"""How a problem of a letter is told to whoever writes it: by labels and languages, never by keys, braces or files."""

import re
from collections.abc import Mapping, Sequence

from advocacy.campaigns.folder import TEXTS, CampaignFolder
from advocacy.campaigns.label_words import cited_words
from advocacy.language import Language, Wording
from advocacy.toml_source import Problem, TomlProblems
from advocacy.web.staff.letter_titles import places
from advocacy.web.staff.letter_work import Reading
from advocacy.web.staff.problem_words import OF_THE_CHECKS, in_english, is_spoken, spoken

CITED = re.compile(r"\{\{ finding\.… \}\} (?:or|ou) \{\{ survey\.… \}\}")
FINDINGS = Wording.of(en="a label of the findings", fr="une étiquette des constats")
TAGS = re.compile(r"\{\{ (?P<name>[\w.]+) \}\}|\{% (?P<tag>[^{}%]+) %\}")
QUOTED = re.compile(r"(?P<open>“|«\s)(?P<name>[a-z][\w.]*)(?P<close>”|\s»)")
FILES = {
    TEXTS[Language.FR]: Wording.of(en="the French text", fr="le texte français"),
    TEXTS[Language.EN]: Wording.of(en="the English text", fr="le texte anglais"),
}
OTHER_TEXT = {
    Language.FR: Wording.of(
        en="In the French text, and missing here: {labels}.",
        fr="Dans le texte français, mais pas ici\u00a0: {labels}.",
    ),
    Language.EN: Wording.of(
        en="In the English text, and missing here: {labels}.",
        fr="Dans le texte anglais, mais pas ici\u00a0: {labels}.",
    ),
}
"""What is said where a text lacks a label, by the language that has it."""
QUOTES = Wording.of(en="“{}”", fr="«\u00a0{}\u00a0»")
EMPTY = Wording.of(
    en="This variant is empty: write it, or remove it with “Change”.",
    fr="Cette variante est vide\u00a0: rédigez-la, ou enlevez-la par «\u00a0Modifier\u00a0».",
)
WHOLE = {
    Language.FR: Wording.of(en="The whole letter, French", fr="Toute la lettre, français"),
    Language.EN: Wording.of(en="The whole letter, English", fr="Toute la lettre, anglais"),
}


def missing(names: str, read: Reading, *, has: Language, language: Language) -> str:
    """Say that one text lacks what the text in `has` has: names of the source, each called by its label."""
    known = [(name, read.labels.by_name.get(name)) for name in names.split(", ")]
    labels = [QUOTES.spoken(language).format(label.words.spoken(language) if label else name) for name, label in known]
    return OTHER_TEXT[has].spoken(language).format(labels=", ".join(labels))


def labelled(sentence: str, read: Reading, language: Language) -> str:
    """Call what a sentence names by its label, which is what a writer sees, and begin and end it as a sentence."""
    names = {name: one.words for name, one in read.labels.by_name.items()}
    said = called(_unbraced(sentence, language), names, language)
    for file, words in FILES.items():
        said = said.replace(file, words.spoken(language))
    return _whole(said)


def called(sentence: str, words: Mapping[str, Wording], language: Language) -> str:
    """Call each name that a sentence quotes by its words; one that `words` does not know stays as it is."""

    def label(found: re.Match[str]) -> str:
        names = (found["name"], f"citizen.{found['name']}", f"finding.{found['name']}")
        known = next((words[name] for name in names if name in words), None)
        return f"{found['open']}{known.spoken(language)}{found['close']}" if known else found[0]

    def tag(found: re.Match[str]) -> str:
        known = words.get(found["name"] or found["tag"])
        return f"[{known.spoken(language)}]" if known else found[0]

    return TAGS.sub(tag, QUOTED.sub(label, sentence))


def told(problems: Sequence[Problem], folder: CampaignFolder, language: Language) -> list[tuple[str, str]]:
    """Say where each problem of a campaign stands and what it is, findings called as the letters' labels are."""
    words = _findings(folder)
    sentences = [_told(problem.sentence, words, language) for problem in problems]
    return list(zip(places(problems, folder, language), sentences, strict=True))


def _told(sentence: str, words: Mapping[str, Wording], language: Language) -> str:
    if is_spoken(sentence, language):
        return _whole(called(_unbraced(spoken(sentence, language), language), words, language))
    return in_english(_whole(called(_unbraced(sentence, OF_THE_CHECKS), words, OF_THE_CHECKS)))


def _unbraced(sentence: str, language: Language) -> str:
    return CITED.sub(FINDINGS.spoken(language), sentence)


def _findings(folder: CampaignFolder) -> Mapping[str, Wording]:
    try:
        return {f"finding.{key}": cited_words(one) for key, one in folder.survey().citable.items()}
    except TomlProblems:
        return {}


def _whole(said: str) -> str:
    """Begin with a capital where a word begins it, and end with a full stop."""
    first = said.split(" ", 1)[0]
    begun = said[:1].upper() + said[1:] if first.replace("’", "").isalpha() else said
    return begun if begun.endswith((".", "?", "!", "…")) else f"{begun}."
