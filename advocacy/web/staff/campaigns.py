"""The campaigns of the site, and a new one: blank, from a preset or a copy, then step by step until it can open."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import Field, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, ValidationError

from advocacy.campaigns.campaign_files import CampaignFile, Season, season
from advocacy.campaigns.checks.campaign_check import RESERVED
from advocacy.campaigns.documents import StoredCampaign, campaign_names, name_problem, stored_campaigns
from advocacy.campaigns.folder import CampaignFolder
from advocacy.campaigns.library import lock_campaigns
from advocacy.campaigns.skeletons import blank_campaign, new_name, presets
from advocacy.database import immediate
from advocacy.language import Language, day_of
from advocacy.staff.importing import create_campaign
from advocacy.staff.models import Role
from advocacy.staff.publication_status import Status, campaign_statuses
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import current_account, requires
from advocacy.web.staff.blueprint import bp
from advocacy.web.staff.campaign_documents import DocumentForm, edit_document, of_name
from advocacy.web.staff.campaign_settings import NEEDED, REACHED
from advocacy.web.staff.forms import StaffForm, text
from advocacy.web.staff.letter_titles import name_of

BLANK, PRESET, COPY = "blank", "preset", "copy"
"""What a campaign starts from; the last two are followed by a colon and the name of which one."""


@bp.get("/campaigns")
@requires(Role.WRITER)
def campaigns() -> str:
    """List every campaign with where it stands."""
    today = day_of(services().now())
    with services().sessions() as session:
        statuses, stored = campaign_statuses(session), stored_campaigns(session).values()
    found: list[tuple[StoredCampaign, CampaignFile | None, Season | None]] = []
    for one in stored:
        file = one.best().readable_campaign()
        found.append((one, file, season(file, today) if file and one.live else None))
    is_archived = {name: one.status is Status.ARCHIVED for name, one in statuses.items()}
    return render_template(
        "staff/campaigns.html",
        day_of=day_of,
        statuses=statuses,
        campaigns=[line for line in found if not is_archived[line[0].name]],
        archived=[line for line in found if is_archived[line[0].name]],
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
        refused = name_problem(field.data.strip(), self.taken) if field.data else None
        if refused:
            raise ValidationError(refused.in_language(current_language()))


@bp.route("/campaigns/new", methods=["GET", "POST"])
@requires(Role.WRITER)
def campaign_new() -> ResponseReturnValue:
    """Make a campaign: blank, from a preset, or as a copy of another."""
    site, language, form = services(), current_language(), NewCampaignForm()
    with immediate(site.sessions) as session:
        if request.method == "POST":
            lock_campaigns(session)  # before the names are read: two who choose the same one are told
        there = stored_campaigns(session)
        form.taken = [*campaign_names(session)]
        form.start.choices = [SelectChoice(BLANK, _("A blank campaign"))]
        for folder in presets().values():
            label = _("Preset that comes with the site: %(name)s", name=name_of(folder, language))
            form.start.choices.append(SelectChoice(f"{PRESET}:{folder.name}", label))
        for one in there.values():
            label = _("Copy of your campaign, with its texts of today: %(name)s", name=name_of(one.best(), language))
            form.start.choices.append(SelectChoice(f"{COPY}:{one.name}", label))
        if not form.validate_on_submit():
            status = 422 if form.errors else 200
            return render_template("staff/campaign_new.html", form=form), status
        start, title, ask = form.start.data, form.name.required_wording, form.ask.wording or form.name.required_wording
        name = (form.address.data or "").strip() or new_name(title[Language.EN], {*form.taken, *RESERVED["campaign"]})
        kind, _colon, source = start.rpartition(":")
        copy_of = there[source] if kind == COPY else None
        if kind == PRESET:
            folder = presets()[source]
        else:
            folder = copy_of.best() if copy_of else CampaignFolder.of("", blank_campaign(title, ask))
        titled = title if kind else None
        create_campaign(session, name, folder, by=current_account(), now=site.now(), title=titled, copy_of=copy_of)
    flash(_("Campaign created. The public won’t see it until you publish."))
    return redirect(url_for("staff.campaign_setup", campaign=name), 303)


class ResponsibleForm(DocumentForm):
    """Who answers for a campaign: both are needed before letters go by e-mail."""

    organiser = text(lazy_gettext("Who runs the campaign"), needed=True)
    privacy_contact = StringField(
        lazy_gettext("Privacy contact"),
        [NEEDED, Length(max=300), REACHED],
        description=lazy_gettext("An address that a person reads. It appears on the privacy page."),
    )


@bp.route("/campaigns/<campaign>/setup", methods=["GET", "POST"])
@requires(Role.WRITER)
def campaign_setup(campaign: str) -> ResponseReturnValue:
    """Ask who answers for a new campaign, and go on to its audience."""
    onward = url_for("staff.audience", campaign=campaign, setup="yes")
    return edit_document(campaign, ResponsibleForm, "staff/setup.html", onward=onward)


@bp.get("/campaigns/<campaign>/setup/survey")
@requires(Role.WRITER)
def campaign_setup_survey(campaign: str) -> str:
    """Ask whether the campaign has a survey; its page builds it, and a campaign can do without."""
    with services().sessions() as session:
        folder = of_name(session, campaign).newest()
    return render_template("staff/setup_survey.html", name=campaign, folder=folder)
