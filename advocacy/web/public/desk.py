"""What one request works with: the campaign, everyone who can be written to, the reader's language and the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from advocacy.campaigns.campaign import LetterTemplate
from advocacy.campaigns.opened import OpenCampaign
from advocacy.language import Language
from advocacy.web.public.campaign_page import by_weight
from advocacy.web.public.draft import Draft
from advocacy.web.public.listing import Listing


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything a page depends on besides what was typed."""

    campaign: OpenCampaign
    listing: Listing
    language: Language
    today: date

    @property
    def chambers(self) -> Sequence[str]:
        """The chambers the campaign writes to."""
        return self.campaign.file.chambers

    @property
    def letters(self) -> list[tuple[str, LetterTemplate]]:
        """The letters to choose among: those that rest on most findings first, then by their largest figure."""
        return by_weight(self.campaign.letters)

    def letter_named(self, typed: str) -> LetterTemplate | None:
        """Give a letter by its name, alone or after the campaign's; None for one that does not exist."""
        return self.campaign.letters.get(typed.removeprefix(f"{self.campaign.name}/"))

    def letter_for(self, draft: Draft) -> LetterTemplate:
        """Give the letter that was chosen, the first while none is."""
        return self.letter_named(draft.text("template")) or self.letters[0][1]
