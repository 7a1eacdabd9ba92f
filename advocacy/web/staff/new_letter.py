"""A new letter of a campaign, from a skeleton or a copy, and the order in which citizens see the letters."""

from collections.abc import Collection
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import FieldList, HiddenField, RadioField
from wtforms.fields.choices import SelectChoice

from advocacy.campaigns.checks.campaign_check import RESERVED
from advocacy.campaigns.folder import LETTER
from advocacy.campaigns.library import lock_campaigns
from advocacy.campaigns.skeletons import blank_letter, new_name
from advocacy.campaigns.toml_documents import edit_toml
from advocacy.database import immediate
from advocacy.language import Language
from advocacy.problems import Path
from advocacy.staff import revisions
from advocacy.staff.models import Role
from advocacy.staff.review import authors_of
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import current_account, requires
from advocacy.web.staff.blueprint import bp
from advocacy.web.staff.campaign_documents import of_name
from advocacy.web.staff.forms import StaffForm, apply_row_button, text
from advocacy.web.staff.letter_titles import name_of

SKELETON = "skeleton"
MAX_PLACE = 999


class NewLetterForm(StaffForm):
    """What a letter begins with, and its title."""

    start = RadioField(lazy_gettext("Start from"), default=SKELETON)
    title = text(lazy_gettext("Title"), needed=True, hint=lazy_gettext("Citizens choose among the titles."))
    ask = text(lazy_gettext("What it asks"), lines=2, hint=lazy_gettext("If empty: what the campaign asks."))


class OrderForm(StaffForm):
    """The letters by their names, in their order."""

    letters = FieldList(HiddenField())


@bp.route("/campaigns/<campaign>/letters/new", methods=["GET", "POST"])
@requires(Role.WRITER)
def new_letter(campaign: str) -> ResponseReturnValue:
    """Make a letter, which is not public before it is published."""
    site, language, form = services(), current_language(), NewLetterForm()
    with immediate(site.sessions) as session:
        lock_campaigns(session)
        there = of_name(session, campaign)
        folder = there.newest()
        known = folder.readable_letters()
        form.start.choices = [
            SelectChoice(SKELETON, _("A skeleton of five paragraphs")),
            *(
                SelectChoice(name, _("Copy of: %(name)s", name=letter.title.in_language(language)))
                for name, letter in known.items()
            ),
        ]
        if not form.validate_on_submit():
            title_of_campaign = name_of(folder, language)
            page = render_template("staff/new_letter.html", form=form, name=campaign, title=title_of_campaign)
            return page, 422 if form.errors else 200
        title, taken = form.title.required_wording, {*there.documents, *RESERVED["letter"]}
        name = new_name(title[Language.EN], taken)
        place = min(MAX_PLACE, max((one.place for one in known.values()), default=0) + 10)
        ask = form.ask.wording
        writers: Collection[int] = ()
        if form.start.data == SKELETON:
            files = blank_letter(name, title, ask or folder.campaign().ask, place=place)
        else:
            copied = there.documents[form.start.data].newest
            writers = authors_of(session, [copied.id])[copied.id]
            files = {f"{name}/{file.name.rpartition('/')[2]}": file.content for file in copied.files}
            values: dict[Path, Any] = {("title",): title, ("place",): place}
            if ask:
                values[("ask",)] = ask
            files[f"{name}/{LETTER}"] = edit_toml(files[f"{name}/{LETTER}"], values)
        by = current_account()
        revisions.save(session, campaign, name, files=files, by=by, now=site.now(), writers=writers)
    flash(_("Letter created. The public won’t see it until you publish."))
    return redirect(url_for("staff.letter", campaign=campaign, letter=name), 303)


@bp.route("/campaigns/<campaign>/letters/order", methods=["GET", "POST"])
@requires(Role.WRITER)
def letters_order(campaign: str) -> ResponseReturnValue:
    """Show the letters in their order, to be moved."""
    site = services()
    typed = apply_row_button(request.form) if request.method == "POST" else None
    with immediate(site.sessions) as session:
        lock_campaigns(session)
        there = of_name(session, campaign)
        known = there.newest().readable_letters()
        form = OrderForm(typed) if typed is not None else OrderForm(data={"letters": [*known]})
        if request.method == "POST" and typed is None and form.validate_on_submit():
            order = [name for name in form.letters.data if name in known]
            for place, name in enumerate(order, start=1):
                files = there.newest().documents()[name]
                if known[name].place != place * 10:
                    changed = edit_toml(files[f"{name}/{LETTER}"], {("place",): min(MAX_PLACE, place * 10)})
                    files = {**files, f"{name}/{LETTER}": changed}
                    revisions.save(session, campaign, name, files=files, by=current_account(), now=site.now())
            flash(_("Order saved. The public won’t see it until you publish."))
            return redirect(url_for("staff.letters", campaign=campaign), 303)
        titles = {name: letter.title.in_language(current_language()) for name, letter in known.items()}
        title = name_of(there.newest(), current_language())
    return render_template("staff/letters_order.html", form=form, name=campaign, titles=titles, title=title)
