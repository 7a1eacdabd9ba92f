"""The page for offices: how to filter, verify and answer letters, and how an office sets the way it gets them.

An office proves its mailbox by a link mailed to its address in the directory. `GET` shows, `POST` acts.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any
from urllib.parse import urlencode, urlsplit

from email_validator import EmailNotValidError
from flask import abort, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, EmailField, Field, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Length, Optional, ValidationError

from advocacy.abuse import caps
from advocacy.email_addresses import read_email_address
from advocacy.language import SIDE_BY_SIDE, Language, day_of, format_date, format_number
from advocacy.legislators.directory_queries import is_bounced
from advocacy.legislators.forms_of_address import place_of, role_of
from advocacy.legislators.models import Legislator, to_recipient
from advocacy.letters.office_mails import change_texts
from advocacy.letters.screening import BlockedKind, screen
from advocacy.letters.text_cleaning import clean
from advocacy.offices import office_links
from advocacy.offices.models import OfficeLink, OfficeLinkKind
from advocacy.offices.office_links import TooManyLinks
from advocacy.offices.office_settings import (
    ADDRESS_DELAY,
    MAX_ACKNOWLEDGEMENT,
    MAX_PAUSE,
    OfficeValues,
    is_official_domain,
    settings_of,
)
from advocacy.signed_links import Purpose
from advocacy.staff import office_changes
from advocacy.staff.audit_log import Act
from advocacy.web.locale import alternate, current_language, language_name, other_languages
from advocacy.web.page import campaigns_here
from advocacy.web.public import bp
from advocacy.web.public.recipients import VACANT_SEAT
from advocacy.web.rate_limits import costs
from advocacy.web.security import form_page, secret_page
from advocacy.web.services import services
from advocacy.web.unit_of_work import after_commit

MAX_RESULTS = 12
"""How many offices a search shows."""
GONE, TOO_MANY = 410, 429
EACH, DAILY = "each", "daily"
ADDRESS, SAVED = "address", "saved"
"""What the settings page says was just done."""
NAMED_PAGES = frozenset({"public.offices", "public.office_settings"})


@bp.url_value_preprocessor
def take_page_name(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Take the page's name out of what views are given: the language says it."""
    if values and "page_name" in values:
        g.page_name = values.pop("page_name")


@bp.url_defaults
def add_page_name(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint in NAMED_PAGES:
        values.setdefault("page_name", office_links.page_name(Language(values["language"])))


def _check_page_name(language: Language) -> None:
    """Have the page in each language at its own name alone."""
    if g.page_name != office_links.page_name(language):
        abort(404)


@dataclass(frozen=True, slots=True)
class OfficeChoice:
    """An office that a search found."""

    id: str
    name: str
    about: str


class AskForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """For which office a link is asked for."""

    office = StringField()


class ActForm(FlaskForm):  # type: ignore[misc]
    """One press: the link in the address says of what."""


class SettingsForm(FlaskForm):  # type: ignore[misc]
    """How an office wants its letters."""

    delivery = RadioField(
        _l("How letters come"),
        choices=[
            SelectChoice(EACH, _l("One e-mail for each letter")),
            SelectChoice(DAILY, _l("One e-mail a day with all letters, at 6 a.m. in Ottawa")),
        ],
    )
    language = RadioField(_l("Language of our e-mails to you"))
    paused_until = DateField(_l("Send nothing until"), validators=[Optional()])
    acknowledgement_en = TextAreaField(_l("In English"))
    acknowledgement_fr = TextAreaField(_l("In French"))
    email = EmailField(_l("Another address for letters"), validators=[Optional(), Length(max=254)])

    def __init__(self, values: OfficeValues, office: Legislator, now: datetime) -> None:
        self.values, self._office, self._now = values, office, now
        super().__init__(
            delivery=DAILY if values.takes_digest else EACH,
            language=values.language or "",
            paused_until=values.paused_until if values.is_paused(now) else None,
            acknowledgement_en=values.acknowledgement.get(Language.EN.value, ""),
            acknowledgement_fr=values.acknowledgement.get(Language.FR.value, ""),
            email=values.email or "",
        )
        self.language.choices = [
            SelectChoice("", _l("Whichever fits the letters")),
            *(SelectChoice(one.value, language_name(one)) for one in SIDE_BY_SIDE),
        ]

    def validate_paused_until(self, field: Field) -> None:
        """A pause begins now and has an end."""
        first, last = day_of(self._now), day_of(self._now + MAX_PAUSE)
        if field.data is None:  # it is none, as its error says
            return
        if field.data <= first:
            raise ValidationError(_("Choose a day after today, or leave it empty."))
        if field.data > last:
            raise ValidationError(
                _("A pause can last %(days)d days: until %(day)s at most.")
                % {"days": MAX_PAUSE.days, "day": format_date(last, current_language())}
            )

    def validate_acknowledgement_en(self, field: Field) -> None:
        _clean_acknowledgement(field)

    def validate_acknowledgement_fr(self, field: Field) -> None:
        _clean_acknowledgement(field)

    def validate_email(self, field: Field) -> None:
        """Read the address; the directory's own is no other one."""
        try:
            field.data = read_email_address(field.data.strip(), test_environment=True).normalized
        except EmailNotValidError:
            raise ValidationError(_("That e-mail address doesn’t look right. Example: name@example.ca.")) from None

    @property
    def new_address(self) -> str | None:
        """Return an address that has to prove itself, None where there is no new one."""
        typed = self.email.data or ""
        known = {(one or "").casefold() for one in (self.values.email, self._office.email)}
        return typed if typed and typed.casefold() not in known else None

    @property
    def new_values(self) -> OfficeValues:
        """Return what was typed; a new address is none of it yet."""
        typed = {"en": self.acknowledgement_en.data, "fr": self.acknowledgement_fr.data}
        same = (self.email.data or "").casefold() == (self.values.email or "").casefold()
        keeps_address = same or self.new_address is not None
        return replace(
            self.values,
            takes_digest=self.delivery.data == DAILY,
            language=Language(self.language.data) if self.language.data else None,
            paused_until=self.paused_until.data,
            acknowledgement={language: text for language, text in typed.items() if text},
            email=self.values.email if keeps_address else None,
            email_from=self.values.email_from if keeps_address else None,
        )


def _clean_acknowledgement(field: Field) -> None:
    """Take out what cannot be seen; refuse links and addresses, which whoever reads a mailbox for an hour could spread.

    Telephone numbers may stay.
    """
    field.data = clean(field.data or "", lines=True)
    if any(one.kind is not BlockedKind.MISSING_SPACE for one in screen(field.data)):
        raise ValidationError(_("Leave out links and e-mail addresses."))
    if len(field.data) > MAX_ACKNOWLEDGEMENT:
        most = format_number(MAX_ACKNOWLEDGEMENT, current_language())
        raise ValidationError(_("Shorten it to %(max)s characters.", max=most))


@bp.route("/offices", methods=["GET", "POST"], defaults={"page_name": "offices"})
@bp.route("/bureaux", methods=["GET", "POST"], defaults={"page_name": "bureaux"})
@costs(10)
@form_page
def offices(language: Language) -> ResponseReturnValue:
    """Show how letters are filtered, verified and answered; mail a link to an office that was chosen.

    The answer is the same whatever was chosen, and whether it has an address or not.
    """
    _check_page_name(language)
    form, site = AskForm(), services()
    if not form.validate_on_submit():
        return _offices_page(form), 400 if form.errors else 200
    office = site.directory.current(site.now()).row(form.office.data or "")
    if office is not None and office.campaign is None and not _mail_settings_link(office.id, language):
        return make_response(_offices_page(form, too_many=True), TOO_MANY)
    after_commit(site.deliver_soon)
    return redirect(url_for("public.offices", sent=1, _anchor="sent"), 303)


def _mail_settings_link(office_id: str, language: Language) -> bool:
    """Mail an office a link to its settings, unless it has had its share; False where this network has."""
    site, now = services(), services().now()
    if not caps.allow_office_link(g.session, request.remote_addr or "", keys=site.keys, now=now):
        return False
    wanted = settings_of(g.session, office_id).language or language
    try:
        office_links.send_link(g.session, office_id, OfficeLinkKind.SETTINGS, language=wanted, now=now)
    except TooManyLinks:
        g.session.rollback()
        return True  # those of today are in its mailbox
    return True


def _offices_page(form: AskForm, *, too_many: bool = False) -> str:
    site, language = services(), current_language()
    query = request.args.get("q", "").strip()
    found = site.directory.current(site.now()).search(query) if query else []
    choices = [
        OfficeChoice(
            row.id,
            row.name or VACANT_SEAT.in_language(language),
            ", ".join(filter(None, (role_of(to_recipient(row), language), place_of(to_recipient(row), language)))),
        )
        for row in islice(found, MAX_RESULTS)
    ]
    return _page(
        "offices",
        form=form,
        query=query,
        choices=choices,
        chosen=form.office.data or (choices[0].id if len(choices) == 1 else ""),
        sent=bool(request.args.get("sent")),
        too_many=too_many,
        hours=int(office_links.VALIDITY.total_seconds() // 3600),
        sender=site.settings.from_email,
        host=urlsplit(site.settings.base_url).hostname,
        campaigns=[one for one in campaigns_here() if one.is_online],
    )


@bp.route("/offices/<token>", methods=["GET", "POST"], defaults={"page_name": "offices"})
@bp.route("/bureaux/<token>", methods=["GET", "POST"], defaults={"page_name": "bureaux"})
@costs(4)
@secret_page
def office_settings(language: Language, token: str) -> ResponseReturnValue:
    """Show what a link mailed to an office leads to, and do it when its button is pressed."""
    _check_page_name(language)
    site, now = services(), services().now()
    posted = request.method == "POST"
    link = office_links.find(g.session, site.linked_id(Purpose.OFFICE, token), now=now, locked=posted)
    if link is None:
        return make_response(_page("office_link", state="gone"), GONE)
    office = g.session.get_one(Legislator, link.legislator_id)
    match link.kind:
        case OfficeLinkKind.PROOF:
            answer = _prove_address(link, office)
        case OfficeLinkKind.UNDO:
            answer = _undo_change(link, office)
        case _:
            answer = _change_settings(office, token)
    if posted:
        after_commit(site.deliver_soon)
    return answer


def _prove_address(link: OfficeLink, office: Legislator) -> ResponseReturnValue:
    """Ask whether letters are to come to an address; where the button is pressed, they do after some days.

    An address at another domain waits for the staff.
    """
    now, form = services().now(), ActForm()
    context = {"office": office, "email": link.email, "form": form, "days": ADDRESS_DELAY.days}
    official = is_official_domain(g.session, office, link.email or "")
    if not form.validate_on_submit():
        return _page("office_link", state="proof", official=official, **context)
    begins = now + ADDRESS_DELAY if official else None
    values = replace(settings_of(g.session, office.id), email=link.email, email_from=begins)
    try:
        with g.session.begin_nested():
            _change(office.id, values)
    except TooManyLinks:
        g.session.rollback()
        return make_response(_page("office_link", state="full", **context), TOO_MANY)
    g.session.delete(link)
    return _page("office_link", state="proved", official=official, begins=begins, **context)


def _undo_change(link: OfficeLink, office: Legislator) -> ResponseReturnValue:
    """Show what was changed; where the button is pressed, bring back what was before and end all other links.

    The office is told of that as of any change. An address of its own that is brought back from there, and not from the
    directory's, counts as late as one that has just proved itself.
    """
    now, form = services().now(), ActForm()
    former, values = OfficeValues.read(link.former or {}), settings_of(g.session, office.id)
    if link.email is not None and former.email != values.email and former.email_from is not None:
        former = replace(former, email_from=max(former.email_from, now + ADDRESS_DELAY))
    changes = [one.in_language(current_language()) for one in change_texts(former, values)]
    if not form.validate_on_submit():
        return _page("office_link", state="undo", office=office, form=form, changes=changes)
    office_links.end_links(g.session, office.id, now=now)
    _change(office.id, former)
    return _page("office_link", state="undone", office=office, form=form)


def _change_settings(office: Legislator, token: str) -> ResponseReturnValue:
    """Show the settings, or save them; another address is mailed a link first."""
    now = services().now()
    form = SettingsForm(settings_of(g.session, office.id), office, now)
    too_many = False
    if form.validate_on_submit():
        done, address = SAVED, form.new_address
        try:
            with g.session.begin_nested():
                _change(office.id, form.new_values)
                if address is not None:
                    done, language = ADDRESS, form.new_values.language or current_language()
                    office_links.send_link(
                        g.session,
                        office.id,
                        OfficeLinkKind.PROOF,
                        language=language,
                        now=now,
                        email=address,
                    )
        except TooManyLinks:
            g.session.rollback()
            too_many = True
        else:
            return redirect(url_for("public.office_settings", token=token, done=done), 303)
    page = _page(
        "office_settings",
        form=form,
        office=office,
        name=office.name or VACANT_SEAT.in_language(current_language()),
        values=form.values,
        is_doubtful=bool(form.values.email) and is_bounced(g.session, form.values.email or ""),
        directory_address=_masked(office.email or ""),
        now=now,
        first=day_of(now),
        last=day_of(now + MAX_PAUSE),
        max_length=MAX_ACKNOWLEDGEMENT,
        max_days=MAX_PAUSE.days,
        done=request.args.get("done", "") if request.method == "GET" else "",
        too_many=too_many,
        token=token,
    )
    return make_response(page, TOO_MANY if too_many else 422 if form.errors else 200)


def _change(office_id: str, values: OfficeValues) -> None:
    """Set an office's settings as the office itself, and tell it; raises TooManyLinks."""
    now = services().now()
    before = office_changes.change_settings(
        g.session,
        office_id,
        values,
        act=Act.OFFICE_CHANGED,
        by=None,
        now=now,
    )
    if before is not None:
        language = values.language or current_language()
        office_links.send_change_notices(g.session, office_id, before, language=language, now=now)


def _page(template: str, **context: Any) -> str:
    """Render a page of offices: its other language is its own, whichever campaign the masthead names.

    What was searched for, and that a link was sent, is said there too.
    """
    query = urlencode({name: value for name in ("q", "sent") if (value := request.args.get(name))})
    ending = f"?{query}" if query else ""
    switch = {"urls": {each: alternate(each) + ending for each in other_languages()}, "post": False}
    return render_template(f"public/{template}.html", switch=switch, **context)


def _masked(address: str) -> str:
    """Return an address that whoever has it recognizes: "y…@parl.gc.ca"."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}…{at}{domain}" if name else ""
