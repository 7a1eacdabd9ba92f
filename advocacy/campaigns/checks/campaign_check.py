"""Problems of all the files of a campaign, each with its place."""

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice, product
from typing import Any

from advocacy.campaigns.campaign_files import Offer
from advocacy.campaigns.campaign_folder import CAMPAIGN, FINDINGS, LETTER, SAFETY, SENTENCES, CampaignFolder
from advocacy.campaigns.checks.letter_check import MAX_FAULTS, check_letter
from advocacy.campaigns.checks.prose import check_bills, check_prose, check_sentence_length, excerpt
from advocacy.campaigns.legislation import Stage
from advocacy.campaigns.letter_text import BRACES, Fault
from advocacy.campaigns.only_for import PENDING
from advocacy.campaigns.sentences_file import SHARED
from advocacy.findings import Survey
from advocacy.language import Language
from advocacy.problems import KeyPath, Place, Problem, complaint
from advocacy.toml_source import TomlPlaces, TomlProblems, read_or_report

FOLDER_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MAX_NAME_LENGTH = 60
RESERVED_NAMES = {
    # Pages that have the address a campaign would have, and names of the campaign's own files.
    "campaign": frozenset({"accessibility", "confirm", "export", "help", "import", "new", "privacy", "receipt"}),
    "letter": frozenset({"campaign", "findings", "new", "order", "pictures", "safety", "sentences"}),
}
LEAVE_ADDRESS = "leave"
"""The key of an address that a button leads to, which nobody reads."""
BILL, SECTION, LINK = "bill", "section", "link"
WORD = re.compile(r"\w+")
ADDRESS = re.compile(r"https://[^\s;,]+[^\s;,.]")


def check_folder(folder: CampaignFolder) -> list[Problem]:
    """Check one campaign whole; an empty list means that its letters are ready."""
    return sorted({problem for part in check_parts(folder) for problem in part})


def check_parts(folder: CampaignFolder, letters: Collection[str] | None = None) -> Iterator[Sequence[Problem]]:
    """Yield the problems of a campaign part by part, each when it is asked for: its own, then each letter's.

    With `letters`, only these are looked at, and nothing of the campaign's own.
    """
    for part in _parts(folder, letters):
        yield [problem for problem in part if not problem.is_advice]


def check_advice(folder: CampaignFolder) -> list[Problem]:
    """Return what would make a campaign's letters better, and keeps none from being published."""
    return sorted(problem for part in _parts(folder, None) for problem in part if problem.is_advice)


def _parts(folder: CampaignFolder, letters: Collection[str] | None) -> Iterator[Sequence[Problem]]:
    if letters is None:
        problems: list[Problem] = []
        for read in (folder.campaign, folder.sentences, folder.safety):
            read_or_report(read, problems)
        survey = read_or_report(folder.survey, problems)
        problems += _check_names_and_files(folder)
        for name, _ in folder.files:
            if name.endswith(".toml"):
                problems += islice(_check_toml_words(folder, name, survey), MAX_FAULTS)
        problems += _check_statements(folder)
        yield problems
    for letter in folder.letters():
        if letters is None or letter in letters:
            yield check_letter(folder.only(letter), letter)


def _check_names_and_files(folder: CampaignFolder) -> Iterator[Problem]:
    """Check what the campaign and its letters are called, and that no file is missing or unknown."""
    yield from _check_name(folder.path(CAMPAIGN), "campaign", folder.name)
    for name in folder.unknown_files():
        yield complaint("file-unknown", file=LETTER).at(Place(folder.path(name)))
    for letter in folder.letters():
        yield from _check_name(folder.path(f"{letter}/{LETTER}"), "letter", letter)
    if not folder.letters():
        yield complaint("letter-missing").at(Place(folder.path(CAMPAIGN)))
    yield from _check_followers(folder)


def _check_followers(folder: CampaignFolder) -> Iterator[Problem]:
    """Find a second letter that would be offered as the follow-up, or as the thanks."""
    offered: set[Offer] = set()
    for letter in folder.letters():
        file = read_or_report(partial(folder.letter, letter))
        if file is None or file.offer not in {Offer.FOLLOW_UP, Offer.THANKS}:
            continue
        if file.offer in offered:
            name = f"{letter}/{LETTER}"
            line = TomlPlaces(folder.text(name)).line(("offer",))
            yield complaint("offer-twice", text=file.offer).at(Place(folder.path(name), line))
        offered.add(file.offer)


def _check_name(file: str, what: str, name: str) -> Iterator[Problem]:
    if not FOLDER_NAME.fullmatch(name) or len(name) > MAX_NAME_LENGTH:
        yield complaint("folder-name", text=name, most=MAX_NAME_LENGTH).at(Place(file))
    if name in RESERVED_NAMES[what]:
        yield complaint(f"{what}-name-taken", text=name).at(Place(file))


def _check_toml_words(folder: CampaignFolder, name: str, survey: Survey | None) -> Iterator[Problem]:
    """Check the words in a TOML file as prose. Figures are for the survey's file, telephone numbers for safety's."""
    try:
        text = folder.text(name)
        table = tomllib.loads(text)
        texts = [*_texts_by_language(table, ())]
    except (TomlProblems, ValueError, RecursionError):
        return  # reported where the file is read whole
    places = TomlPlaces(text)
    numbers = None if name in {FINDINGS, SAFETY} else survey.numbers if survey else frozenset()
    for path, language, words in texts:
        if path[0] == SECTION or (name == CAMPAIGN and path[0] == LEAVE_ADDRESS) or path[-2] == LINK:
            continue
        has_blanks = path[0] in SHARED
        # The addresses of support services are no links typed by mistake.
        prose = ADDRESS.sub(lambda address: "x" * len(address[0]), words) if name == SAFETY else words
        faults = [*check_prose(prose, language, numbers, survey=survey if has_blanks else None)]
        if name != FINDINGS and path[0] != BILL:
            faults += check_bills(words, language, names_stage=has_blanks and _at_known_stage(table, path))
        if has_blanks:
            faults += check_sentence_length(words, {})
        else:
            faults += [
                Fault(complaint("braces", text=braces[0]), braces.start(), len(braces[0]))
                for braces in BRACES.finditer(words)
            ]
        for found, start, length in faults:
            yield found.at(Place(folder.path(name), *places.words(path, words, start), length, path))


def _at_known_stage(table: Any, path: KeyPath) -> bool:
    """Whether a shared sentence is printed at stages alone that are known."""
    stages = table[path[0]][path[1]].get("only_for", {}).get("stages", ())
    return bool(stages) and not {PENDING, Stage.UNKNOWN.value} & {*stages}


def _check_statements(folder: CampaignFolder) -> Iterator[Problem]:
    """Check that each wording of a statement is a sentence, and that no two of its wordings say it alike."""
    sentences = read_or_report(folder.sentences)
    lists = sentences.statements.items() if sentences else ()
    for name, statements in lists:
        places, file = TomlPlaces(folder.text(SENTENCES)), folder.path(SENTENCES)
        for (place, statement), language in product(enumerate(statements), Language):
            texts = [wording.in_language(language) for wording in statement.wordings]
            for number, text in enumerate(texts):
                path = ("statements", name, place, "wording", number, language)
                found = []
                if not _is_sentence(text):
                    found.append(complaint("statement-not-sentence", text=excerpt(text)))
                alike = next((other for other in range(number) if _share_words(text, texts[other])), None)
                if alike is not None:
                    found.append(complaint("statement-alike", text=excerpt(text), number=alike + 1))
                for one in found:
                    yield one.at(Place(file, *places.words(path, text), len(text), path))


def _is_sentence(text: str) -> bool:
    return text.lstrip("“« \u00a0")[:1].isupper() and text.rstrip("”» \u00a0")[-1:] in tuple(".!?…")


def _share_words(one: str, other: str) -> bool:
    """Whether more than half of the runs of three words of the shorter of two texts are in the other too."""
    smaller, larger = sorted(map(_runs, (one, other)), key=len)
    return len(smaller & larger) * 2 > len(smaller)


def _runs(text: str) -> frozenset[str]:
    words = WORD.findall(text.casefold())
    return frozenset(" ".join(words[start : start + 3]) for start in range(max(1, len(words) - 2)))


def _texts_by_language(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Language, str]]:
    """Return every text that is written once per language, with its path."""
    items: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for key, inner in items:
        if isinstance(inner, str) and key in set(Language):
            yield (*path, key), Language(key), inner
        else:
            yield from _texts_by_language(inner, (*path, key))
