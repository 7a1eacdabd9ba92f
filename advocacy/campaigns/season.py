"""From when to when letters of a campaign can be written: whole days of Ottawa's, the last one included."""

from datetime import date
from enum import StrEnum

from advocacy.campaigns.campaign import CampaignFile


class Season(StrEnum):
    """Where a campaign stands on a day."""

    NOT_YET = "not-yet"
    OPEN = "open"
    CLOSED = "closed"


def season(campaign: CampaignFile, today: date) -> Season:
    """Tell where a campaign stands on a day of Ottawa's."""
    if campaign.opens and today < campaign.opens:
        return Season.NOT_YET
    return Season.CLOSED if campaign.closes and today > campaign.closes else Season.OPEN
