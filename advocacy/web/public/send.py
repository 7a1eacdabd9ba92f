"""Sending: the press that stores the letters until their writer confirms, and the page after it, which knows nobody."""

import math
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256

from flask import abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from advocacy.campaigns.open_campaigns import letter_pins
from advocacy.database import immediate
from advocacy.delivery.holds import held
from advocacy.language import Language
from advocacy.letters.caps import MAILS_A_DAY, Limits, TooMany
from advocacy.letters.choices import fingerprint
from advocacy.letters.eastern_time import format_moment
from advocacy.letters.submit import CONSENT, Submitting, ToSend, submit
from advocacy.settings import MailMode
from advocacy.web.public.blueprint import bp
from advocacy.web.public.request import LetterRequest
from advocacy.web.public.review import (
    SendForm,
    letters_of,
    read_request,
    review_page,
    second_question,
    typed_fields,
)
from advocacy.web.public.reviewed import ReviewedLetter
from advocacy.web.public.write import form_again
from advocacy.web.security import form_page
from advocacy.web.services import current_campaign, services


@bp.post("/<campaign>/send")
@form_page
def send(language: Language, **_: object) -> ResponseReturnValue:
    """Store the letters until their writer confirms; what is missing is asked for on the review page."""
    letter_request = read_request(language)
    if letter_request.form.errors or letter_request.answers is None:
        return form_again(letter_request)
    letters = letters_of(letter_request)
    if typed_fields().get("go") == "switch":  # this page in the other language, which asks for nothing to be sent
        return review_page(letter_request, letters)
    form = SendForm(letters, letter_request, typed_fields())
    if not form.validate() or letter_request.before is not None or not all(one.ready for one in form.wanted):
        return review_page(letter_request, letters, status=422, send_form=form)
    if question := second_question("send", form.wanted):
        return review_page(letter_request, letters, status=422, send_form=form, question=question)
    try:
        _store(letter_request, form.wanted, network=request.remote_addr or "")
    except TooMany as full:
        page = make_response(
            review_page(
                letter_request, letters, status=429, send_form=form, full_until=format_moment(full.until, language)
            )
        )
        page.headers["Retry-After"] = str(math.ceil((full.until - services().now()).total_seconds()))
        return page
    count = len(form.wanted) if len(form.wanted) > 1 else None
    return redirect(url_for("public.sent", letters=count, **(request.view_args or {})), 303)


@bp.get("/<campaign>/sent")
@form_page
def sent(**_: object) -> ResponseReturnValue:
    """Tell that a mail is on its way: of what was sent, this page knows only how many letters there are."""
    if current_campaign() is None:
        abort(404)
    site = services()
    with site.sessions() as session:
        paused = held(session) is not None
    return render_template(
        "public/sent.html",
        hours=site.settings.unconfirmed_hours,
        nothing_leaves=site.settings.mail_mode is MailMode.FOLDER,
        paused=paused,
        count=request.args.get("letters", 1, int),
        mails_a_day=MAILS_A_DAY,
    )


def _store(letter_request: LetterRequest, letters: Sequence[ReviewedLetter], *, network: str) -> None:
    """Store the letters until their writer confirms, all of them or none; raises TooMany.

    The same letters under the same form are one submission, however often their button is pressed; a letter changed
    after that is another.
    """
    answers, campaign = letter_request.answers, letter_request.campaign
    if answers is None:
        raise ValueError("only letters whose answers were read can be sent")
    to_send = tuple(
        ToSend(
            legislator_id=one.id,
            template=one.composed.template.path,
            pins=letter_pins(campaign.revisions, one.composed.template.path.rpartition("/")[2]),
            letter=one.letter,
            choice=one.composed.choice,
            fingerprint=fingerprint(one.composed.template.texts[one.language]),
            riding_code=one.composed.row.riding_code if one.composed.row.riding_code in answers.ridings else None,
            edited=one.edited,
        )
        for one in letters
    )
    text = "\f".join([answers.email, *(one.stored_text for one in to_send)])
    submitting = Submitting(
        key=f"{letter_request.submission} {sha256(text.encode()).hexdigest()}",
        campaign=campaign.name,
        language=letter_request.language,
        name=answers.name,
        email=answers.email,
        letters=to_send,
        consent_text=CONSENT,
        network=network,
    )
    site = services()
    settings = site.settings
    with immediate(site.sessions) as session:
        submit(
            session,
            submitting,
            keys=site.keys,
            now=site.now(),
            limits=Limits(settings.network_per_day, settings.site_per_day),
            unconfirmed=timedelta(hours=settings.unconfirmed_hours),
        )
    site.deliver_soon()
