"""What one request works with: the campaign, everyone who can be written to, the reader's language and the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from advocacy.campaigns.campaign import Length, LetterTemplate, Offer
from advocacy.campaigns.opened import OpenCampaign
from advocacy.language import Language
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
    def letters(self) -> Sequence[tuple[str, LetterTemplate]]:
        """The full letters to choose among, in their order."""
        return self.campaign.offered(self.today, Length.FULL) or self.campaign.offered(self.today, Length.SHORT)

    @property
    def short_letter(self) -> LetterTemplate | None:
        """The letter for those who want a short one, None where the campaign has none besides its full letters."""
        full, short = (self.campaign.offered(self.today, length) for length in (Length.FULL, Length.SHORT))
        return short[0][1] if full and short else None

    def letter_named(self, typed: str) -> LetterTemplate | None:
        """Return a letter by its name, alone or after the campaign's; None for one that the form never offers.

        A letter that is offered while a stage is known can still be written when it no longer is.
        """
        found = self.campaign.letters.get(typed.removeprefix(f"{self.campaign.name}/"))
        return found if found and found.letter.offer is not Offer.NEVER else None

    def letter_for(self, draft: Draft) -> LetterTemplate:
        """Return the letter that was chosen: the short one, the one named, or the first while none is."""
        if draft.text("length") == Length.SHORT and self.short_letter:
            return self.short_letter
        return self.letter_named(draft.text("template")) or self.letters[0][1]
