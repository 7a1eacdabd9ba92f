"""What became of a letter, as whoever holds its receipt says: the form is on the receipt, and on a page of its own."""

from datetime import date, datetime

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.validators import AnyOf, ValidationError

from advocacy.language import day_of, format_date
from advocacy.legislators.models import Legislator
from advocacy.letters import answers
from advocacy.letters.answers import CHOICES, WITHOUT_DAY
from advocacy.letters.models import AnswerKind
from advocacy.letters.receipts import Receipt, ReceiptLetter
from advocacy.web.locale import current_language
from advocacy.web.public import bp
from advocacy.web.public.after_sending import campaign_context, find_receipt, gone, letter_card
from advocacy.web.security import secret_page
from advocacy.web.services import services


class AnswerForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """What became of one letter, and the day, which may be left empty."""

    kind = StringField(validators=[AnyOf([kind.value for kind in CHOICES], message=_l("Choose what happened."))])
    day = StringField()

    def __init__(self, *, left_on: date, now: datetime) -> None:
        super().__init__()
        self.first, self.last = answers.possible_days(left_on, now)

    @property
    def answered_on(self) -> date | None:
        """The day of the answer, None where none is named or it is of no day; raises ValueError."""
        typed = (self.day.data or "").strip()
        return date.fromisoformat(typed) if typed and self.kind.data not in WITHOUT_DAY else None

    def validate_day(self, _day: Field) -> None:
        try:
            is_possible = self.answered_on is None or self.first <= self.answered_on <= self.last
        except ValueError:
            is_possible = False
        if not is_possible:
            first, last = (format_date(one, current_language()) for one in (self.first, self.last))
            raise ValidationError(_("Choose a day from %(first)s to %(last)s.", first=first, last=last))


@bp.get("/receipt/<token>/<int:number>/answer")
@secret_page
def answer(token: str, *, number: int, **_view: object) -> ResponseReturnValue:
    """Ask what became of one letter, counted from 1."""
    found = find_receipt(g.session, token)
    letter = _letter(found, number)
    if found is None or letter is None:
        return _elsewhere(found, token)
    return _page(found, letter, token=token, number=number)


@bp.post("/receipt/<token>/<int:number>/answer")
@secret_page
def record_answer(token: str, *, number: int, **_view: object) -> ResponseReturnValue:
    """Record what became of one letter, instead of what was recorded before."""
    now = services().now()
    found = find_receipt(g.session, token)
    letter = _letter(found, number)
    if found is None or letter is None or letter.left_on is None:
        return _elsewhere(found, token)
    form = AnswerForm(left_on=letter.left_on, now=now)
    if not form.validate_on_submit():
        return _page(found, letter, token=token, number=number, form=form), 422
    kind = AnswerKind(form.kind.data)
    answers.record(g.session, letter.id, kind, day=form.answered_on, left_on=letter.left_on, now=now)
    return redirect(url_for("public.receipt", token=token, _anchor=f"answer-{number}"), 303)


def _letter(found: Receipt | None, number: int) -> ReceiptLetter | None:
    """Return a letter that an answer can come to; None where there is none, or it did not leave."""
    letters = dict(enumerate(found.letters, start=1)) if found else {}
    letter = letters.get(number)
    return letter if letter and letter.takes_answer else None


def _elsewhere(found: Receipt | None, token: str) -> ResponseReturnValue:
    return redirect(url_for("public.receipt", token=token), 303) if found else gone(receipt=True)


def _page(
    found: Receipt,
    letter: ReceiptLetter,
    *,
    token: str,
    number: int,
    form: AnswerForm | None = None,
) -> str:
    site = services()
    row = g.session.get_one(Legislator, letter.legislator_id)
    return render_template(
        "public/answer.html",
        card=letter_card(row, None, letter.language),
        letter=letter,
        token=token,
        number=number,
        form=form,
        choices=CHOICES,
        today=day_of(site.now()),
        **campaign_context(site.campaign(found.campaign), found.campaign),
    )
