"""Error pages: what went wrong and what to do, in the reader's language, without repeating what was typed."""

import logging
from types import MappingProxyType
from typing import Any

from flask import Flask, Response, current_app, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from markupsafe import Markup
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError, ServiceUnavailable
from werkzeug.routing import RoutingException

from advocacy.erasure_ledger import LedgerUnavailable
from advocacy.logs import place_of
from advocacy.web.locale import current_language
from advocacy.web.page import campaign_shown
from advocacy.web.request_ids import request_id
from advocacy.web.security import METHODS, OTHER_METHOD, takes_file
from advocacy.web.services import services

log = logging.getLogger(__name__)

ERROR_TEMPLATE = "advocacy-error-template"
"""The extension that returns another template for error pages and its context; None where it is the site's own."""
RETRY_AFTER = "30"
"""Seconds after which a site that could not answer may be asked again."""
DRAFT = _l("Were you writing a letter in this tab? Go back: what you typed is still there.")
ADVICE = MappingProxyType(
    {
        400: (_l("This request could not be read"), _l("Go back, reload the page and try again.")),
        404: (_l("This page doesn’t exist"), _l("Check the address, or start from the home page.")),
        405: (_l("This page cannot be opened this way"), _l("Go back to the form and press its button.")),
        413: (_l("This is too long"), _l("Go back, shorten your text and try again.")),
        422: (_l("Something in the form is not valid"), _l("Go back to the form and choose again.")),
        429: (_l("Too many requests at once"), _l("Wait a minute, then try again.")),
        500: (
            _l("Something went wrong on our side"),
            _l("It’s not your fault. Try again in a few minutes."),
        ),
        503: (_l("The site is unavailable just now"), _l("Try again in a minute.")),
    }
)
"""What a page says about an error: its title, and what to do."""
FILE_TOO_LARGE = (
    _l("This file is too large"),
    _l("The limit is 5 MB. Go back and choose a smaller file."),
)
EXPIRED = (
    _l("This page has expired"),
    _l("Go back to the form and try again."),
    _l("If it happens again, allow this site’s cookie in your browser: it contains only a random number."),
    DRAFT,
)


def register_error_pages(app: Flask) -> None:
    """Answer every error with a page of the site."""
    app.register_error_handler(HTTPException, _error_page)
    app.register_error_handler(CSRFError, lambda error: _page(error.code, *EXPIRED))
    app.register_error_handler(OperationalError, _database_unavailable)
    app.register_error_handler(LedgerUnavailable, _database_unavailable)
    app.register_error_handler(SecurityError, _other_host)


def log_failure(error: BaseException) -> None:
    """Log where a failure came from, but neither its message nor the address: both may hold what a person typed."""
    kind, place = type(error).__qualname__, place_of(error)
    rule = request.url_rule.rule if request.url_rule else "-"
    method = request.method if request.method in METHODS else OTHER_METHOD
    about = {"method": method, "route": rule, "error": kind, "place": place}
    log.error("%s on %s %s at %s", kind, method, rule, place, extra=about)


def _error_page(error: HTTPException) -> Any:
    if isinstance(error, RoutingException) or error.code is None or error.code < 400:
        return error
    if error.code == 413 and takes_file():
        answer = _page(error.code, *FILE_TOO_LARGE)
    else:
        answer = _page(error.code, *ADVICE.get(error.code, ADVICE[400 if error.code < 500 else 500]), DRAFT)
    for name, value in error.get_headers(request.environ):
        if name in {"Allow", "Retry-After"}:
            answer.headers[name] = value
    return answer


def _database_unavailable(error: OperationalError | LedgerUnavailable) -> Response:
    log_failure(error)
    answer = _page(ServiceUnavailable.code, *ADVICE[ServiceUnavailable.code], DRAFT)
    answer.headers["Retry-After"] = RETRY_AFTER
    return answer


def _other_host(_error: SecurityError) -> Response:
    """Answer who asked for a name that is not the site's; no address can be built under it, so the page is bare."""
    address = services().settings.base_url
    sentence = _("Go to %(address)s.", address=address)
    return make_response(_bare(_("This site has another address"), [sentence]), SecurityError.code)


def _page(code: int, *texts: Any) -> Response:
    title, *sentences = map(str, texts)
    if code == InternalServerError.code:
        sentences.append(_("If you write to us about it, give this number: %(number)s", number=request_id()))
    other_template = current_app.extensions.get(ERROR_TEMPLATE)
    try:
        template, context = (other_template and other_template()) or ("public/error.html", {"back": _back()})
        page = render_template(template, code=code, title=title, sentences=sentences, **context)
    except Exception as failure:  # the page itself may be what failed: this one needs no template and no database
        log_failure(failure)
        page = _bare(title, sentences)
    return make_response(page, code)


def _back() -> str | None:
    """Return the address of the form of the campaign that the address names."""
    campaign = campaign_shown()
    return None if campaign is None else url_for("public.write", campaign=campaign.name, language=current_language())


def _bare(title: str, sentences: list[str]) -> str:
    paragraphs = Markup("").join(Markup("<p>{}</p>\n").format(sentence) for sentence in sentences)
    language = current_language()
    return Markup(
        '<!doctype html>\n<html lang="{}">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{}</title>\n'
        '<main>\n<h1>{}</h1>\n{}<p><a href="/{}/">{}</a></p>\n</main>\n</html>\n'
    ).format(language, title, title, paragraphs, language, _("Home"))
