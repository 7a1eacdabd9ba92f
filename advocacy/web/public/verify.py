"""The page by which an office verifies a letter: whoever has its code learns where it comes from, never of whom."""

from http import HTTPStatus

from flask import abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import StringField

from advocacy.legislators.forms_of_address import role_of
from advocacy.legislators.models import Legislator, to_recipient
from advocacy.letters import verification
from advocacy.letters.models import RidingMatch
from advocacy.letters.verification import LetterOrigin
from advocacy.letters.verification_codes import plain_code
from advocacy.web.locale import alternate, current_language, other_languages
from advocacy.web.public import bp
from advocacy.web.public.after_sending import campaign_context
from advocacy.web.rate_limits import costs
from advocacy.web.security import secret_page
from advocacy.web.services import services


class CodeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """The code, as it stands under a letter: alone, or at the end of its address."""

    code = StringField()


@bp.get("/v/")
@secret_page
def verify(**_view: object) -> ResponseReturnValue:
    """Ask for the code under a letter."""
    return render_template("public/verify.html", unknown=False)


@bp.post("/v/")
@costs(4)
@secret_page
def find_code(**_view: object) -> ResponseReturnValue:
    """Redirect to the page of a code that was typed; the same answer for every text that is none."""
    form = CodeForm()
    if not form.validate_on_submit():
        abort(HTTPStatus.BAD_REQUEST)
    code = plain_code((form.code.data or "").rstrip("/ ").rpartition("/")[2])
    return redirect(url_for("public.letter_facts", code=code), HTTPStatus.SEE_OTHER) if code else _unknown()


@bp.get("/v/<code>")
@costs(4, also_read=True)
@secret_page
def letter_facts(code: str, **_view: object) -> ResponseReturnValue:
    """Show what is known of the letter with a code."""
    site, language = services(), current_language()
    letter = verification.find_letter(g.session, code)
    if letter is None:
        return _unknown()
    recipient = to_recipient(g.session.get_one(Legislator, letter.legislator_id))
    return render_template(
        "public/letter_facts.html",
        letter=letter,
        origins=LetterOrigin,
        matches=RidingMatch,
        recipient=recipient,
        role=role_of(recipient, language),
        **campaign_context(site.campaign(letter.campaign), letter.campaign),
    )


def _unknown() -> ResponseReturnValue:
    """Return the one page for every code that is unknown, forged or mistyped."""
    switch = {"urls": {language: alternate(language) for language in other_languages()}, "post": False}
    return render_template("public/verify.html", unknown=True, switch=switch), HTTPStatus.NOT_FOUND
