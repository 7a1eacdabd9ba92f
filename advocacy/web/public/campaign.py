"""The list of campaigns, and a campaign's first page: what it asks, what the survey found, which letters there are."""

from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import sha256

from flask import Response, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from advocacy.campaigns.campaign_files import Length, Season
from advocacy.campaigns.open_campaigns import OpenCampaign
from advocacy.campaigns.pictures import LOGO, SHARING
from advocacy.exports.social_picture import PICTURE_VERSION, social_picture
from advocacy.language import Language, day_of
from advocacy.legislators.legislatures import HOUSE_OF_COMMONS
from advocacy.letters.answer_counts import MIN_OFFICE_LETTERS, office_answers
from advocacy.web.cache import cache
from advocacy.web.public import bp
from advocacy.web.security import public
from advocacy.web.services import current_campaign, services

ANSWER_PERIOD = 30
"""Days within which an answer counts for the share that the page shows."""


def season_of(campaign: OpenCampaign) -> Season:
    """Return whether a campaign is open today, as the day is in Ottawa."""
    return campaign.file.season_on(day_of(services().now()))


def listed_campaigns(campaigns: Iterable[OpenCampaign]) -> Sequence[tuple[OpenCampaign, bool]]:
    """Return the campaigns that have opened and are online, each with whether it is closed, open ones first."""
    seasons = [(one, season_of(one)) for one in campaigns if one.is_online]
    opened = [(one, when is Season.CLOSED) for one, when in seasons if when is not Season.NOT_YET]
    return sorted(opened, key=lambda pair: pair[1])


@bp.get("/")
@public
def campaigns(language: Language) -> ResponseReturnValue:
    """Show the campaigns, or redirect to the only one."""
    listed = listed_campaigns(services().campaigns())
    if len(listed) == 1:
        return redirect(url_for("public.campaign", language=language, campaign=listed[0][0].name))
    return render_template("public/campaigns.html", campaigns=listed)


@bp.get("/<campaign>/")
@public
def campaign(language: Language, **_: object) -> ResponseReturnValue:
    """Show a campaign: its ask, the survey's findings and its letters. The page is the same for everyone."""
    shown = current_campaign()
    if shown is None:
        abort(404)
    today = day_of(services().now())
    offices: tuple[tuple[str, int], ...] = ()
    if shown.file.show_answers:
        offices = _answering_offices(shown, language)
    # The root is in the page's addresses.
    key = f"campaign {shown.name} {shown.version} {language} {today} {offices} {request.root_path}"
    page = cache.get(key)
    if page is None:
        page = _campaign_page(shown, language, today, offices=offices)
        cache.set(key, page)
    return _revalidated(Response(page, mimetype="text/html"))


def _answering_offices(shown: OpenCampaign, language: Language) -> tuple[tuple[str, int], ...]:
    """Return the offices that a campaign's page names, each with the percent of letters that it answered in time."""
    return tuple(
        (f"{one.name} ({one.place.in_language(language)})" if one.place else one.name, one.within[ANSWER_PERIOD])
        for one in office_answers(g.session, shown.name)
        if ANSWER_PERIOD in one.within
    )


def _campaign_page(shown: OpenCampaign, language: Language, today: date, *, offices: Sequence[tuple[str, int]]) -> str:
    """Render a campaign's page: all that it depends on are the arguments and the site's settings."""
    polls = shown.survey.polls
    return render_template(
        "public/campaign.html",
        polls=polls,
        opening=polls[0].opening(language) if polls else None,
        quotes=shown.survey.every_quote,
        letters=[*shown.offered_letters(today, Length.FULL), *shown.offered_letters(today, Length.SHORT)],
        takes_postal_code=HOUSE_OF_COMMONS in shown.file.chambers,  # postal codes lead to its ridings
        picture_version=picture_version(shown),
        pictures=shown.pictures,
        offices=offices,
        answer_period=ANSWER_PERIOD,
        min_office_letters=MIN_OFFICE_LETTERS,
    )


@bp.get("/<campaign>/social.png")
@public
def campaign_picture(language: Language, **_: object) -> ResponseReturnValue:
    """Return the picture that networks show beside a link to a campaign: 1200 × 630, in the campaign's words."""
    shown = current_campaign()
    if shown is None:
        abort(404)
    own = shown.pictures.get(SHARING)
    if own is not None:
        return _revalidated(Response(own.content, mimetype=own.mimetype))
    picture = social_picture(
        name=shown.file.name.in_language(language),
        headline=tuple(line.in_language(language) for line in shown.file.headline or (shown.file.ask,)),
        language=language,
    )
    return _revalidated(Response(picture, mimetype="image/png"))


@bp.get("/<campaign>/logo")
@public
def campaign_logo(**_: object) -> ResponseReturnValue:
    shown = current_campaign()
    if shown is None or LOGO not in shown.pictures:
        abort(404)
    return _revalidated(Response(shown.pictures[LOGO].content, mimetype=shown.pictures[LOGO].mimetype))


def picture_version(campaign: OpenCampaign) -> str:
    """Return what changes in the picture's address when the picture may have changed."""
    file, own = campaign.file, campaign.pictures.get(SHARING)
    words = (PICTURE_VERSION, dict(file.name), [dict(line) for line in file.headline], dict(file.ask))
    return sha256(repr((*words, own and sha256(own.content).digest())).encode()).hexdigest()[:12]


def _revalidated(answer: Response) -> ResponseReturnValue:
    """Have browsers cache an answer, and ask each time whether it has changed."""
    answer.cache_control.no_cache = True
    answer.add_etag(weak=True)
    return answer.make_conditional(request)
