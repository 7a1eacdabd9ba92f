"""A form keeps the letters it was opened with for a day, whatever is published meanwhile; a corrected figure counts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from advocacy.campaigns import pins
from advocacy.campaigns.campaign import LetterTemplate
from advocacy.campaigns.opened import OpenCampaign
from advocacy.language import Language
from advocacy.web.services import services

FIELD = "revisions"
KEPT = timedelta(hours=24)
"""How long a form may be finished with letters that have been replaced since it was opened."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """The campaign a form is read with; `before` is how it was last shown, where its survey was corrected since."""

    campaign: OpenCampaign
    before: OpenCampaign | None = None


def pinned(live: OpenCampaign, carried: str, now: datetime) -> Pinned:
    """Give the campaign of a form that carried these revisions, today's where it carried none that count."""
    wanted = pins.read(carried)
    if not wanted or wanted == frozenset(live.revisions.values()):
        return Pinned(live)
    opened = services().opened
    with services().sessions() as session:
        kept = opened.earlier(session, live, wanted, since=now - KEPT)
        if kept is None or live.revisions["findings"] in wanted:
            return Pinned(kept or live)
        return Pinned(kept, opened.as_it_was(session, live.name, wanted))


def corrects(before: LetterTemplate, after: LetterTemplate) -> bool:
    """Tell whether anything of the survey that a letter says is said otherwise than before."""
    cited = {f"finding.{key}" for key in after.letter.findings}
    return any(
        before.notes[language] != after.notes[language]
        or any(
            before.constants[language].get(name) != said
            for name, said in after.constants[language].items()
            if name in cited or name.startswith("survey.")
        )
        for language in Language
    )
