"""The small print under every letter as its writer sees it: labels in brackets for what the survey says, and back."""

from advocacy.campaigns import labels as labelling
from advocacy.campaigns.campaign import LetterFile
from advocacy.campaigns.folder import CampaignFolder
from advocacy.campaigns.labels import Labels
from advocacy.campaigns.notation import chunks, labelled
from advocacy.campaigns.remembered import remembered
from advocacy.language import Language
from advocacy.messages import Message, message
from advocacy.toml_source import TomlProblems

OFFERED = ("survey.", "if survey.", "elif survey.", "else", "endif")
"""How the names begin that a source note may use."""
UNKNOWN = message("The survey has nothing called “%(words)s”. Use one of the labels listed below the text.")


@remembered(32)
def note_labels(folder: CampaignFolder) -> Labels | None:
    """Label what a source note may print and ask; None where the campaign or its survey cannot be read."""
    try:
        campaign, survey = folder.campaign(), folder.survey()
    except TomlProblems:
        return None
    nothing = LetterFile(title=campaign.name, ask=campaign.ask)
    made = labelling.make(campaign, survey, nothing, texts=campaign.source_note or {})
    return Labels(
        {name: label for name, label in made.by_name.items() if name.startswith(OFFERED)},
        *(
            {
                language: {words: label for words, label in named.items() if label.name.startswith(OFFERED)}
                for language, named in called.items()
            }
            for called in (made.by_words, made.by_folded)
        ),
    )


def with_labels(note: str, labels: Labels | None, language: Language) -> str:
    """Show a note with its labels in brackets."""
    return labelled(note, labels, language) if labels else note


def with_braces(typed: str, labels: Labels | None, language: Language) -> tuple[str, Message | None]:
    """Read a note back as the file holds it; and say which brackets, if any, are called after nothing."""
    if labels is None:
        return typed, None
    found = list(chunks(typed, labels, language))
    unknown = next((piece.unknown for piece in found if piece.unknown is not None), None)
    wrong = UNKNOWN.with_params(words=unknown) if unknown is not None else None
    return "".join(piece.source for piece in found), wrong
