"""Problems of all the files of a campaign, each with its place."""

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache, partial
from itertools import islice, product
from typing import Any

from advocacy.campaigns.campaign_files import Offer
from advocacy.campaigns.campaign_folder import CAMPAIGN, FINDINGS, LETTER, NOTE, SAFETY, TEXTS, CampaignFolder
from advocacy.campaigns.checks.letter_check import MAX_REMARKS, check_letter
from advocacy.campaigns.checks.prose import Remark, check_bills, check_prose
from advocacy.campaigns.grammar.tokens import TAG, excerpt
from advocacy.campaigns.legislation import Stage
from advocacy.findings import Survey
from advocacy.language import Language
from advocacy.problems import KeyPath, Place, Problem, complaint
from advocacy.toml_source import TomlPlaces, TomlProblems, read_or_report

FOLDER_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MAX_NAME_LENGTH = 60
RESERVED_NAMES = {
    # Pages that have the address a campaign would have, and names of the campaign's own files.
    "campaign": frozenset({"accessibility", "confirm", "export", "help", "import", "new", "privacy", "receipt"}),
    "letter": frozenset({"campaign", "findings", "new", "order", "pictures", "safety"}),
}
LEAVE_ADDRESS = "leave"
"""The key of an address that a button leads to, which nobody reads."""
ACT, BILL = "act", "bill"
WORD = re.compile(r"\w+")
ADDRESS = re.compile(r"https://[^\s;,]+[^\s;,.]")


def check_folder(folder: CampaignFolder) -> list[Problem]:
    """Check one campaign whole; an empty list means that its letters are ready."""
    return sorted({problem for part in check_parts(folder) for problem in part})


def check_parts(folder: CampaignFolder, letters: Collection[str] | None = None) -> Iterator[Sequence[Problem]]:
    """Yield the problems of a campaign part by part, each when it is asked for: its own, then each letter's.

    With `letters`, only these are looked at, and nothing of the campaign's own. Of each file `MAX_REMARKS` are given
    at most of what is wrong with its words.
    """
    if letters is None:
        problems: list[Problem] = []
        read_or_report(folder.campaign, problems)
        survey = read_or_report(folder.survey, problems)
        read_or_report(folder.safety, problems)
        problems += _check_names_and_files(folder)
        for name, _ in folder.files:
            if name.endswith(".toml"):
                problems += islice(_check_toml_words(folder, name, survey), MAX_REMARKS)
        problems += _check_statements(folder)
        yield problems
    for letter in folder.letters():
        if letters is None or letter in letters:
            yield check_letter(folder.only(letter), letter)


def _check_names_and_files(folder: CampaignFolder) -> Iterator[Problem]:
    """Check what the campaign and its letters are called, and that no file is missing or unknown."""
    yield from _check_name(folder.path(CAMPAIGN), "campaign", folder.name)
    for name in folder.unknown_files():
        yield complaint("file-unknown", files=(LETTER, *TEXTS.values())).at(Place(folder.path(name)))
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
        # An act that is not for the unknown stage is printed at a known stage alone.
        acts = table.get(ACT, []) if name == CAMPAIGN else []
        at_known_stage = {place for place, act in enumerate(acts) if Stage.UNKNOWN not in act.get("stages", Stage)}
    except (TomlProblems, ValueError, RecursionError, AttributeError, TypeError):
        return  # reported where the file is read whole
    places = TomlPlaces(text)
    numbers = None if name in {FINDINGS, SAFETY} else survey.numbers if survey else frozenset()
    for path, language, words in texts:
        if name == CAMPAIGN and path[0] == LEAVE_ADDRESS:
            continue
        is_act = name == CAMPAIGN and path[0] == ACT
        filled_in = is_act or (name == CAMPAIGN and path[0] == NOTE)
        # The addresses of support services are no links typed by mistake.
        prose = ADDRESS.sub(lambda address: "x" * len(address[0]), words) if name == SAFETY else words
        found = [*_prose_remarks(prose, language, numbers, is_letter=filled_in)]
        if name != FINDINGS and path[0] != BILL:
            found += check_bills(words, language, names_stage=is_act and path[1] in at_known_stage)
        if not filled_in:
            found += [
                Remark(tag.start(), complaint("tag-in-settings", text=tag[0]), len(tag[0]))
                for tag in TAG.finditer(words)
            ]
        for start, remark, length in found:
            yield remark.at(Place(folder.path(name), *places.words(path, words, start), length, path))


def _check_statements(folder: CampaignFolder) -> Iterator[Problem]:
    """Check that each wording of a statement is a sentence, and that no two of its wordings say it alike."""
    campaign = folder.readable_campaign()
    if campaign is None:
        return
    places, file = TomlPlaces(folder.text(CAMPAIGN)), folder.path(CAMPAIGN)
    for name, statements in campaign.statements.items():
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


# Whoever changes one text of a campaign has all the others checked as they were.
@lru_cache(maxsize=1024)
def _prose_remarks(
    words: str, language: Language, numbers: frozenset[Decimal] | None, *, is_letter: bool
) -> Sequence[Remark]:
    return tuple(check_prose(words, language, numbers, is_letter=is_letter))


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
