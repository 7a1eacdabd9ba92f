"""Letters as writers see them, for tests: the shipped ones, and the small campaign's with another text."""

from functools import cache
from pathlib import Path

from advocacy.campaigns.campaign_files import CampaignFile, LetterFile
from advocacy.campaigns.campaign_folder import TEXTS, CampaignFolder, read_folder
from advocacy.campaigns.editor import labels, manuscript_source
from advocacy.campaigns.editor.labels import Labels
from advocacy.campaigns.editor.manuscript import Manuscript
from advocacy.findings import Survey
from advocacy.language import Language
from tests.campaign_files import LETTER, campaign

SHIPPED = read_folder(Path(__file__).parents[4] / "letters" / "child-protection")


def texts_of(folder: CampaignFolder, letter: str) -> dict[Language, str]:
    """The sources of a letter."""
    return {language: folder.text(f"{letter}/{file}") for language, file in TEXTS.items()}


def labels_of(folder: CampaignFolder, letter: str) -> Labels:
    """The labels of a letter."""
    texts = texts_of(folder, letter)
    return labels.make_labels(folder.campaign(), folder.survey(), folder.letter(letter), texts=texts)


@cache
def small() -> tuple[CampaignFile, Survey, LetterFile]:
    """What the small campaign's files say."""
    folder = campaign()
    return folder.campaign(), folder.survey(), folder.letter(LETTER)


def labels_for(english: str, french: str = "") -> Labels:
    """The labels of the small campaign's letter with other texts."""
    read, survey, letter = small()
    return labels.make_labels(read, survey, letter, texts={Language.EN: english, Language.FR: french})


def opened(english: str, french: str = "") -> Manuscript:
    """The small campaign's letter with other texts, as a writer sees it."""
    return manuscript_source.read({Language.EN: english, Language.FR: french}, labels_for(english, french))


@cache
def rewritten(english: str, french: str = "") -> tuple[str, str]:
    """Both sources as they come back when nothing is changed."""
    found = labels_for(english, french)
    written, _ = manuscript_source.write(
        manuscript_source.read({Language.EN: english, Language.FR: french}, found), found
    )
    return written[Language.EN], written[Language.FR]
