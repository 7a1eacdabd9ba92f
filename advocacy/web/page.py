"""The context of every page's template, whichever view shows it."""

from collections.abc import Sequence
from typing import Any

from flask import Flask, current_app, request, url_for
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

from advocacy.campaigns.campaign_files import Season
from advocacy.campaigns.open_campaigns import OpenCampaign
from advocacy.exports.text import subject_lead
from advocacy.language import Language, day_of, format_date
from advocacy.messages import format_moment
from advocacy.web.locale import alternate, current_language, language_switch, other_languages
from advocacy.web.services import current_campaign, services


def add_page_context(app: Flask) -> None:
    """Pass every template what all of them need."""
    app.context_processor(_page_context)
    app.jinja_env.filters.update(moment=format_moment, day=format_date)
    app.jinja_env.globals.update(sym=symbol, subject_lead=subject_lead)


def symbol(name: str) -> Markup:
    return Markup('<svg class="sym" aria-hidden="true" focusable="false"><use href="#sym-%s" /></svg>') % name


def _page_context() -> dict[str, Any]:
    language = current_language()
    campaign = campaign_shown() or _only_open_campaign()
    when = campaign.file.season_on(day_of(services().now())) if campaign else Season.OPEN
    is_online = campaign is None or campaign.is_online
    base_url = services().settings.base_url
    addresses = {each: base_url + alternate(each) for each in Language}
    write_address = url_for("public.write", campaign=campaign.name) if campaign else url_for("public.campaigns")
    return {
        "language": language,
        # What a part of a page depends on that is the same for everyone.
        "cache_key": f"{campaign and (campaign.name, campaign.version)} {language} {request.root_path}",
        "other_languages": other_languages(),
        "switch": language_switch(),
        "addresses": addresses,
        "base_url": base_url,
        "campaign": campaign.file if campaign else None,
        "campaign_name": campaign.name if campaign else None,
        "has_survey": bool(campaign and campaign.survey.polls),
        "closed": when is Season.CLOSED,
        "write_address": write_address if when is Season.OPEN and is_online else None,
        "safety": campaign.safety if campaign else None,
        "campaigns_here": campaigns_here,
        "leave_url": leave_address(campaign, language),
        "test_recipient": services().settings.test_recipient,
    }


def campaign_shown() -> OpenCampaign | None:
    """Return the campaign in the address; None also where the database cannot be read, as on a page that says so."""
    try:
        return current_campaign()
    except SQLAlchemyError:
        current_app.logger.warning("a page was shown without its campaign: the database cannot be read")
        return None


def campaigns_here() -> Sequence[OpenCampaign]:
    """Return the campaigns that this page speaks for: that in the address, or without one all of the site's."""
    shown = campaign_shown()
    if shown is not None:
        return [shown]
    try:
        return services().campaigns()
    except SQLAlchemyError:
        current_app.logger.warning("a page was shown without support lines: the database cannot be read")
        return []


def _only_open_campaign() -> OpenCampaign | None:
    """Return the only campaign that can be written to, for the citizens' pages that belong to none."""
    if (request.endpoint or "").startswith("staff"):
        return None
    today = day_of(services().now())
    try:
        campaigns = [
            one for one in services().campaigns() if one.is_online and one.file.season_on(today) is Season.OPEN
        ]
    except SQLAlchemyError:
        return None
    return campaigns[0] if len(campaigns) == 1 else None


def leave_address(campaign: OpenCampaign | None, language: Language) -> str | None:
    """Return where “Leave this site” leads; None where no campaign that the page speaks for asks for that button."""
    ways = (one.file.leave for one in ([campaign] if campaign else campaigns_here()))
    return next((way.in_language(language) for way in ways if way), None)
