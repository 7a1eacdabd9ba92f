"""What the campaign's page draws and says of the survey: every figure and word is the survey's own."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Gone, NotFound

from advocacy.campaigns.campaign import Length, LetterTemplate
from advocacy.campaigns.opened import OpenCampaign
from advocacy.campaigns.season import Season, season
from advocacy.findings import Finding, Question, Survey
from advocacy.language import Language, Wording
from advocacy.letters.moments import day_of
from advocacy.web.public.blueprint import bp
from advocacy.web.security import public
from advocacy.web.services import current_campaign, services

BASE = Wording.of(en="Base: {respondents}", fr="Base\u00a0: {respondents}")
DATED = Wording.of(en="{started}, for {duration}", fr="{started}, pendant {duration}")


def season_of(campaign: OpenCampaign) -> Season:
    """Return whether a campaign is open today, as the day is in Ottawa."""
    return season(campaign.file, day_of(services().now()))


def listed_campaigns(campaigns: Iterable[OpenCampaign]) -> Sequence[tuple[OpenCampaign, bool]]:
    """Return the campaigns that have opened, each with whether it is closed, open ones first."""
    seasons = [(one, season_of(one)) for one in campaigns]
    opened = [(one, when is Season.CLOSED) for one, when in seasons if when is not Season.NOT_YET]
    return sorted(opened, key=lambda pair: pair[1])


@bp.before_request
def answer_out_of_season() -> ResponseReturnValue | None:
    """Answer for every page of a campaign that has not opened yet or has closed."""
    campaign = current_campaign()
    if campaign is None:
        return None
    when = season_of(campaign)
    if when is Season.NOT_YET:
        return render_template("public/not_open.html"), NotFound.code
    if when is Season.CLOSED and request.endpoint != "public.campaign":
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
    """Show a campaign's findings, asks and letters."""
    shown = current_campaign()
    if shown is None:
        abort(404)
    return render_template("public/campaign.html", **told(shown, language, day_of(services().now())))


def _plain_page(name: str) -> None:
    @bp.get(f"/{name}", endpoint=name)
    @public
    def page(**_: object) -> ResponseReturnValue:
        site = services()
        hours, days = site.settings.unconfirmed_hours, site.settings.retention_days
        return render_template(f"public/{name}.html", campaigns=site.campaigns(), hours=hours, days=days)


for _name in ("help", "privacy", "accessibility"):
    _plain_page(_name)


@dataclass(frozen=True, slots=True)
class Bar:
    """One answer: `label` is for the drawing, `wording` for the table; `main` when most people gave it."""

    key: str
    label: str
    wording: str
    percent: int
    spoken: str
    main: bool
    translated: bool


@dataclass(frozen=True, slots=True)
class Said:
    """Words of the survey, and whether in this language they are only our translation."""

    text: str
    translated: bool
    attribution: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """One question with all its answers, the most frequent first, its base and its date."""

    key: str
    number: int
    question: str
    question_translated: bool
    preamble: tuple[Said, ...]
    options: tuple[Bar, ...]
    base: str
    dated: str

    @property
    def translated(self) -> bool:
        """Tell whether anything in the chart is our translation."""
        return self.question_translated or any(option.translated for option in self.options)


@dataclass(frozen=True, slots=True)
class Ask:
    """One of the survey's highlights: its figure, and the sentence that the figure begins."""

    key: str
    spoken: str
    sentence: str
    translated: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A letter one can choose: its ask in one sentence and the figures behind it."""

    name: str
    title: str
    ask: str
    figures: tuple[str, ...]
    selected: bool


def told(campaign: OpenCampaign, language: Language, today: date) -> Mapping[str, Any]:
    """Return all that the page shows on a day, under the names its template knows."""
    survey = campaign.survey
    letters = [*campaign.offered(today, Length.FULL), *campaign.offered(today, Length.SHORT)]
    return {
        "survey": survey,
        "facts": survey.facts(language),
        "charts": charts(survey, language),
        "asks": asks(survey, language),
        "quotes": quotes(survey, language),
        "letters": [template for _, template in letters],
        "cards": cards(letters, "", language),
    }


def _behind(template: LetterTemplate) -> list[Finding]:
    """Give the highlights a letter rests on; what else it cites is said in the letter."""
    known = template.survey.findings
    return [known[key] for key in template.letter.findings if key in known and known[key].highlight]


def charts(survey: Survey, language: Language) -> list[Chart]:
    """Draw up every question, in the survey's order."""
    facts = survey.facts(language)
    base = BASE.spoken(language).format(**facts)
    dated = _capital(DATED.spoken(language).format(**facts))
    return [_chart(question, language, base=base, dated=dated) for question in survey.questions]


def asks(survey: Survey, language: Language) -> list[Ask]:
    """Give the highlights, the largest figure first."""
    highlights = sorted(_highlights(survey), key=lambda finding: -finding.percent)
    return [
        Ask(one.key, one.spoken(language), one.highlight.spoken(language), one.is_translation(language))
        for one in highlights
        if one.highlight
    ]


def quotes(survey: Survey, language: Language) -> list[Said]:
    """Give what respondents wrote."""
    return [
        Said(quote.spoken(language), quote.is_translation(language), quote.attribution.spoken(language))
        for quote in survey.quotes
    ]


def cards(letters: Sequence[tuple[str, LetterTemplate]], chosen: str, language: Language) -> list[Card]:
    """Give the letters to choose among."""
    return [
        Card(
            name,
            template.letter.title.spoken(language),
            template.letter.ask.spoken(language),
            tuple(finding.spoken(language) for finding in _behind(template)),
            name == chosen,
        )
        for name, template in letters
    ]


def _highlights(survey: Survey) -> Iterator[Finding]:
    return (finding for finding in survey.findings.values() if finding.highlight)


def _chart(question: Question, language: Language, *, base: str, dated: str) -> Chart:
    most = max(option.percent for option in question.options)
    ordered = sorted(question.options, key=lambda option: -option.percent)
    return Chart(
        question.key,
        question.number,
        question.question.spoken(language),
        question.question.is_translation(language),
        tuple(Said(said.spoken(language), said.is_translation(language)) for said in question.preamble),
        tuple(_bar(option, language, most) for option in ordered),
        base,
        dated,
    )


def _bar(option: Finding, language: Language, most: int) -> Bar:
    wording = option.wording.spoken(language)
    return Bar(
        option.key,
        option.label.spoken(language) if option.label else wording,
        wording,
        option.percent,
        option.spoken(language),
        option.percent == most,
        option.wording.is_translation(language),
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
