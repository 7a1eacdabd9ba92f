"""The language of a page is in its address; every text on it follows."""

import re
from functools import partial
from typing import Any
from urllib.parse import quote

from babel.lists import format_list
from flask import Blueprint, Flask, has_request_context, redirect, request, session, url_for
from flask_babel import Babel, Domain, get_locale
from flask_babel.speaklater import LazyString
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup
from werkzeug.routing import BaseConverter
from werkzeug.wrappers import Response

from advocacy.language import LOCALES, SIDE_BY_SIDE, SOURCE, Language, Wording, format_number, format_percent
from advocacy.messages import Message, Translations, catalog
from advocacy.web.security import public, secret_page


class LanguageConverter(BaseConverter):
    """`<lang:language>` in a route: one of the languages, as a value; any other is an address that does not exist."""

    regex = "|".join(Language)

    def to_python(self, value: str) -> Language:
        """Read the segment of an address."""
        return Language(value)

    def to_url(self, value: str) -> str:
        """Write the segment of an address."""
        return Language(value).value


class Catalogs(Domain):  # type: ignore[misc]
    """The interface's words, compiled in memory from the `.po` files."""

    def get_translations(self) -> Translations:
        """Return the words in the language of the page, or of `force_locale`."""
        locale = get_locale()
        return catalog(Language(locale.language) if locale else SOURCE)


_CATALOGS = Catalogs()


class Words(Babel):  # type: ignore[misc]
    """Flask-Babel over our catalogs."""

    domain_instance = _CATALOGS


def select_languages(app: Flask) -> None:
    """Put the language into addresses, and what translates into templates."""
    app.url_map.converters["lang"] = LanguageConverter
    Words(app, locale_selector=lambda: str(LOCALES[current_language()]))
    app.jinja_env.globals.update(
        _=_gettext, gettext=_gettext, ngettext=_ngettext, languages=tuple(Language), side_by_side=SIDE_BY_SIDE
    )
    app.jinja_env.filters.update(
        percent=lambda percent, language=None: format_percent(percent, language or current_language()),
        number=lambda number: format_number(number, current_language()),
        listed=lambda texts: format_list(list(texts), locale=LOCALES[current_language()]),
        in_language=_in_language,
    )
    app.url_defaults(partial(_in_this_language, app))


def current_language() -> Language:
    """Return the language of the page asked for: its address's, else the best that the reader's browser names."""
    given = (request.view_args or {}).get("language")
    if isinstance(given, Language):
        return given
    first = request.path.split("/", 2)[1:2]
    if first == ["staff"] and session.get("language") in set(Language):
        return Language(session["language"])  # staff pages have one address in all languages
    named = [language for language in Language if [language.value] == first]
    return named[0] if named else accepted()


def accepted() -> Language:
    """Return the first language that the reader's browser names, whatever the country behind it."""
    primary = [re.split("[-_]", tag)[0].lower() for tag, quality in request.accept_languages if quality > 0]
    return next((Language(tag) for tag in primary if tag in [*Language]), SOURCE)


def alternate(language: Language) -> str:
    """Return the address of the same place in `language`, that language's first page where the place is unknown."""
    arguments = dict(request.view_args or {})
    if request.endpoint is None or "language" not in arguments:
        return f"/{language}/"
    return url_for(request.endpoint, **{**arguments, "language": language})


def other_languages() -> list[Language]:
    """Return the languages that the page can be switched to."""
    return [language for language in Language if language is not current_language()]


def language_switch() -> dict[str, object]:
    """Return the address of the same place in each other language; with `post`, what was typed is taken along."""
    methods = (request.url_rule.methods if request.url_rule else None) or ()
    post = "POST" in methods and "language" in (request.view_args or {})
    return {"urls": {language: alternate(language) for language in other_languages()}, "post": post}


def _in_this_language(app: Flask, endpoint: str, values: dict[str, Any]) -> None:
    """Links stay in the page's language unless they name another."""
    try:
        names_language = app.url_map.is_endpoint_expecting(endpoint, "language")
    except KeyError:
        return  # a page of the other application
    if has_request_context() and names_language:
        values.setdefault("language", current_language())


bp = Blueprint("language_redirect", __name__)


@bp.get("/")
@public
def choose_language() -> Response:
    """Redirect to the reader's language."""
    answer = redirect(f"/{accepted()}/")
    answer.vary.add("Accept-Language")
    return answer


@bp.get("/v/<code>")
@secret_page
def choose_language_of_letter(code: str) -> Response:
    """Redirect from the address under a letter to what is known of it, in the reader's language."""
    answer = redirect(f"/{accepted()}/v/{quote(code, safe='')}")
    answer.vary.add("Accept-Language")
    return answer


@pass_eval_context
def _gettext(context: EvalContext, msgid: str, /, **params: object) -> str:
    """Translate for a template, as Jinja's own function does in three calls more: a page asks a hundred times."""
    text = _CATALOGS.get_translations().ugettext(msgid)
    return (Markup(text) if context.autoescape else text) % params  # noqa: S704 - our own catalogs


@pass_eval_context
def _ngettext(context: EvalContext, singular: str, plural: str, number: int, /, **params: object) -> str:  # noqa: PLR0917
    """Translate what depends on a number, which is also its parameter `%(num)s`."""
    text = _CATALOGS.get_translations().ungettext(singular, plural, number)
    return (Markup(text) if context.autoescape else text) % {"num": number, **params}  # noqa: S704


def language_name(language: Language) -> LazyString:
    """Return a language's name as a title in the page's language, looked up when it is rendered."""
    return LazyString(lambda: language.name_in(current_language()).capitalize())


def _in_language(words: object, language: Language | None = None) -> str:
    """Render what the domain says, in the page's language unless another is named; a lazy text has the page's."""
    return words.in_language(language or current_language()) if isinstance(words, Message | Wording) else str(words)
