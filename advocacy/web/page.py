"""What every page is given, whichever view shows it."""

from collections.abc import Sequence
from typing import Any

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from advocacy.campaigns.opened import OpenCampaign
from advocacy.campaigns.season import Season, season
from advocacy.language import Language, Wording
from advocacy.letters.moments import day_of
from advocacy.web.locale import alternate, current_language, other, switch
from advocacy.web.services import current_campaign, services

ORDINARY = Wording.of(en="https://weather.gc.ca/", fr="https://meteo.gc.ca/")
"""Where “Leave this site” leads while a campaign names no other page: one that anybody may have open."""


def furnish(app: Flask) -> None:
    """Give every template what all of them need."""
    app.context_processor(_common)


def _common() -> dict[str, Any]:
    language, campaign = current_language(), campaign_shown()
    base_url = services().settings.base_url
    addresses = {spoken: base_url + alternate(spoken) for spoken in Language}
    return {
        "language": language,
        "other_language": other(language),
        "switch": switch(),
        "addresses": addresses,
        "base_url": base_url,
        "campaign": campaign.file if campaign else None,
        "campaign_name": campaign.name if campaign else None,
        "closed": campaign is not None and _is_closed(campaign),
        "safety": campaign.safety if campaign else None,
        "campaigns_with_safety": campaigns_with_safety,
        "leave_url": _way_out(campaign).spoken(language),
        "test_recipient": services().settings.test_recipient,
    }


def campaign_shown() -> OpenCampaign | None:
    """Give the campaign in the address; a page that tells of a failing database does without."""
    try:
        return current_campaign()
    except SQLAlchemyError:
        current_app.logger.warning("a page was shown without its campaign: the database cannot be read")
        return None


def campaigns_with_safety() -> Sequence[OpenCampaign]:
    """Return the campaigns whose `safety.toml` speaks on this page: that in the address, or without one all of them."""
    shown = campaign_shown()
    if shown is not None:
        return [shown] if shown.safety else []
    try:
        return [one for one in services().campaigns() if one.safety]
    except SQLAlchemyError:
        current_app.logger.warning("a page was shown without support lines: the database cannot be read")
        return []


def _is_closed(campaign: OpenCampaign) -> bool:
    return season(campaign.file, day_of(services().now())) is Season.CLOSED


def _way_out(campaign: OpenCampaign | None) -> Wording:
    return campaign.file.leave or ORDINARY if campaign else ORDINARY
