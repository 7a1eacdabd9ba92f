"""A bill and its acts for campaigns of tests, at any stage and confirmed on any day."""

from datetime import date

from advocacy.campaigns.campaign_folder import CAMPAIGN, CampaignFolder
from advocacy.campaigns.legislation import Role, Stage
from tests.builders import TODAY, the_campaign
from tests.campaign_files import CAMPAIGN as SMALL_CAMPAIGN

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
ACT = """
[[act]]
to = {to}
stages = {stages}
first = {{ en = "{en} one.", fr = "{fr} un." }}
second = {{ en = "{en} two.", fr = "{fr} deux." }}
third = {{ en = "{en} three.", fr = "{fr} trois." }}
"""


def an_act(
    *, to: tuple[str, ...] = tuple(Role), stages: tuple[str, ...] = tuple(Stage), en: str = "Act", fr: str = "Acte"
) -> str:
    """One `[[act]]`, for everybody at every stage unless said otherwise."""
    quoted = ([str(word) for word in words] for words in (to, stages))
    first, second = (str(words).replace("'", '"') for words in quoted)
    return ACT.format(to=first, stages=second, en=en, fr=fr)


def with_bill(*acts: str, bill: str = BILL) -> str:
    """The small campaign's file with a bill and these acts."""
    return "".join((SMALL_CAMPAIGN, bill, *acts))


def at_stage(stage: Stage, *, confirmed: date = TODAY, folder: CampaignFolder | None = None) -> CampaignFolder:
    """The shipped campaign with its bill at a stage that somebody confirmed."""
    whole = folder or the_campaign()
    text = whole.text(CAMPAIGN)
    old = 'stage = "introduced"\n'
    assert text.count(old) == 1
    changed = text.replace(old, f'stage = "{stage}"\nconfirmed = {confirmed}\n')
    return CampaignFolder.of(whole.name, {**dict(whole.files), CAMPAIGN: changed.encode()})
