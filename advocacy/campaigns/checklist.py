"""What a campaign still needs before it can be published, each with the page where it is done."""

from dataclasses import dataclass

from advocacy.campaigns.campaign_folder import FINDINGS, CampaignFolder
from advocacy.messages import Message, message, nmessage
from advocacy.toml_source import TomlProblems


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do: `endpoint` is the staff page for it; what is `optional` keeps nothing from being published."""

    words: Message
    done: bool
    endpoint: str
    optional: bool = False


def checklist(folder: CampaignFolder, *, own_list: int, problems: int, live: bool) -> list[Item]:
    """Return what is done and what is missing, of a campaign as it was last written.

    `own_list` is how many people its own list names, `problems` how many the checks find.
    """
    try:
        file = folder.campaign()
    except TomlProblems:
        return [Item(message("Fix the campaign’s file"), False, "campaign_settings")]
    has_audience = bool(file.chambers or file.ministers) or (file.own_list and own_list > 0)
    return [
        Item(message("Name and ask"), True, "campaign_settings"),
        Item(message("Who runs the campaign"), file.organiser is not None, "campaign_settings"),
        Item(message("Privacy contact"), bool(file.privacy_contact), "campaign_settings"),
        Item(message("Who the letters go to"), has_audience, "audience"),
        Item(message("Survey"), bool((folder.content(FINDINGS) or b"").strip()), "survey", optional=True),
        Item(message("A first letter"), bool(folder.letters()), "letters" if folder.letters() else "new_letter"),
        Item(
            nmessage("%(num)s thing to fix", "%(num)s things to fix", problems)
            if problems
            else message("Nothing to fix"),
            not problems,
            "campaign_publish",
        ),
        Item(message("Published"), live, "campaign_publish"),
    ]
