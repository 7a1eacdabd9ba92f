"""The campaigns of the site: their list, the overview of one, taking one or its letters offline, a new one."""

from collections import Counter
from dataclasses import dataclass

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import BooleanField, Field, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError

from advocacy.campaigns.campaign_files import CampaignFile, Season
from advocacy.campaigns.campaign_folder import CAMPAIGN, FINDINGS, OWN_DOCUMENTS, CampaignFolder
from advocacy.campaigns.checks.campaign_check import RESERVED_NAMES, check_folder
from advocacy.campaigns.documents import (
    StoredCampaign,
    campaign_names,
    document_title,
    name_problem,
    newest_revision,
    stored_campaigns,
)
from advocacy.campaigns.library import lock_campaigns, newest_folder
from advocacy.campaigns.models import Availability, Campaign
from advocacy.campaigns.skeletons import blank_campaign, new_name, presets
from advocacy.language import SOURCE, day_of
from advocacy.messages import Message, message, nmessage
from advocacy.staff import own_list
from advocacy.staff.campaign_creation import create_campaign
from advocacy.staff.models import Role
from advocacy.staff.publication_status import Status, campaign_statuses
from advocacy.staff.visibility import DELETE, MAX_REASON, VERBS, allowed_verbs, apply_verb, delete_unpublished
from advocacy.toml_source import TomlProblems
from advocacy.web.cache import campaign_figures
from advocacy.web.locale import current_language
from advocacy.web.page import campaign_shown
from advocacy.web.services import services
from advocacy.web.staff.access import bp, current_account, or_404, requires
from advocacy.web.staff.bill_stage import bills_of
from advocacy.web.staff.campaign_documents import (
    DocumentForm,
    availability_verbs,
    edit_document,
    find_campaign,
    find_letter,
)
from advocacy.web.staff.forms import CONTACT, REQUIRED, StaffForm, text
from advocacy.web.staff.texts import campaign_name, document_names
from advocacy.web.staff.working_copy import drafts_of

PENDING = frozenset({Status.IN_REVIEW, Status.CHANGES_ASKED, Status.SCHEDULED, Status.DRAFT})
CHANGED = {
    "offline": _l("Offline. The public no longer sees it."),
    "online": _l("Back online."),
    "archive": _l("Archived. You can restore it at any time."),
    "restore": _l("Restored."),
}
"""What was done, by the verb of `change_availability`."""
BLANK, PRESET, COPY = "blank", "preset", "copy"
"""What a campaign starts from; the last two are followed by a colon and the name of which one."""


@bp.get("/campaigns")
@requires(Role.WRITER)
def campaigns() -> str:
    today = day_of(services().now())
    statuses, stored = campaign_statuses(g.session), stored_campaigns(g.session).values()
    found: list[tuple[StoredCampaign, CampaignFile | None, Season | None]] = []
    for one in stored:
        file = one.current().readable_campaign()
        found.append((one, file, file.season_on(today) if file and one.live else None))
    is_archived = {name: one.status is Status.ARCHIVED for name, one in statuses.items()}
    return render_template(
        "staff/campaigns.html",
        day_of=day_of,
        statuses=statuses,
        campaigns=[line for line in found if not is_archived[line[0].name]],
        archived=[line for line in found if is_archived[line[0].name]],
    )


@bp.get("/campaigns/<campaign>")
@requires(Role.WRITER)
def campaign(campaign: str) -> str:
    """Show how one campaign is doing."""
    status = or_404(campaign_statuses(g.session, campaign).get(campaign))
    folder = newest_folder(g.session, campaign)
    drafts, bills = drafts_of(g.session, campaign), bills_of(g.session, campaign)
    made = campaign_figures(g.session, campaign)
    own = own_list.current(g.session, campaign)
    why = select(Campaign.availability_reason).where(Campaign.name == campaign)
    reason = g.session.scalar(why) if status.availability is Availability.OFFLINE else ""
    opened, today = campaign_shown(), day_of(services().now())
    names = document_names(folder)
    file = opened.file if opened else folder.readable_campaign()
    problems = len(check_folder(folder))
    return render_template(
        "staff/campaign_overview.html",
        checklist=_checklist(folder, own_list=own.rows if own else 0, problems=problems, live=opened is not None),
        name=campaign,
        title=campaign_name(folder),
        status=status,
        reason=reason,
        file=file,
        season=file.season_on(today) if opened and file else None,
        letters=Counter(
            one.status.value for name, one in status.documents.items() if name not in OWN_DOCUMENTS.values()
        ),
        waiting=[(names[name], one) for name, one in status.documents.items() if one.pending in PENDING],
        writing=[(names[name], who, at) for name, found in drafts.items() for who, at in found],
        problems=problems,
        bills=bills,
        may_publish=current_account().role.may(Role.PUBLISHER),
        verbs=availability_verbs(status.availability, status.documents[OWN_DOCUMENTS[CAMPAIGN]].live),
        confirmed=made.total,
        this_week=made.week_before(today),
    )


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One thing to do: `endpoint` is the staff page for it; what is `optional` keeps nothing from being published."""

    words: Message
    done: bool
    endpoint: str
    optional: bool = False


def _checklist(folder: CampaignFolder, *, own_list: int, problems: int, live: bool) -> list[ChecklistItem]:
    """Return what is done and what is missing, of a campaign as it was last written.

    `own_list` is how many people its own list names, `problems` how many the checks find.
    """
    try:
        file = folder.campaign()
    except TomlProblems:
        return [ChecklistItem(message("Fix the campaign’s file"), False, "campaign_settings")]
    letters = folder.letters()
    has_audience = bool(file.chambers or file.ministers) or (file.own_list and own_list > 0)
    return [
        ChecklistItem(message("Name and ask"), True, "campaign_settings"),
        ChecklistItem(message("Who runs the campaign"), file.organiser is not None, "campaign_settings"),
        ChecklistItem(message("Privacy contact"), bool(file.privacy_contact), "campaign_settings"),
        ChecklistItem(message("Who the letters go to"), has_audience, "audience"),
        ChecklistItem(message("Survey"), bool((folder.content(FINDINGS) or b"").strip()), "survey", optional=True),
        ChecklistItem(message("A first letter"), bool(letters), "letters" if letters else "new_letter"),
        ChecklistItem(
            nmessage("%(num)s thing to fix", "%(num)s things to fix", problems)
            if problems
            else message("Nothing to fix"),
            not problems,
            "campaign_publish",
        ),
        ChecklistItem(message("Published"), live, "campaign_publish"),
    ]


# --- Offline, online, archived, restored, deleted


class OfflineForm(StaffForm):
    """The reason for taking something offline, and whether its content is wrong."""

    reason = TextAreaField(
        _l("Reason"),
        description=_l("Only the team sees it."),
        validators=[DataRequired(_l("Say why, for the audit log.")), Length(max=MAX_REASON)],
    )
    is_wrong = BooleanField(_l("The content is wrong: withdraw the letters that are not confirmed yet"))


@bp.route("/campaigns/<campaign>/availability/<act>", methods=["GET", "POST"], endpoint="campaign_availability")
@bp.route(
    "/campaigns/<campaign>/letters/<letter>/availability/<act>", methods=["GET", "POST"], endpoint="letter_availability"
)
@requires(Role.PUBLISHER)
def change_availability(campaign: str, act: str, letter: str | None = None) -> ResponseReturnValue:
    """Ask about a whole campaign or one letter once more, then do it."""
    form = OfflineForm() if act == "offline" else StaffForm()
    back = url_for("staff.campaign", campaign=campaign)
    if letter:
        back = url_for("staff.history", campaign=campaign, document=letter)
    lock_campaigns(g.session)
    whole = or_404(g.session.scalar(select(Campaign).where(Campaign.name == campaign)))
    subject = find_letter(g.session, campaign, letter) if letter else whole
    if act not in (*VERBS, DELETE):
        abort(404)
    if act not in allowed_verbs(g.session, subject):
        flash(_("Nothing was changed."))
        return redirect(back, 303)
    if not form.validate_on_submit():
        newest = newest_revision(g.session, campaign, letter) if letter else None
        title = document_title(newest).in_language(current_language()) if newest else ""
        page = render_template(
            "staff/availability.html",
            act=act,
            form=form,
            named=title or campaign_name(newest_folder(g.session, campaign)),
            is_letter=letter is not None,
            back=back,
            campaign_key=campaign,
        )
        return page, 422 if request.method == "POST" else 200
    by, now = current_account(), services().now()
    if act == DELETE:
        delete_unpublished(g.session, subject, by=by, now=now)
        flash(_("Deleted."))
        return redirect(url_for("staff.campaign", campaign=campaign) if letter else url_for("staff.campaigns"), 303)
    why = {"reason": form.reason.data, "is_wrong": form.is_wrong.data} if act == "offline" else {}
    apply_verb(g.session, subject, act, by=by, now=now, **why)
    flash(str(CHANGED[act]))
    return redirect(back, 303)


# --- A new campaign


class NewCampaignForm(StaffForm):
    """What a campaign begins with; its choices are those of the site."""

    start = RadioField(_l("Start from"), default=BLANK)
    name = text(_l("Name"), required=True)
    ask = text(
        _l("Ask, in one sentence"),
        lines=2,
        hint=_l("“We ask Parliament to…” A preset or a copy brings its own."),
    )
    address = StringField(
        _l("Name in the web address"),
        [Length(max=60)],
        description=_l("If empty, it is made from the English name. It can’t be changed later."),
    )
    taken: list[str]

    def validate(self, extra_validators: object = None) -> bool:
        """Require the ask of a blank campaign."""
        valid = super().validate(extra_validators)
        if valid and self.start.data == BLANK and self.ask.wording is None:
            self.ask.refuse(_("Fill in both languages."))
            return False
        return bool(valid)

    def validate_address(self, field: Field) -> None:
        """Refuse a name that is taken or not possible."""
        refused = name_problem(field.data.strip(), self.taken) if field.data else None
        if refused:
            raise ValidationError(refused.in_language(current_language()))


@bp.route("/campaigns/new", methods=["GET", "POST"])
@requires(Role.WRITER)
def campaign_new() -> ResponseReturnValue:
    """Create a campaign: blank, from a preset, or as a copy of another."""
    site, form = services(), NewCampaignForm()
    if request.method == "POST":
        lock_campaigns(g.session)  # before the names are read: two who choose the same one are told
    there = stored_campaigns(g.session)
    form.taken = [*campaign_names(g.session)]
    form.start.choices = [SelectChoice(BLANK, _("A blank campaign"))]
    for folder in presets().values():
        label = _("Preset that comes with the site: %(name)s", name=campaign_name(folder))
        form.start.choices.append(SelectChoice(f"{PRESET}:{folder.name}", label))
    for one in there.values():
        label = _("Copy of your campaign, with its texts of today: %(name)s", name=campaign_name(one.current()))
        form.start.choices.append(SelectChoice(f"{COPY}:{one.name}", label))
    if not form.validate_on_submit():
        status = 422 if form.errors else 200
        return render_template("staff/campaign_new.html", form=form), status
    start, title, ask = form.start.data, form.name.required_wording, form.ask.wording or form.name.required_wording
    name = (form.address.data or "").strip() or new_name(title[SOURCE], {*form.taken, *RESERVED_NAMES["campaign"]})
    kind, _colon, source = start.rpartition(":")
    copy_of = there[source] if kind == COPY else None
    if kind == PRESET:
        folder = presets()[source]
    else:
        folder = copy_of.current() if copy_of else CampaignFolder.of("", blank_campaign(title, ask))
    titled = title if kind else None
    create_campaign(g.session, name, folder, by=current_account(), now=site.now(), title=titled, copy_of=copy_of)
    flash(_("Campaign created. The public won’t see it until you publish."))
    return redirect(url_for("staff.campaign_setup", campaign=name), 303)


class ResponsibleForm(DocumentForm):
    """Who answers for a campaign: both are needed before letters go by e-mail."""

    organiser = text(_l("Who runs the campaign"), required=True)
    privacy_contact = StringField(
        _l("Privacy contact"),
        [REQUIRED, Length(max=300), CONTACT],
        description=_l("An address that a person reads. It appears on the privacy page."),
    )


@bp.route("/campaigns/<campaign>/setup", methods=["GET", "POST"])
@requires(Role.WRITER)
def campaign_setup(campaign: str) -> ResponseReturnValue:
    """Save who runs a new campaign, the first step of its setup."""
    onward = url_for("staff.audience", campaign=campaign, setup="yes")
    return edit_document(campaign, ResponsibleForm, "staff/setup.html", onward=onward)


@bp.get("/campaigns/<campaign>/setup/survey")
@requires(Role.WRITER)
def campaign_setup_survey(campaign: str) -> str:
    """Show the step about the survey, which is optional."""
    folder = find_campaign(g.session, campaign).newest()
    return render_template("staff/setup_survey.html", name=campaign, folder=folder)
