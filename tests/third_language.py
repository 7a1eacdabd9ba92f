"""Render every page, mail and letter of a site in a third language, on a copy of the code that has one.

    PYTHONPATH=COPY:CHECKOUT python -m tests.third_language LANGUAGE FOLDER STEP

Of the letters, to everybody and in every format, it renders each STEPth. It prints what failed, one line each, and ends with 1 where anything did.
"""

import sys
import traceback
from collections.abc import Callable, Container, Iterator
from datetime import timedelta
from functools import partial
from itertools import chain, islice, product
from pathlib import Path
from typing import TypeAlias

from flask import Flask
from pydantic import SecretStr
from werkzeug.test import TestResponse

from advocacy.app import create_app
from advocacy.campaigns.letter_template import LetterTemplate
from advocacy.dispatch import make_worker
from advocacy.exports import FORMATS
from advocacy.exports.export_files import export_letters
from advocacy.exports.format import ExportOptions, Format
from advocacy.language import Language
from advocacy.legislators.recipient import Recipient
from advocacy.letters.samples import Trial, choice_of, kinds_of, sample, somebody
from advocacy.runtime import Runtime, open_runtime
from advocacy.settings import Settings
from advocacy.staff.models import Role
from advocacy.web.public.confirm import SEND
from tests.builders import SECRET
from tests.web.public.sender import Sender
from tests.web.public.visitor import Visitor
from tests.web.shared_site import NOW
from tests.web.staff.browser import sign_in
from tests.web.staff.route_walk import routes
from tests.web.staff.staged_site import set_up

Check: TypeAlias = tuple[str, Callable[[], None]]
ANSWERED = {200, 302, 303}
REFUSED = {404, 410, 422}
"""Staff pages of what the site has not got, or that want to know more."""
PLAIN = ("", "help", "privacy", "accessibility")
PLACES = ("", "write")


def public_pages(app: Flask, language: Language) -> Iterator[Check]:
    """Yield the pages that anybody can open."""
    visitor = Visitor.of(app, language=language.value)
    for path in (*(f"/{language}/{name}" for name in PLAIN), *map(visitor.path, PLACES)):
        yield path, partial(_open, visitor.client.get, path, language)


def staff_pages(app: Flask, runtime: Runtime, language: Language) -> Iterator[Check]:
    """Yield every staff page, on a site where something of every kind stands."""
    stage = set_up(app, runtime, NOW)
    manager = sign_in(app, runtime, Role.MANAGER, NOW, language=language)
    for name, method, rule in routes(app):
        if method == "GET":
            yield name, partial(_open, manager.get, stage.path(app, rule), language, also=REFUSED)


def letters(app: Flask, runtime: Runtime, language: Language) -> Iterator[Check]:
    """Yield every letter to somebody of each kind, in every format."""
    options = ExportOptions(today=NOW.date())
    services = app.extensions["advocacy"]
    with runtime.sessions() as session:
        campaigns = services.opened.all(session)
    for campaign in campaigns:
        for (name, template), kind in product(campaign.letters.items(), kinds_of(campaign.file)):
            with runtime.sessions() as session:
                recipient = somebody(session, kind, campaign.file, name=campaign.name)
            if recipient is None:
                continue
            trial = Trial(kind, language, own=True, mine=True, choice=choice_of(template, 0))
            for form in FORMATS.values():
                yield (
                    f"{name} to a {kind} as {form.name}",
                    partial(_export, template, recipient, trial, form=form, options=options),
                )


def way_of_a_letter(runtime: Runtime, language: Language) -> None:
    """Fill in the form, send the letter, confirm it, and have every mail about it delivered."""
    sender = Sender(runtime).speaking(language)
    visitor = sender.sent(language=language.value, words_language=language.value)
    assert visitor.status == 303, visitor.page.get_text()
    path = sender.link()
    worker = make_worker(runtime, now=lambda: NOW + timedelta(hours=2))
    assert worker.deliver()
    page = sender.follow(path)
    assert page.status == 200, page.page.get_text()
    assert sender.answer(path, act=SEND).status in ANSWERED
    while worker.deliver():
        pass
    worker.close()


def _open(get: Callable[..., TestResponse], path: str, language: Language, *, also: Container[int] = ()) -> None:
    answer = get(path)
    assert answer.status_code in ANSWERED or answer.status_code in also, answer.status_code
    if answer.status_code == 200 and answer.mimetype == "text/html" and "<html" in answer.text:
        assert f'<html lang="{language}"' in answer.text


def _export(
    template: LetterTemplate, recipient: Recipient, trial: Trial, *, form: Format, options: ExportOptions
) -> None:
    letter = sample(template, recipient, trial, today=NOW.date())
    assert letter.language is trial.language
    assert export_letters(form, [letter], options).content


def main(language: Language, folder: Path, step: int) -> int:
    """Render everything, of letters each `step`th and of staff pages each eighth at least; print and count what fails."""
    settings = Settings(database_url=f"sqlite:///{folder / 'advocacy.sqlite3'}", secret_key=SecretStr(SECRET))
    failed = 0
    with open_runtime(settings, now=NOW) as runtime:
        app = create_app(runtime, now=lambda: NOW)
        steps: Iterator[Check] = chain(
            public_pages(app, language),
            islice(letters(app, runtime, language), None, None, step),
            [("the way of a letter", partial(way_of_a_letter, runtime, language))],
            islice(staff_pages(app, runtime, language), None, None, min(step, 8)),
        )
        done = 0
        for name, check in steps:
            done += 1
            try:
                check()
            except Exception:
                failed += 1
                sys.stdout.write(f"{name}\n{traceback.format_exc(limit=-3)}\n")
    sys.stdout.write(f"{done} rendered, {failed} failed\n")
    return failed


if __name__ == "__main__":
    sys.exit(min(main(Language(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])), 1))
