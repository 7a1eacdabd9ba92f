"""The settings of a campaign: general, notices, after sending, bills, pictures, and who may publish."""

from typing import Any

from flask import Response, abort, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from wtforms import (
    BooleanField,
    DateField,
    Field,
    FieldList,
    FileField,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from advocacy.campaigns.campaign_folder import PICTURES, SAFETY, CampaignFolder
from advocacy.campaigns.library import lock_campaigns
from advocacy.campaigns.pictures import LOGO, SHARING, file_name, read_picture, read_pictures
from advocacy.campaigns.safety import Status
from advocacy.campaigns.skeletons import add_missing_keys
from advocacy.campaigns.terms import STAGES
from advocacy.language import Language
from advocacy.staff import publication, revisions
from advocacy.staff.models import Role
from advocacy.web.files import takes_file
from advocacy.web.services import services
from advocacy.web.staff.access import bp, current_account, or_404, requires
from advocacy.web.staff.campaign_documents import (
    DocumentForm,
    Values,
    edit_document,
    find_campaign,
    large_form,
    save_values,
    values_of,
)
from advocacy.web.staff.forms import (
    CONTACT,
    REQUIRED,
    KeyField,
    PartForm,
    StaffForm,
    text,
    wording_choices,
)


class PictureForm(PartForm):
    """One picture: a new file, or the one there is, with its words."""

    file = FileField(_l("Picture file"))
    remove = BooleanField(_l("Remove the picture"))
    alt = text(_l("What it shows, in words"), hint=_l("For people who do not see it."))

    def validate_file(self, field: Field) -> None:
        if isinstance(field.data, FileStorage) and field.data.filename:  # a form without files brings text
            self.picture = read_picture(field.data.stream.read())
            if self.picture is None:
                raise ValidationError(_("Choose a PNG, JPEG or WebP picture of 1 MB and 4,000 pixels a side at most."))

    picture: Any = None


class PicturesForm(StaffForm):
    logo = FormField(PictureForm, _l("Logo"), description=_l("Shown on the campaign’s page."))
    sharing = FormField(
        PictureForm,
        _l("Picture for sharing"),
        description=_l("Networks show it beside a link, best at 1200 × 630. Without one, it is made of the asks."),
    )


@bp.route("/campaigns/<campaign>/settings/pictures", methods=["GET", "POST"])
@takes_file
@requires(Role.WRITER)
def campaign_pictures(campaign: str) -> ResponseReturnValue:
    site = services()
    if request.method == "POST":
        lock_campaigns(g.session)  # before it is read: nothing that somebody else saves meanwhile is written over
    there = find_campaign(g.session, campaign)
    folder = there.newest()
    file = folder.readable_campaign()
    alts = {str(name): words for name, words in file.pictures.items()} if file else {}
    form = PicturesForm(data={name: {"alt": alts.get(name)} for name in (LOGO, SHARING)})
    stored_pictures = read_pictures(folder.files)
    if form.validate_on_submit():
        pictures, words = dict(stored_pictures), dict[str, dict[str, str]]()
        for name in (LOGO, SHARING):
            part = form[name].form
            if part.picture:
                pictures[name] = part.picture
            elif part.remove.data:
                pictures.pop(name, None)
            if name in pictures and part.alt.wording:
                words[name] = {language.value: alt_text for language, alt_text in part.alt.wording.items()}
        save_values(g.session, there, {"pictures": words or None})
        files = {file_name(name, picture): picture.content for name, picture in pictures.items()}
        if files or stored_pictures:
            revisions.save(g.session, campaign, PICTURES, files=files, by=current_account(), now=site.now())
        flash(_("Saved. The public won’t see it until you publish."))
        return redirect(url_for("staff.campaign_pictures", campaign=campaign), 303)
    shown = {"stored": there, "folder": folder, "form": form, "stored_pictures": stored_pictures}
    return render_template("staff/settings/pictures.html", **shown), 422 if form.errors else 200


@bp.get("/campaigns/<campaign>/settings/pictures/<picture>")
@requires(Role.WRITER)
def campaign_picture_file(campaign: str, picture: str) -> Response:
    """Return a picture as it was saved last."""
    found = or_404(read_pictures(find_campaign(g.session, campaign).newest().files).get(picture))
    answer = make_response(found.content)
    answer.mimetype = found.mimetype
    return answer


# --- General


class GoalForm(PartForm):
    """The number of letters aimed at."""

    letters = IntegerField(_l("Number of letters"), [Optional(), NumberRange(1, 10_000_000)])
    by = DateField(_l("By this day"), [Optional()])


class SettingsForm(DocumentForm):
    name = text(_l("Name"), required=True)
    ask = text(_l("Ask, in one sentence"), required=True, lines=3)
    headline = FieldList(
        text(_l("Ask")),
        _l("Headline"),
        max_entries=6,
        description=_l("The asks in a few words each."),
    )
    deck = text(_l("Introduction to the letters"), lines=4)
    opens = DateField(
        _l("First day for writing"),
        [Optional()],
        description=_l("If empty: as soon as it is published."),
    )
    closes = DateField(
        _l("Last day for writing"),
        [Optional()],
        description=_l("Until midnight, Ottawa time. The campaign’s page then stays, marked as closed."),
    )
    organiser = text(_l("Who runs the campaign"), hint=_l("Needed to send letters by e-mail."))
    privacy_contact = StringField(
        _l("Privacy contact"),
        [Length(max=300), CONTACT],
        description=_l("An address that a person reads. It appears on the privacy page."),
    )
    leave = text(
        _l("Where “Leave this site” leads"),
        hint=_l("An address that begins with https://. If empty, there is no such button."),
    )
    discreet = BooleanField(_l("E-mails to citizens never name the campaign"))
    goal = FormField(GoalForm, _l("Goal"))
    show_answers = BooleanField(
        _l("The campaign’s page shows which offices answer"),
        description=_l("Names of offices, and the share of letters answered within 30 days: from 20 reported letters."),
    )

    def validate(self, extra_validators: object = None) -> bool:
        """Refuse a way out that is no address."""
        valid = super().validate(extra_validators)
        for language in Language:
            way = self.leave.form[language.value].data or ""
            if way and not way.strip().startswith("https://"):
                self.leave.refuse(_("Enter a full address, beginning with https://."), language)
        return bool(valid) and not self.leave.errors

    def validate_closes(self, field: Field) -> None:
        if field.data and self.opens.data and field.data < self.opens.data:
            raise ValidationError(_("This is before the day the campaign opens."))


@bp.route("/campaigns/<campaign>/settings", methods=["GET", "POST"])
@large_form
@requires(Role.WRITER)
def campaign_settings(campaign: str) -> ResponseReturnValue:
    alone = publication.one_person_rule(g.session, campaign)
    return edit_document(campaign, SettingsForm, "staff/settings/general.html", alone=alone, rule=RuleForm())


class RuleForm(StaffForm):
    """Whether one person may write and publish; `sure` is pressed once more for it."""

    rule = HiddenField(validators=[Regexp("alone|two")])
    sure = HiddenField()


@bp.post("/campaigns/<campaign>/rule")
@requires(Role.MANAGER)
def campaign_rule(campaign: str) -> ResponseReturnValue:
    """Allow one person to write and publish, once that was confirmed; or require a second person again."""
    form = RuleForm()
    alone = form.rule.data == "alone"
    if not form.validate_on_submit() or (alone and form.sure.data != "yes"):
        abort(422)
    site = services()
    lock_campaigns(g.session)
    find_campaign(g.session, campaign)
    publication.set_one_person_rule(g.session, campaign, alone, by=current_account(), now=site.now())
    if alone:
        flash(_("One person can now write and publish in this campaign. The log shows it."))
    else:
        flash(_("This campaign now needs a second person to publish."))
    return redirect(url_for("staff.campaign_settings", campaign=campaign, _anchor="rule"), 303)


# --- Notices and support
STATES = [
    SelectChoice(Status.OURS.value, _l("Our own words")),
    SelectChoice(Status.VERIFIED.value, _l("Verified")),
    SelectChoice(Status.UNVERIFIED.value, _l("Still to verify")),
]


class PassageForm(PartForm):
    """One notice, left out where it is empty."""

    title = text(_l("Title"))
    words = text(_l("Text"), lines=4)
    status = SelectField(_l("Status"), choices=STATES)
    note = StringField(_l("Note for staff"), [Length(max=1000)])


class SupportForm(PartForm):
    key = KeyField()
    name = text(_l("Name"), required=True)
    what = text(_l("What it offers"))
    contact = text(_l("How to reach it"), hint=_l("A telephone number or a site; separate several by “; ”."))
    status = SelectField(_l("Status"), choices=STATES)
    note = StringField(_l("Note for staff"), [Length(max=1000)])


class SafetyForm(DocumentForm):
    """Notices and support lines of a campaign; all of them are optional."""

    FILE = SAFETY
    content_notice = FormField(PassageForm, _l("Notice above the form"))
    own_words = FormField(PassageForm, _l("Hint under “your own words”"))
    found_material = FormField(PassageForm, _l("Shown where a link was refused"))
    image_of_you = FormField(PassageForm, _l("Shown beside sensitive answers"))
    privacy = FormField(PassageForm, _l("Added to the privacy page"))
    support = FieldList(FormField(SupportForm, ""), _l("Support lines"), max_entries=20)

    def file_values(self) -> Values:
        """Leave out notices without a text, and give every support line a key."""
        values = values_of(self)
        for name, value in values.items():
            if name != "support" and value and "words" not in value:
                values[name] = None
        add_missing_keys(values["support"] or [], "name")
        return values


@bp.route("/campaigns/<campaign>/settings/safety", methods=["GET", "POST"])
@large_form
@requires(Role.WRITER)
def campaign_safety(campaign: str) -> ResponseReturnValue:
    return edit_document(campaign, SafetyForm, "staff/settings/safety.html")


# --- Sharing, who else to write to, samples


class AlsoForm(PartForm):
    """Whom to write to after the first letter, and why."""

    minister = StringField(_l("Minister, by portfolio"), [Length(max=200)])
    bill = StringField(_l("Minister responsible for the bill"), [Length(max=20)])
    legislator = StringField(_l("Person, by id in the directory"), [Length(max=100)])
    senators_of_province = BooleanField(_l("Senators of the citizen’s province"))
    reason = text(_l("Reason"), required=True, lines=2)
    source = StringField(_l("Source of the reason"), [REQUIRED, Length(max=500)])

    def validate_minister(self, _field: Field) -> None:
        """Require exactly one of the four."""
        named = (self.minister.data, self.bill.data, self.legislator.data, self.senators_of_province.data)
        if sum(map(bool, named)) != 1:
            raise ValidationError(_("Fill in one of these four."))


class AfterForm(DocumentForm):
    """What is shown once a letter is on its way, and what staff try letters out with."""

    share = text(_l("Text for sharing"), lines=2)
    also = FieldList(FormField(AlsoForm, ""), _l("Also write to"), max_entries=20)
    sample = text(
        _l("A citizen’s own words, for previews"),
        lines=3,
        hint=_l("An invented person, shown in previews and reviews."),
    )

    @classmethod
    def form_data(cls, raw: Values, _folder: CampaignFolder) -> Values:
        """Return the sample for any field for own words."""
        return {**raw, "sample": raw.get("samples", {}).get("own_words")}

    def file_values(self) -> Values:
        """Keep the samples of single fields."""
        values = values_of(self)
        campaign = self.folder.campaign()
        others = {key: dict(words) for key, words in campaign.samples.items() if key != "own_words"}
        own = values.pop("sample")
        return {**values, "samples": {**others, **({"own_words": own} if own else {})} or None}


@bp.route("/campaigns/<campaign>/settings/after", methods=["GET", "POST"])
@large_form
@requires(Role.WRITER)
def campaign_after(campaign: str) -> ResponseReturnValue:
    return edit_document(campaign, AfterForm, "staff/settings/after.html")


# --- The bill


class TitleForm(PartForm):
    """A bill's title, which may be missing in a language."""

    fr = StringField(_l("French"), [Length(max=300)])
    en = StringField(_l("English"), [Length(max=300)])


class BillForm(PartForm):
    number = StringField(
        _l("Number"),
        [Regexp(r"(?:[A-Z]-)?[1-9]\d{0,3}$", message=_l("Write the number as in C-12 or 62."))],
    )
    title = FormField(TitleForm, _l("Title"))
    introduced = DateField(_l("Introduced on"), [InputRequired(_l("Enter a date."))])
    stage = SelectField(_l("Stage"), choices=wording_choices(STAGES))
    confirmed = DateField(_l("Stage confirmed on"), [Optional()])
    covers = text(_l("What it covers, in one sentence"), required=True, lines=3)
    source = StringField(_l("Source"), [REQUIRED, Length(max=1000)])


class BillsForm(DocumentForm):
    """The bills of a campaign; it can do without."""

    bill = FieldList(FormField(BillForm, ""), _l("Bills"), max_entries=5)


@bp.route("/campaigns/<campaign>/settings/bill", methods=["GET", "POST"])
@large_form
@requires(Role.WRITER)
def campaign_bills(campaign: str) -> ResponseReturnValue:
    return edit_document(campaign, BillsForm, "staff/settings/bill.html")
