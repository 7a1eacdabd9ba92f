"""The campaigns of the site, and a new one: blank, from a preset or a copy, then step by step until it can open."""

from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import Field, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from advocacy.campaigns.campaign import CampaignFile, Season, season
from advocacy.campaigns.folder import CampaignFolder
from advocacy.campaigns.skeletons import blank_campaign, made_name, presets
from advocacy.database import immediate
from advocacy.language import Language, day_of
from advocacy.staff.campaign_files import Held, held, make, name_refused, names
from advocacy.staff.roles import Role
from advocacy.staff.status import Status, campaign_statuses
from advocacy.toml_source import TomlProblems
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import current_account, requires
from advocacy.web.staff.blueprint import bp
from advocacy.web.staff.campaign_documents import DocumentForm, edit_document, of_name
from advocacy.web.staff.campaign_settings import REACHED, text
from advocacy.web.staff.forms import StaffForm

BLANK, PRESET, COPY = "blank", "preset:", "copy:"
STEPS = (
    ("campaign_new", lazy_gettext("Name")),
    ("campaign_setup", lazy_gettext("Who is responsible")),
    ("audience", lazy_gettext("Audience")),
    ("campaign_setup_survey", lazy_gettext("Survey")),
    ("new_letter", lazy_gettext("First letter")),
    ("campaign", lazy_gettext("What is missing")),
)
"""The steps of a new campaign, each a page."""


@dataclass(frozen=True, slots=True)
class Line:
    """One campaign of the list: `file` is None where it cannot be read, `season` None while it is not public.

    `written` is the day on which something of it was last written.
    """

    name: str
    file: CampaignFile | None
    season: Season | None
    letters: int
    waiting: int
    written: date


@bp.get("/campaigns")
@requires(Role.WRITER)
def campaigns() -> str:
    """List every campaign with where it stands."""
    site = services()
    today = day_of(site.now())
    with site.sessions() as session:
        statuses = campaign_statuses(session)
        lines = [_line(one, today) for one in held(session).values()]
    return render_template(
        "staff/campaigns.html",
        statuses=statuses,
        lines=[line for line in lines if statuses[line.name].status is not Status.ARCHIVED],
        archived=[line for line in lines if statuses[line.name].status is Status.ARCHIVED],
    )


class NewCampaignForm(StaffForm):
    """What a campaign begins with; its choices are those of the site."""

    start = RadioField(lazy_gettext("Start from"), default=BLANK)
    name = text(lazy_gettext("Name"), needed=True)
    ask = text(
        lazy_gettext("Ask, in one sentence"),
        lines=2,
        hint=lazy_gettext("“We ask Parliament to…” A preset or a copy brings its own."),
    )
    address = StringField(
        lazy_gettext("Name in the web address"),
        [Length(max=60)],
        description=lazy_gettext("If empty, it is made from the English name. It can’t be changed later."),
    )
    taken: list[str]

    def validate(self, extra_validators: object = None) -> bool:
        """Ask for the ask too where nothing brings one."""
        valid = super().validate(extra_validators)
        if valid and self.start.data == BLANK and self.ask.wording is None:
            self.ask.refuse(_("Fill in both languages."))
            return False
        return bool(valid)

    def validate_address(self, field: Field) -> None:
        """Refuse what no campaign can be called."""
        refused = name_refused(field.data.strip(), self.taken) if field.data else None
        if refused:
            raise ValidationError(refused.in_language(current_language()))


@bp.route("/campaigns/new", methods=["GET", "POST"])
@requires(Role.WRITER)
def campaign_new() -> ResponseReturnValue:
    """Make a campaign: blank, from a preset, or as a copy of another."""
    site, language, form = services(), current_language(), NewCampaignForm()
    with immediate(site.sessions) as session:
        there = held(session)
        form.taken = [*names(session)]
        titles = {f"{PRESET}{name}": _title(folder, language) for name, folder in presets().items()}
        copies = {f"{COPY}{name}": _title(one.best(), language) for name, one in there.items()}
        form.start.choices = [
            SelectChoice(BLANK, _("A blank campaign")),
            *(SelectChoice(value, _("Preset: %(name)s", name=name)) for value, name in titles.items()),
            *(SelectChoice(value, _("Copy of: %(name)s", name=name)) for value, name in copies.items()),
        ]
        if not form.validate_on_submit():
            status = 422 if form.errors else 200
            return render_template("staff/campaign_new.html", form=form, steps=STEPS), status
        start, title, ask = form.start.data, form.name.required_wording, form.ask.wording or form.name.required_wording
        name = (form.address.data or "").strip() or _name_of(title[Language.EN], form.taken)
        source = start.partition(":")[2]
        if start.startswith(PRESET):
            folder = presets()[source]
        elif start.startswith(COPY):
            folder = there[source].best()
        else:
            folder = CampaignFolder.of(name, blank_campaign(title, ask))
        titled = None if start == BLANK else title
        make(session, name, folder, by=current_account(), now=site.now(), titles=titled, copied_from=source)
    flash(_("Campaign created. The public won’t see it until you publish."))
    return redirect(url_for("staff.campaign_setup", campaign=name), 303)


class ResponsibleForm(DocumentForm):
    """Who answers for a campaign: both are needed before letters go by e-mail."""

    organiser = text(lazy_gettext("Who runs the campaign"), needed=True)
    privacy_contact = StringField(
        lazy_gettext("Privacy contact"),
        [InputRequired(lazy_gettext("Fill in this field.")), Length(max=300), REACHED],
        description=lazy_gettext("An address that a person reads. It appears on the privacy page."),
    )


@bp.route("/campaigns/<campaign>/setup", methods=["GET", "POST"])
@requires(Role.WRITER)
def campaign_setup(campaign: str) -> ResponseReturnValue:
    """Ask who answers for a new campaign, and go on to its audience."""
    onward = url_for("staff.audience", campaign=campaign, setup="yes")
    return edit_document(campaign, ResponsibleForm, "staff/setup.html", steps=STEPS, onward=onward)


@bp.get("/campaigns/<campaign>/setup/survey")
@requires(Role.WRITER)
def campaign_setup_survey(campaign: str) -> str:
    """Ask whether the campaign has a survey; its page builds it, and a campaign can do without."""
    with services().sessions() as session:
        folder = of_name(session, campaign).newest()
    return render_template("staff/setup_survey.html", name=campaign, folder=folder, steps=STEPS)


def _name_of(title: str, taken: list[str]) -> str:
    """Return a name that can be had, made of a title."""
    name = made_name(title, taken)
    return name if name_refused(name, taken) is None else made_name(f"{title} letters", taken)


def _title(folder: CampaignFolder, language: Language) -> str:
    try:
        return folder.campaign().name.spoken(language)
    except TomlProblems:
        return folder.name


def _line(campaign: Held, today: date) -> Line:
    file = _file(campaign)
    letters = sum(kept.is_letter and kept.live is not None for kept in campaign.documents.values())
    when = season(file, today) if file and campaign.live else None
    written = day_of(max(kept.newest.made_at for kept in campaign.documents.values()))
    return Line(campaign.name, file, when, letters, len(campaign.waiting), written)


def _file(campaign: Held) -> CampaignFile | None:
    try:
        return campaign.best().campaign()
    except TomlProblems:
        return None
