"""What the checks find in a campaign, each with the way to the field that shows it."""

from collections.abc import Sequence
from dataclasses import dataclass

from advocacy.campaigns.folder import CAMPAIGN, CampaignFolder
from advocacy.campaigns.toml_spans import Spans
from advocacy.language import Language
from advocacy.staff.campaign_files import Held
from advocacy.staff.campaign_text import field_at
from advocacy.staff.standing import problems_of
from advocacy.toml_source import Problem, TomlProblems
from advocacy.web.staff.note_words import told


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to mend: where it stands, the sentence, and the form's field that shows it ("" for none)."""

    place: str
    sentence: str
    field: str


def notes(campaign: Held, language: Language) -> Sequence[Note]:
    """Say all that keeps a campaign, as it was last written, from being published."""
    folder = campaign.newest()
    return noted(problems_of(folder), folder, language)


def noted(problems: Sequence[Problem], folder: CampaignFolder, language: Language) -> Sequence[Note]:
    """Show problems of a campaign's files."""
    fields = _fields(folder)
    return [
        Note(
            place,
            sentence,
            fields.get(problem.line, "") if problem.file == folder.path(CAMPAIGN) else "",
        )
        for problem, (place, sentence) in zip(problems, told(problems, folder, language), strict=True)
    ]


def _fields(folder: CampaignFolder) -> dict[int, str]:
    """Name, by the lines of `campaign.toml`, the field that shows what stands there."""
    try:
        folder.campaign()
        text = folder.text(CAMPAIGN)
    except TomlProblems:
        return {}
    found: dict[int, str] = {}
    for path, (start, end) in sorted(Spans.of(text).values.items(), key=lambda one: len(one[0])):
        for line in range(text.count("\n", 0, start) + 1, text.count("\n", 0, end) + 2):
            found[line] = field_at(path) or found.get(line, "")
    return found
