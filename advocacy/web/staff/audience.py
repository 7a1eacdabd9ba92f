"""The recipients of a campaign: chambers, named ministers, and a list of its own, uploaded as a CSV file."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from flask import flash, g, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug import Response
from wtforms import BooleanField, Field, FieldList, FormField, HiddenField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional, ValidationError

from advocacy.campaigns.campaign_folder import OWN_LIST
from advocacy.campaigns.library import lock_campaigns
from advocacy.exports.people_csv import MAX_ROWS, read_people_list, write_people_list
from advocacy.legislators.directory_queries import riding_names
from advocacy.legislators.directory_snapshot import DirectorySnapshot, has_portfolio
from advocacy.legislators.legislatures import COMMONS, MINISTERS, SENATE, legislatures
from advocacy.sheets import CellError, SheetErrors
from advocacy.staff import own_list
from advocacy.staff.models import Role
from advocacy.web.files import takes_file
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import bp, current_account, requires
from advocacy.web.staff.campaign_documents import DocumentForm, edit_document, find_campaign, large_form
from advocacy.web.staff.forms import CheckboxesField, FileForm, PartForm, SeenForm


def _chambers() -> list[SelectChoice]:
    """Return Parliament's chambers, and others of which the directory has anybody."""
    directory = services().directory.current(services().now())
    return [
        SelectChoice(one.slug, one.members.in_language(current_language()))
        for one in legislatures().chambers
        if one.key in {COMMONS, SENATE} or directory.of_chamber(one.slug)
    ]


class MinisterForm(PartForm):
    """A minister, by what they answer for, or by their id in the directory."""

    portfolio = StringField(_l("Portfolio"), [Optional(), Length(max=200)])
    legislator = HiddenField(validators=[Length(max=100)])


class AudienceForm(DocumentForm):
    chambers = CheckboxesField(_l("Parliament"), choices=_chambers)
    every_minister = BooleanField(_l("Every minister in the directory"))
    minister = FieldList(
        FormField(MinisterForm, ""),
        _l("Named ministers"),
        max_entries=30,
        description=_l("“Minister of Health”: whoever holds the office gets the letter."),
    )
    own_list = BooleanField(_l("People on your own list"))

    @classmethod
    def form_data(cls, raw: dict[str, Any], _folder: object) -> dict[str, Any]:
        """Separate the ministers from the chambers."""
        return {**raw, "every_minister": MINISTERS in raw.get("chambers", ())}

    def file_values(self) -> dict[str, Any]:
        """Write all ministers as a chamber, as campaigns have done from the start."""
        values = super().file_values()
        chambers = [*(values["chambers"] or ()), *([MINISTERS] if values.pop("every_minister") else ())]
        return {**values, "chambers": chambers or None}

    def validate_own_list(self, field: Field) -> None:
        """Refuse a campaign without any recipient."""
        named = any(row.form.portfolio.data or row.form.legislator.data for row in self.minister)
        if not (field.data or self.chambers.data or self.every_minister.data or named):
            raise ValidationError(_("Choose at least one."))


@bp.route("/campaigns/<campaign>/audience", methods=["GET", "POST"])
@large_form
@requires(Role.WRITER)
def audience(campaign: str) -> ResponseReturnValue:
    site = services()
    shown = {**_own_list(campaign), "counts": _counts(site.directory.current(site.now()))}
    if _setup():
        shown["onward"] = url_for("staff.campaign_setup_survey", campaign=campaign)
    answer = edit_document(campaign, AudienceForm, "staff/audience.html", **shown)
    if isinstance(answer, Response):  # it is saved
        named = [title.strip() for field, title in request.form.items() if field.endswith("-portfolio")]
        if vacant := [title for title in named if title and not shown["counts"]["holder"](title)]:
            flash(_("Nobody in the directory holds this office now: %(names)s.", names="; ".join(vacant)), "refused")
    return answer


@bp.post("/campaigns/<campaign>/audience/list")
@takes_file
@requires(Role.WRITER)
def audience_list(campaign: str) -> ResponseReturnValue:
    """Read a list and store it; it is shown before it is put in use."""
    site, form = services(), FileForm()
    errors: list[CellError] = []
    find_campaign(g.session, campaign)
    if form.validate_on_submit():
        try:
            people = read_people_list(form.archive.content, riding_names(g.session))
        except SheetErrors as refused:
            errors = refused.errors
        else:
            own_list.store_pending(
                g.session, campaign, write_people_list(people), by=current_account().id, now=site.now()
            )
            return redirect(url_for("staff.audience", campaign=campaign, setup=_setup(), _anchor="list"), 303)
    shown = {"name": campaign, "form": form, "cell_errors": errors, "setup": _setup()}
    return render_template("staff/audience_refused.html", **shown), 422


@bp.post("/campaigns/<campaign>/audience/list/take")
@requires(Role.WRITER)
def audience_list_taken(campaign: str) -> ResponseReturnValue:
    """Put the list that was checked in use, or discard it."""
    site, form = services(), SeenForm()
    way = redirect(url_for("staff.audience", campaign=campaign, setup=_setup()), 303)
    lock_campaigns(g.session)
    find_campaign(g.session, campaign)
    stored_list = own_list.current(g.session, campaign)
    if not form.validate_on_submit() or stored_list is None or stored_list.waiting is None:
        flash(_("The list is no longer here: choose the file again."), "refused")
    elif request.form.get("act") == "drop":
        own_list.discard_pending(g.session, campaign)
        flash(_("The new list is discarded. Nothing was changed."))
    elif form.seen.data != own_list.fingerprint(stored_list.waiting):
        flash(_("Another list was uploaded in the meantime: check it first."), "refused")
    elif not own_list.may_approve(g.session, stored_list, current_account()):
        flash(
            _("The campaign is public or in review: another publisher must check the new list."),
            "refused",
        )
    else:
        people = read_people_list(stored_list.waiting, riding_names(g.session))
        own_list.store(g.session, campaign, people, by=current_account().id, now=site.now())
        flash(_("The list is in use."))
    return way


@bp.get("/campaigns/<campaign>/audience/list.csv")
@requires(Role.WRITER)
def audience_list_file(campaign: str) -> ResponseReturnValue:
    """Return the list that counts as a CSV file, or the one that waits, or one to fill in."""
    find_campaign(g.session, campaign)
    stored_list = own_list.current(g.session, campaign)
    content = (stored_list.waiting if "waiting" in request.args else stored_list.content) if stored_list else b""
    content = content or write_people_list([])
    return send_file(BytesIO(content), "text/csv", as_attachment=True, download_name=OWN_LIST)


def _setup() -> str | None:
    """Return "yes" while the page is a step of a new campaign, which its forms and links keep."""
    return "yes" if request.args.get("setup") else None


def _own_list(campaign: str) -> dict[str, Any]:
    stored_list = own_list.current(g.session, campaign)
    change, seen, may_take = None, "", False
    if stored_list is not None and stored_list.waiting is not None:
        change = own_list.difference(
            g.session, campaign, read_people_list(stored_list.waiting, riding_names(g.session))
        )
        seen, may_take = (
            own_list.fingerprint(stored_list.waiting),
            own_list.may_approve(g.session, stored_list, current_account()),
        )
    return {
        "setup": _setup(),
        "own_rows": stored_list.rows if stored_list else 0,
        "change": change,
        "list_form": FileForm(formdata=None),
        "take_form": SeenForm(formdata=None, data={"seen": seen}),
        "may_take": may_take,
        "max_rows": MAX_ROWS,
    }


def _counts(directory: DirectorySnapshot) -> dict[str, Any]:
    """Return how many people of the directory each choice stands for, and the portfolios there are."""
    chambers = {
        name: (one.members.in_language(current_language()), len(directory.of_chamber(name)))
        for name, one in legislatures().by_slug.items()
    }
    titles = [one.title.in_language(current_language()) for one in directory.ministers if one.title]

    def holder(portfolio: str) -> str:
        found = next((one for one in directory.ministers if has_portfolio(one, portfolio)), None)
        return f"{found.name}, {found.title.in_language(current_language())}" if found and found.title else ""

    def holders(portfolios: Iterable[str]) -> int:
        return sum(1 for portfolio in portfolios if holder(portfolio))

    ministers = {MINISTERS: len(directory.ministers), "titles": titles, "holder": holder, "holders": holders}
    return {"chambers": chambers, **ministers}
