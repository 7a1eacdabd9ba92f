"""A bill and its acts for campaigns of tests, at any stage and confirmed on any day."""

import json
from datetime import date

from advocacy.campaigns.campaign_folder import CAMPAIGN, CampaignFolder
from advocacy.campaigns.legislation import Stage
from tests.builders import TODAY, the_campaign
from tests.campaign_files import CAMPAIGN as SMALL_CAMPAIGN
from tests.campaign_files import LETTER, LETTER_TOML, SENTENCES, campaign, with_section

BILL = """
[[bill]]
number = "C-12"
title = { en = "Sunday Act" }
introduced = 2026-02-03
stage = "committee"
confirmed = 2026-11-20
covers = { en = "Libraries would open on Sunday.", fr = "Les bibliothèques ouvriraient le dimanche." }
source = "the libraries’ own reading of the bill"
"""


def an_act(*, roles: tuple[str, ...] = (), stages: tuple[str, ...] = (), en: str = "Act", fr: str = "Acte") -> str:
    """One `[[act]]` in two wordings, for everybody at every stage unless said otherwise."""
    named = {"roles": [*map(str, roles)], "stages": [*map(str, stages)]}
    conditions = ", ".join(f"{name} = {json.dumps(words)}" for name, words in named.items() if words)
    only_for = f"only_for = {{ {conditions} }}\n" if conditions else ""
    wordings = (
        f'\n[[act.wording]]\nen = "{en} {one}."\nfr = "{fr} {un}."\n' for one, un in (("one", "un"), ("two", "deux"))
    )
    return f"\n[[act]]\n{only_for}{''.join(wordings)}"


def with_bill(*acts: str, bill: str = BILL) -> CampaignFolder:
    """The small campaign with a bill and these acts, which its letter prints."""
    letter = with_section("ask", "{{ act }}", "{{ act }}") if acts else LETTER_TOML
    files = {"sentences.toml": "".join((SENTENCES, *acts)), "campaign.toml": SMALL_CAMPAIGN + bill}
    return campaign({**files, f"{LETTER}/letter.toml": letter})


def at_stage(stage: Stage, *, confirmed: date = TODAY, folder: CampaignFolder | None = None) -> CampaignFolder:
    """The shipped campaign with its bill at a stage that somebody confirmed."""
    whole = folder or the_campaign()
    text = whole.text(CAMPAIGN)
    old = 'stage = "introduced"\n'
    assert text.count(old) == 1
    changed = text.replace(old, f'stage = "{stage}"\nconfirmed = {confirmed}\n')
    return CampaignFolder.of(whole.name, {**dict(whole.files), CAMPAIGN: changed.encode()})
