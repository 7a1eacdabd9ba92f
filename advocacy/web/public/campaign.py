"""The list of campaigns, and a campaign's first page: what it asks, what the survey found, which letters there are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Gone, NotFound

from advocacy.campaigns.campaign import Length, Season, season
from advocacy.campaigns.models import Availability
from advocacy.campaigns.opened import OpenCampaign
from advocacy.campaigns.pictures import LOGO, SHARING, Picture
from advocacy.exports.social_picture import PICTURE_VERSION, social_picture
from advocacy.findings import Finding, Poll, Question, Statement
from advocacy.language import Language, day_of
from advocacy.web.public.blueprint import bp
from advocacy.web.security import public
from advocacy.web.services import current_campaign, services

LOOKED_UP_CHAMBERS = frozenset({"house-of-commons"})
"""Chambers whose members a postal code finds."""
PUBLIC_ONCE_CLOSED = frozenset({"public.campaign", "public.campaign_logo", "public.campaign_picture"})
"""What remains of a campaign after its last day."""


@dataclass(frozen=True, slots=True)
class ShownPoll:
    """One survey on the page: the question in front, the highlighted answers to others, and what it says of itself."""

    id: str
    facts: Mapping[str, str]
    link: str
    main_question: Question
    other_questions: Sequence[Question]
    figures: Sequence[Finding]

    @classmethod
    def of(cls, poll: Poll, number: int, language: Language) -> "ShownPoll":
        """Show a survey; `number` counts from 0."""
        main = main_question(poll)
        others = [question for question in poll.questions if question is not main]
        link = poll.link.spoken(language) if poll.link else ""
        id_ = f"results-{number}" if number else "results"
        return cls(id_, poll.facts(language), link, main, others, figures_besides(poll, main))


def season_of(campaign: OpenCampaign) -> Season:
    """Return whether a campaign is open today, as the day is in Ottawa."""
    return season(campaign.file, day_of(services().now()))


def listed_campaigns(campaigns: Iterable[OpenCampaign]) -> Sequence[tuple[OpenCampaign, bool]]:
    """Return the campaigns that have opened and are online, each with whether it is closed, open ones first."""
    seasons = [(one, season_of(one)) for one in campaigns if one.is_online]
    opened = [(one, when is Season.CLOSED) for one, when in seasons if when is not Season.NOT_YET]
    return sorted(opened, key=lambda pair: pair[1])


@bp.before_request
def answer_out_of_season() -> ResponseReturnValue | None:
    """Answer for every page of a campaign that has not opened yet, has closed, or is offline, as one letter may be."""
    campaign = current_campaign()
    if campaign is None:
        return None
    named = request.values.get("template", "").removeprefix(f"{campaign.name}/")
    letter = campaign.letters_offline.get(named)
    if letter or not campaign.is_online:
        archived = Availability.ARCHIVED in {letter, campaign.availability}
        page = render_template("public/offline.html", is_letter=campaign.is_online, is_archived=archived)
        return page, Gone.code if archived else NotFound.code
    when = season_of(campaign)
    if when is Season.NOT_YET:
        return render_template("public/not_open.html"), NotFound.code
    if when is Season.CLOSED and request.endpoint not in PUBLIC_ONCE_CLOSED:
        return render_template("public/closed.html"), Gone.code
    return None


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
    today, survey = day_of(services().now()), shown.survey
    page = render_template(
        "public/campaign.html",
        polls=[ShownPoll.of(poll, number, language) for number, poll in enumerate(survey.polls)],
        opening=opening_sentence(survey.polls[0], language) if survey.polls else None,
        quotes=survey.every_quote,
        letters=[*shown.offered(today, Length.FULL), *shown.offered(today, Length.SHORT)],
        takes_postal_code=not LOOKED_UP_CHAMBERS.isdisjoint(shown.file.chambers),
        picture_version=picture_version(shown),
        pictures=shown.pictures,
    )
    return _revalidated(make_response(page))


@bp.get("/<campaign>/social.png")
@public
def campaign_picture(language: Language, **_: object) -> ResponseReturnValue:
    """Return the picture that networks show beside a link to a campaign: 1200 × 630, in the campaign's words."""
    shown = current_campaign()
    if shown is None:
        abort(404)
    file, own = shown.file, shown.pictures.get(SHARING)
    if own is not None:
        return _as_picture(own)
    picture = social_picture(
        name=file.name.spoken(language),
        headline=tuple(line.spoken(language) for line in file.headline or (file.ask,)),
        language=language,
    )
    answer = make_response(picture)
    answer.mimetype = "image/png"
    return _revalidated(answer)


@bp.get("/<campaign>/logo")
@public
def campaign_logo(**_: object) -> ResponseReturnValue:
    """Return the campaign's logo."""
    shown = current_campaign()
    if shown is None or LOGO not in shown.pictures:
        abort(404)
    return _as_picture(shown.pictures[LOGO])


def _as_picture(picture: Picture) -> ResponseReturnValue:
    answer = make_response(picture.content)
    answer.mimetype = picture.mimetype
    return _revalidated(answer)


def main_question(poll: Poll) -> Question:
    """Return the question with the most frequent highlighted answer; the first question where none is highlighted."""
    return max(
        poll.questions,
        key=lambda question: max((one.percent for one in question.options if one.highlight), default=0),
    )


def figures_besides(poll: Poll, main: Question) -> Sequence[Finding]:
    """Return the highlighted answers to the other questions, the most frequent first."""
    others = [one for question in poll.questions if question is not main for one in question.options]
    return sorted((one for one in others if one.highlight), key=lambda one: -one.percent)


def opening_sentence(poll: Poll, language: Language) -> tuple[str, Statement] | None:
    """Return the first sentence of what people read before the first question that has such a text, and the text."""
    preamble = next((one.preamble[0] for one in poll.questions if one.preamble), None)
    if preamble is None:
        return None
    first, end, _ = preamble.spoken(language).partition(". ")
    return first + end.rstrip(), preamble


def picture_version(campaign: OpenCampaign) -> str:
    """Return what changes in the picture's address when the picture may have changed."""
    words = repr((PICTURE_VERSION, dict(campaign.file.name), [dict(line) for line in campaign.file.headline]))
    own = campaign.pictures.get(SHARING)
    words += sha256(own.content).hexdigest() if own else ""
    return sha256((words + repr(dict(campaign.file.ask))).encode()).hexdigest()[:12]


def _revalidated(answer: Response) -> ResponseReturnValue:
    """Let browsers keep an answer, and ask each time whether it has changed."""
    answer.cache_control.no_cache = True
    answer.add_etag(weak=True)
    return answer.make_conditional(request)
