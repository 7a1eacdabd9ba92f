"""The review page: every letter whole, whose words it has, edited on its sheet, taken away, or sent.

From the page that prints letters, whoever mailed them can have the site ask about the answers.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any, cast

from flask import abort, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from wtforms import BooleanField, EmailField, Form, RadioField, StringField
from wtforms.fields import Field
from wtforms.validators import ValidationError

from advocacy.abuse import challenges
from advocacy.abuse.caps import MAILS_A_DAY, Cap, Limits, TooMany
from advocacy.abuse.form_ids import MIN_AGE, FormId, FormIdProblem, problem_of
from advocacy.abuse.refused_addresses import refusal
from advocacy.campaigns.open_campaigns import letter_pins
from advocacy.delivery import holds
from advocacy.exports import FORMATS
from advocacy.exports.export_files import export_letters
from advocacy.exports.format import CannotExport
from advocacy.language import Language, day_of, format_date, printable
from advocacy.letters.compose import Answers
from advocacy.letters.encrypted_columns import normalize_address
from advocacy.letters.follow_ups import WrittenAlready, submit_follower
from advocacy.letters.holding import HoldLimits
from advocacy.letters.models import ASKED_RETENTION, FollowKind
from advocacy.letters.own_text import measure
from advocacy.letters.submit import (
    CONSENT_VERSION,
    POSTED_CONSENT_VERSION,
    FormUsed,
    NewLetter,
    NewSubmission,
    Outcome,
    render_consent,
    submit,
)
from advocacy.messages import Message, message
from advocacy.settings import MailMode
from advocacy.web.files import attachment
from advocacy.web.public import bp
from advocacy.web.public.after_sending import receipt_path
from advocacy.web.public.challenge import challenge_keys, is_under_pressure
from advocacy.web.public.letter_review import (
    Question,
    ReviewedLetter,
    read_edits,
    review_letters,
    with_sentence_put_back,
)
from advocacy.web.public.request import LetterRequest
from advocacy.web.public.write import form_again
from advocacy.web.rate_limits import costs
from advocacy.web.security import form_page
from advocacy.web.services import current_campaign, services
from advocacy.web.unit_of_work import after_commit

TICKED = "yes"
BUSY = message("The site has become very busy. Nothing is lost: press the button again.")
SENT_ALREADY = message("Your letter was sent already. To send this version too, press the button again.")
PRESS_AGAIN = {
    FormIdProblem.UNKNOWN: message("We reloaded this page. Nothing is lost: press the button again."),
    FormIdProblem.EXPIRED: message("This page was open for more than a day. Nothing is lost: press the button again."),
    FormIdProblem.TOO_SOON: message("That was very quick. Read your letter over, then press the button again."),
}
OFTEN_ASKED = message(
    "This mailbox has been asked to confirm letters several times today. Enter another address, or try again tomorrow."
)
POSTED_ALREADY = message("You asked for this already. To have us ask about this version too, press the button again.")
POSTED_TOO_SOON = message("That was very quick. Press the button again once you have mailed the letter.")


class SendForm(Form):  # type: ignore[misc]  # WTForms ships no types
    """What the site asks before it sends: boxes, which letters, and an e-mail address where none can be used.

    `web_page` is seen by programs alone, until one of them has filled it in for a person.
    """

    age_ok = BooleanField(_l("Your age"))
    consent = BooleanField(_l("Your consent"))
    asks_for_answers = BooleanField(_l("Ask me in two weeks whether I got an answer"))
    send_to = RadioField(_l("Which letters"))
    web_page = StringField(_l("Leave this field empty"))
    email = EmailField(_l("Your e-mail address"))

    consent_version = CONSENT_VERSION
    used, too_soon = SENT_ALREADY, PRESS_AGAIN[FormIdProblem.TOO_SOON]
    """What is said where its id was used before, or is too new."""

    def __init__(
        self, letters: Sequence[ReviewedLetter], letter_request: LetterRequest, typed: MultiDict[str, str] | None = None
    ) -> None:
        self.letters = [one for one in letters if self.takes(one)]
        self.unreached = [_why_unreached(one) for one in letters if not self.takes(one)]
        self.given_email = letter_request.answers.email if letter_request.answers else ""
        self._follows = letter_request.follows
        self._recipients = letter_request.directory.emails
        self._language = letter_request.language
        super().__init__(typed)
        self.send_to.choices = [("", ""), *((one.id, one.name) for one in self.letters)]
        self.send_to.data = self.send_to.data or ""

    @property
    def wants_answer(self) -> bool:
        """Whether an answer is to be asked about: thanks want none."""
        return self._follows is None or self._follows.kind is not FollowKind.THANKS

    @property
    def is_proven(self) -> bool:
        """Whether the letter is sent at once: its address was confirmed with the letter that it follows."""
        return self._follows is not None and self._follows.proves(self.given_email, services().now())

    @property
    def wanted(self) -> list[ReviewedLetter]:
        """The letters asked to be sent."""
        return [one for one in self.letters if self.send_to.data in {"", one.id}]

    def takes(self, letter: ReviewedLetter) -> bool:
        """Whether a letter can go this way."""
        return letter.takes_email

    def consent_words(self, language: Language) -> str:
        """Return the words agreed to."""
        return render_consent(self.consent_version, [one.name for one in self.letters], language) or ""

    def validate_send_to(self, send_to: Field) -> None:
        if not self.wanted:
            raise ValidationError(self.unreached[0] if self.unreached else _("Choose a letter to send."))

    def validate_age_ok(self, age_ok: Field) -> None:
        if age_ok.raw_data != [TICKED]:
            raise ValidationError(
                _("Check the box if you are 14 or older. If you are younger, a parent or guardian can write with you.")
            )

    def validate_consent(self, consent: Field) -> None:
        if consent.raw_data != [TICKED]:
            raise ValidationError(_("Check the box to let us use your information to send the letter."))

    def validate_web_page(self, web_page: Field) -> None:
        if web_page.data:
            web_page.data = ""
            raise ValidationError(
                _("A program, perhaps your browser, filled in this field. It is empty again: press the button again.")
            )

    def validate_email(self, email: Field) -> None:
        """Refuse without an address that a mail can go to; one that was typed here is an answer like the others.

        It is the last field: the DNS is asked about an address once everything else is there.
        """
        if not self.given_email:
            raise ValidationError(
                _("That e-mail address doesn’t look right. Example: name@example.ca.")
                if (email.data or "").strip()
                else _("Enter your e-mail address. We write to it so that you can confirm.")
            )
        if any(field.errors for field in self):
            return
        address = normalize_address(self.given_email)
        refused = refusal(address, recipients=self._recipients, domains=services().mail_domains)
        if refused is not None:
            self.given_email = ""
            raise ValidationError(refused.in_language(self._language))

    def refuse_email(self, error: Message) -> None:
        """Ask for another address than the one that was given."""
        self.given_email = ""
        self.email.errors = [error.in_language(self._language)]


def _why_unreached(one: ReviewedLetter) -> str:
    if one.has_email and one.paused_until is not None:
        day = format_date(one.paused_until, one.reader)
        return str(_("%(name)s does not accept e-mail until %(day)s: print that letter.", name=one.name, day=day))
    return str(_("No e-mail address is known for %(name)s: print that letter.", name=one.name))


class PostedForm(SendForm):
    """What the site asks before it stores letters that their writer mailed on paper, to ask about the answers."""

    consent_version = POSTED_CONSENT_VERSION
    used, too_soon = POSTED_ALREADY, POSTED_TOO_SOON

    def takes(self, letter: ReviewedLetter) -> bool:
        """Whether a letter can go this way: any can be mailed."""
        return True

    def validate_consent(self, consent: Field) -> None:
        if consent.raw_data != [TICKED]:
            raise ValidationError(_("Check the box to let us store your letter and ask you."))


ASKED_OF = ("letter", "which", "inline")
"""What a button may say of what it asks for. Where the question of own words comes first, the answer says it again."""


def _typed_fields() -> MultiDict[str, str]:
    """Return the fields of this request as a page can hold them; of one that comes twice, the last that is filled."""
    if "typed_fields" not in g:
        typed: MultiDict[str, str] = MultiDict()
        for name, text in request.form.items(multi=True):
            typed[name] = printable(text) or typed.get(name, "")
        if confirmed := typed.get("go_on"):
            typed["sure"] = confirmed
            for name in ASKED_OF:
                typed[name] = typed.get(f"asked_{name}", "")
        g.typed_fields = ImmutableMultiDict(typed)
    return cast("MultiDict[str, str]", g.typed_fields)


def _read_request(language: Language) -> LetterRequest:
    """Read the request of this page; an e-mail address typed on it that cannot be one is left out, and asked again."""
    letter_request = LetterRequest.read(language)
    typed_here = any(name.startswith("edited-") for name in request.form)
    if typed_here and set(letter_request.form.errors) == {"email"}:
        letter_request.form.email.process(None)
        letter_request.check()
    return letter_request


def _letters_of(letter_request: LetterRequest) -> list[ReviewedLetter]:
    """Return every letter of a request with its edits, after what a button asks of them."""
    typed = _typed_fields()
    edits = read_edits(typed, letter_request.compose())
    letters = review_letters(letter_request, edits)
    if typed.get("restore") and letter_request.before is None:
        return review_letters(letter_request, with_sentence_put_back(edits, letters, typed["restore"]))
    return letters


def _is_unconfirmed(letters: Sequence[ReviewedLetter]) -> bool:
    """Whether these letters say something that their citizen has not yet said is theirs."""
    return Question.of(letters, _typed_fields().get("sure", "")).is_open


def _review_page(
    letter_request: LetterRequest,
    letters: Sequence[ReviewedLetter],
    *,
    status: int = 200,
    send_form: SendForm | None = None,
    asked_by: str = "",
    refused: str = "",
    is_full: bool = False,
    press_again: Message | None = None,
) -> tuple[str, int]:
    """Render the review page; `refused` tells why a file cannot be made, `is_full` that nothing is sent today.

    `asked_by` is the address that waits for the question to be answered.

    `press_again` tells why the letters were not sent at this press; the page then has another form id, unless the one
    that came can still be used.
    """
    typed, fields = _typed_fields(), [*(field for one in letters for field in one.form), *(send_form or ())]
    shown = {"post", "email"} if send_form and not send_form.given_email else {"post"}
    errors = [(field.name, f"{one.name}: {error}") for one in letters for field in one.form for error in field.errors]
    errors += [(field.name, str(error)) for field in send_form or () for error in field.errors]
    if not all(one.ready for one in letters):
        status = max(status, 422)
    return (
        render_template(
            "public/review.html",
            question=Question.of(letters, typed.get("sure", "")),
            asked_by=asked_by,
            asked_of={name: typed.get(name, "") for name in ASKED_OF},
            refused=refused,
            asked_days=ASKED_RETENTION.days,
            is_full=is_full,
            press_again=press_again.in_language(letter_request.language) if press_again else "",
            asks_for_proof=is_under_pressure(),
            proof_lifetime=int(challenges.LIFETIME.total_seconds()),
            letters=letters,
            errors=errors,
            missing=sum(len(field.errors) for field in fields if not field.data and field.name != "web_page"),
            send_form=send_form or SendForm(letters, letter_request, typed),
            nothing_leaves=services().settings.mail_mode is MailMode.FOLDER,
            reset={one.id for one in letters} if typed.get("restore") else {typed.get("original")},
            is_arrival=not (typed.get("restore") or typed.get("original")),
            post=letter_request.export_options().post,
            corrected=letter_request.before is not None,
            hidden=[
                *letter_request.hidden(shown),
                *((f"edited-{one.id}", one.edition) for one in letters),
                ("submission", _form_id_to_carry(letter_request, is_used=press_again is SENT_ALREADY)),
            ],
        ),
        status,
    )


@bp.post("/<campaign>/review")
@costs(4)
@form_page
def review(language: Language, **_: object) -> ResponseReturnValue:
    """Show every letter whole, to be read again, edited, sent or taken away."""
    letter_request = _read_request(language)
    if letter_request.form.errors:
        return form_again(letter_request)
    return _review_page(letter_request, _letters_of(letter_request), status=422 if letter_request.before else 200)


@bp.post("/<campaign>/check")
@costs(2)
@form_page
def check(language: Language, **_: object) -> ResponseReturnValue:
    """Check one letter as it is being edited: the parts of the review page that tell what was found."""
    letter_request = _read_request(language)
    letters = [] if letter_request.form.errors else _letters_of(letter_request)
    for number, one in enumerate(letters, start=1):
        if one.id == _typed_fields().get("letter"):
            question = Question.of(letters, _typed_fields().get("sure", ""))
            return render_template("public/check.html", one=one, number=number, question=question)
    return "", 422


@bp.post(f"/<campaign>/download/<any({', '.join(FORMATS)}):format>")
@costs(10)
@form_page
def download(language: Language, **place: str) -> ResponseReturnValue:
    """Hand out the letters, or one of them, as a file or as a page to print."""
    letter_request = _read_request(language)
    if letter_request.form.errors:
        return form_again(letter_request)
    letters = _letters_of(letter_request)
    typed, form = _typed_fields(), place["format"]
    wanted_id = typed.get("letter") or typed.get("which", "")
    wanted = [one for one in letters if wanted_id in {"", one.id}]
    if not wanted or letter_request.before is not None or not all(one.ready for one in wanted):
        return _review_page(letter_request, letters, status=422)
    if _is_unconfirmed(wanted):
        return _review_page(letter_request, letters, status=422, asked_by=request.path)
    if form == "html":
        return _print_page(letter_request, letters, PostedForm(wanted, letter_request))
    try:
        file = export_letters(FORMATS[form], [one.letter for one in wanted], letter_request.export_options())
    except CannotExport as error:
        return _review_page(letter_request, letters, status=422, refused=error.message.in_language(language))
    return attachment(file.content, file.media_type, file.name, inline=bool(typed.get("inline")))


def _print_page(
    letter_request: LetterRequest,
    letters: Sequence[ReviewedLetter],
    form: PostedForm,
    *,
    status: int = 200,
    is_full: bool = False,
    press_again: Message | None = None,
) -> tuple[str, int]:
    """Render the page that prints the letters of a form, among all; the rest is as on the review page.

    It has a form id of its own: letters may be mailed that were sent, too.
    """
    typed, wanted = _typed_fields(), form.letters
    shown = {"post"} if form.given_email else {"post", "email"}
    hidden = letter_request.hidden(shown)
    for one in letters:
        hidden += [(f"edited-{one.id}", one.edition), *((field.name, field.data) for field in one.form)]
    is_pressed = request.endpoint == "public.submit_posted"
    form_id = _form_id_to_carry(letter_request, is_used=press_again is POSTED_ALREADY) if is_pressed else _new_form_id()
    hidden += [
        ("sure", typed.get("sure", "")),
        ("submission", form_id),
        ("letter", wanted[0].id if len(wanted) < len(letters) else ""),
    ]
    return (
        render_template(
            "public/print.html",
            form_id="writing",
            letters=wanted,
            postage_free=all(one.postage_free for one in wanted),
            posted_form=form,
            hidden=hidden,
            errors=[(field.name, str(error)) for field in form for error in field.errors],
            missing=sum(len(field.errors) for field in form if not field.data and field.name != "web_page"),
            is_full=is_full,
            press_again=press_again.in_language(letter_request.language) if press_again else "",
            asks_for_proof=is_under_pressure(),
            proof_lifetime=int(challenges.LIFETIME.total_seconds()),
            nothing_leaves=services().settings.mail_mode is MailMode.FOLDER,
        ),
        status,
    )


@bp.post("/<campaign>/posted")
@costs(4)
@form_page
def submit_posted(language: Language, **_: object) -> ResponseReturnValue:
    """Store letters that their writer mailed on paper until they confirm, to ask about the answers.

    What is missing is asked for on the page that prints them.
    """
    letter_request = _read_request(language)
    if letter_request.form.errors or letter_request.answers is None:
        return form_again(letter_request)
    letters, letter = _letters_of(letter_request), _typed_fields().get("letter", "")
    wanted = [one for one in letters if letter in {"", one.id}]
    if not wanted or letter_request.before is not None or not all(one.ready for one in wanted):
        return _review_page(letter_request, letters, status=422)
    if _typed_fields().get("go") == "switch":
        return _print_page(letter_request, letters, PostedForm(wanted, letter_request))
    form = PostedForm(wanted, letter_request, _typed_fields())
    if not form.wants_answer:
        abort(404)
    page = partial(_print_page, letter_request, letters, form)
    return _submit(letter_request, form, page) if form.validate() else page(status=422)


@bp.post("/<campaign>/send")
@costs(4)
@form_page
def send(language: Language, **_: object) -> ResponseReturnValue:
    """Store the letters until their writer confirms; what is missing is asked for on the review page."""
    letter_request = _read_request(language)
    if letter_request.form.errors or letter_request.answers is None:
        return form_again(letter_request)
    letters = _letters_of(letter_request)
    if _typed_fields().get("go") == "switch":  # this page in the other language, which asks for nothing to be sent
        return _review_page(letter_request, letters)
    form = SendForm(letters, letter_request, _typed_fields())
    if not form.validate() or letter_request.before is not None or not all(one.ready for one in form.wanted):
        return _review_page(letter_request, letters, status=422, send_form=form)
    page = partial(_review_page, letter_request, letters, send_form=form)
    return _submit(letter_request, form, page)


def _submit(letter_request: LetterRequest, form: SendForm, page: Callable[..., tuple[str, int]]) -> ResponseReturnValue:
    """Store the letters of a form that was checked; `page` renders it again where that has to wait."""
    answers, form_id = letter_request.answers, _read_form_id(letter_request)
    problem = problem_of(form_id, services().now())
    if answers is None or form_id is None or problem is not None:
        too_soon = problem is FormIdProblem.TOO_SOON
        return page(
            status=422, press_again=form.too_soon if too_soon else PRESS_AGAIN[problem or FormIdProblem.UNKNOWN]
        )
    is_posted = isinstance(form, PostedForm)
    if not is_posted and _is_unconfirmed(form.wanted):
        return page(status=422, asked_by=request.path)
    try:
        outcome, receipt_id = _store(letter_request, answers, form, form_id=form_id)
    except FormUsed:
        g.session.rollback()
        return page(status=422, press_again=form.used)
    except TooMany as full:
        g.session.rollback()
        if full.cap is Cap.MAILBOX:
            form.refuse_email(OFTEN_ASKED)
        return page(status=429, is_full=full.cap is not Cap.MAILBOX)
    if outcome is Outcome.PROOF_NEEDED:
        return page(status=422, press_again=BUSY)
    told: dict[str, Any] = {
        "letters": len(form.wanted) if len(form.wanted) > 1 else None,
        "held": 1 if outcome is Outcome.HELD else None,
        "posted": 1 if is_posted else None,
    }
    sent_page = url_for("public.sent", **told, **(request.view_args or {}))
    return redirect(receipt_path(receipt_id) if receipt_id else sent_page, 303)


@bp.get("/<campaign>/sent")
@form_page
def sent(**_: object) -> ResponseReturnValue:
    """Show that a mail is on its way, or held: of what was sent, this page knows only how many letters there are."""
    if current_campaign() is None:
        abort(404)
    site = services()
    paused = holds.current(g.session) is not None
    return render_template(
        "public/sent.html",
        hours=site.settings.unconfirmed_hours,
        nothing_leaves=site.settings.mail_mode is MailMode.FOLDER,
        paused=paused,
        count=request.args.get("letters", 1, int),
        mails_a_day=MAILS_A_DAY,
        held=bool(request.args.get("held")),
        posted=bool(request.args.get("posted")),
    )


def _read_form_id(letter_request: LetterRequest) -> FormId | None:
    return FormId.read(current_app.secret_key or "", letter_request.form.text("submission"))


def _new_form_id() -> str:
    return FormId.issue(services().now()).sign(current_app.secret_key or "")


def _form_id_to_carry(letter_request: LetterRequest, *, is_used: bool) -> str:
    """Return the id that the form came with while it can be used, else another."""
    now, carried = services().now(), _read_form_id(letter_request)
    if carried is None:
        carried = FormId.issue(now)
    elif carried.is_expired(now) or is_used:  # its letter has been read: the button may be pressed again at once
        carried = FormId.issue(now - MIN_AGE)
    return carried.sign(current_app.secret_key or "")


def _store(
    letter_request: LetterRequest, answers: Answers, form: SendForm, *, form_id: FormId
) -> tuple[Outcome, str | None]:
    """Store the letters of a form until their writer confirms, all of them or none; raises TooMany, or FormUsed.

    The same letters under the same form are one submission, however often their button is pressed; letters changed
    after that need another form id. A letter that follows another from its own mailbox is sent at once, and it is
    returned whose receipt tells of it, as of an earlier one that was sent already.
    """
    campaign, site, now, follows = letter_request.campaign, services(), services().now(), letter_request.follows
    settings, is_posted = site.settings, isinstance(form, PostedForm)
    new_letters = tuple(
        NewLetter(
            legislator_id=one.id,
            template=one.composed.template.path,
            pins=letter_pins(campaign.revisions, one.composed.template.path.rpartition("/")[2]),
            letter=one.letter,
            choice=one.composed.choice,
            fingerprint=one.composed.template.fingerprints[one.language],
            riding_code=one.composed.row.riding_code if one.composed.row.riding_code in answers.ridings else None,
            edited=one.edited,
            own_text=None
            if is_posted  # nobody here reads before it arrives what goes by mail
            else measure(one.letter, one.composed.letter, keys=site.keys),
            wordings=one.composed.counted_wordings,
            riding_match=one.composed.riding_match,
            follows_id=follows.first_id if follows else None,
            follow_kind=follows.kind if follows else None,
        )
        for one in form.wanted
    )
    text = "\f".join([answers.email, *(one.text for one in new_letters)])
    submission = NewSubmission(
        key=form_id.text,
        contents=sha256(text.encode()).hexdigest(),
        campaign=campaign.name,
        language=letter_request.language,
        name=answers.name,
        email=answers.email,
        letters=new_letters,
        consent_text=form.consent_version,
        network=request.remote_addr or "",
        proof=_proof(now),
        public_base_url="" if is_posted else settings.public_base_url,  # what is printed has no code
        asks_for_answers=is_posted or (form.wants_answer and form.asks_for_answers.data),
        posted_on=day_of(now) if is_posted else None,
    )
    limits = Limits(settings.network_per_day, settings.site_per_day, settings.calm_per_ten_minutes)
    unconfirmed = timedelta(hours=settings.unconfirmed_hours)
    receipt_id = None
    try:
        if follows is None:
            outcome = submit(g.session, submission, now=now, limits=limits, unconfirmed=unconfirmed)
        else:
            outcome, receipt_id = submit_follower(
                g.session,
                submission,
                follows,
                now=now,
                limits=limits,
                unconfirmed=unconfirmed,
                per_hour=settings.recipient_per_hour,
                holding=HoldLimits.of(settings),
            )
    except WrittenAlready as earlier:
        g.session.rollback()
        return Outcome.SENT, earlier.receipt_id
    after_commit(site.deliver_soon)
    return outcome, receipt_id


def _proof(now: datetime) -> challenges.Proof | None:
    """Return what the browser proved, None where its page did not ask it to, or too long ago."""
    text = _typed_fields().get("proof")
    return None if text is None else challenges.read_proof(text, challenge_keys(), now=now)
