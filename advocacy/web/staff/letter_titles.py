"""The titles of letters, as their revisions give them, and the names of campaigns and their documents."""

from collections.abc import Collection, Mapping
from contextlib import suppress

from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.campaigns.campaign_files import LetterFile
from advocacy.campaigns.folder import LETTER, TEXTS, CampaignFolder
from advocacy.campaigns.library import unpublished_campaigns
from advocacy.campaigns.models import RevisionFile
from advocacy.language import Language
from advocacy.toml_source import TomlProblems, read

OWN = {
    "campaign": lazy_gettext("Campaign"),
    "findings": lazy_gettext("Survey"),
    "safety": lazy_gettext("Notices and support"),
    "pictures": lazy_gettext("Pictures"),
}
"""The documents that are no letters."""
PARTS = {
    TEXTS[Language.FR]: lazy_gettext("French text"),
    TEXTS[Language.EN]: lazy_gettext("English text"),
    LETTER: lazy_gettext("fields"),
}
"""What a letter's files are on the pages."""


def letter_files(session: Session, revisions: Collection[int]) -> Mapping[int, LetterFile]:
    """Return what the letters of these revisions declare, archived ones too; one that cannot be read is left out."""
    rows = session.execute(
        select(RevisionFile.revision_id, RevisionFile.content).where(
            RevisionFile.revision_id.in_(revisions), RevisionFile.name.like(f"%/{LETTER}")
        )
    )
    found = {}
    for key, content in rows:
        with suppress(TomlProblems):
            found[key] = read(content.decode("utf-8-sig", "replace"), LetterFile, file=LETTER)
    return found


def titles_of(session: Session, revisions: Collection[int], language: Language) -> Mapping[int, str]:
    """Return the titles of the letters of these revisions; one that cannot be read is left out."""
    return {key: letter.title.in_language(language) for key, letter in letter_files(session, revisions).items()}


def unpublished_names(session: Session, language: Language) -> Mapping[str, str]:
    """Name the campaigns that were never live as they were saved last."""
    return {folder.name: name_of(folder, language) for folder in unpublished_campaigns(session)}


def name_of(folder: CampaignFolder, language: Language) -> str:
    """Return the name of a campaign as its pages do; its folder's where that cannot be read."""
    file = folder.readable_campaign()
    return file.name.in_language(language) if file else folder.name


def documents_of(folder: CampaignFolder, language: Language) -> Mapping[str, str]:
    """Name the documents of a campaign as its pages do; a letter that cannot be read is called by its folder."""
    found = {document: str(name) for document, name in OWN.items()}
    for letter in folder.letters():
        found[letter] = document_name(folder, letter, language)
    return found


def document_name(folder: CampaignFolder, document: str, language: Language) -> str:
    """Name a document: a letter by its title, and by its folder where it cannot be read."""
    if document in OWN:
        return str(OWN[document])
    try:
        return folder.letter(document).title.in_language(language)
    except TomlProblems:
        return document
