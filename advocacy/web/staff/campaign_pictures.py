"""A campaign's own pictures: its logo and the one that networks show, with what they show in words."""

from typing import Any

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, Field, FileField, FormField
from wtforms.validators import ValidationError

from advocacy.campaigns.folder import PICTURES
from advocacy.campaigns.library import lock_campaigns
from advocacy.campaigns.pictures import LOGO, SHARING, file_name, read_picture, read_pictures
from advocacy.database import immediate
from advocacy.staff import revisions
from advocacy.staff.models import Role
from advocacy.web.services import services
from advocacy.web.staff.access import current_account, requires
from advocacy.web.staff.blueprint import bp
from advocacy.web.staff.campaign_documents import of_name, save_values
from advocacy.web.staff.forms import PartForm, StaffForm, text
from advocacy.web.uploads import takes_file


class PictureForm(PartForm):
    """One picture: a new file, or the one there is, with its words."""

    file = FileField(lazy_gettext("Picture file"))
    remove = BooleanField(lazy_gettext("Remove the picture"))
    alt = text(lazy_gettext("What it shows, in words"), hint=lazy_gettext("For people who do not see it."))

    def validate_file(self, field: Field) -> None:
        """Refuse what is no picture."""
        if isinstance(field.data, FileStorage) and field.data.filename:  # a form without files brings text
            self.picture = read_picture(field.data.stream.read())
            if self.picture is None:
                raise ValidationError(_("Choose a PNG, JPEG or WebP picture of 1 MB and 4,000 pixels a side at most."))

    picture: Any = None


class PicturesForm(StaffForm):
    """Both pictures."""

    logo = FormField(PictureForm, lazy_gettext("Logo"), description=lazy_gettext("Shown on the campaign’s page."))
    sharing = FormField(
        PictureForm,
        lazy_gettext("Picture for sharing"),
        description=lazy_gettext(
            "Networks show it beside a link, best at 1200 × 630. Without one, it is made of the asks."
        ),
    )


@bp.route("/campaigns/<campaign>/settings/pictures", methods=["GET", "POST"])
@takes_file
@requires(Role.WRITER)
def campaign_pictures(campaign: str) -> ResponseReturnValue:
    """Show the pictures of a campaign, to be changed."""
    site = services()
    with immediate(site.sessions) if request.method == "POST" else site.sessions() as session:
        if request.method == "POST":
            lock_campaigns(session)  # before it is read: nothing that somebody else saves meanwhile is written over
        there = of_name(session, campaign)
        folder = there.newest()
        file = folder.readable_campaign()
        alts = {str(name): words for name, words in file.pictures.items()} if file else {}
        form = PicturesForm(data={name: {"alt": alts.get(name)} for name in (LOGO, SHARING)})
        kept = read_pictures(folder.files)
        if form.validate_on_submit():
            pictures, words = dict(kept), dict[str, dict[str, str]]()
            for name in (LOGO, SHARING):
                part = form[name].form
                if part.picture:
                    pictures[name] = part.picture
                elif part.remove.data:
                    pictures.pop(name, None)
                if name in pictures and part.alt.wording:
                    words[name] = {language.value: said for language, said in part.alt.wording.items()}
            save_values(session, there, {"pictures": words or None})
            files = {file_name(name, picture): picture.content for name, picture in pictures.items()}
            if files or kept:
                revisions.save(session, campaign, PICTURES, files=files, by=current_account(), now=site.now())
            flash(_("Saved. The public won’t see it until you publish."))
            return redirect(url_for("staff.campaign_pictures", campaign=campaign), 303)
    shown = {"stored": there, "folder": folder, "form": form, "kept": kept}
    return render_template("staff/settings/pictures.html", **shown), 422 if form.errors else 200


@bp.get("/campaigns/<campaign>/settings/pictures/<picture>")
@requires(Role.WRITER)
def campaign_picture_file(campaign: str, picture: str) -> Response:
    """Return a picture as it was saved last."""
    with services().sessions() as session:
        found = read_pictures(of_name(session, campaign).newest().files).get(picture)
    if found is None:
        abort(404)
    answer = make_response(found.content)
    answer.mimetype = found.mimetype
    return answer
