"""The web application, joined once: the only module that sees all of its runtime."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from flask import Flask, request
from jinja2 import StrictUndefined
from werkzeug.routing import BuildError, MapAdapter

from advocacy import shipped_folder
from advocacy.campaigns.open_campaigns import OpenCampaigns
from advocacy.dispatch import mail_folder, make_event_source, make_kinds, make_notifier, require_ready
from advocacy.encryption import Keys
from advocacy.legislators.directory_snapshot import DirectoryCache
from advocacy.letters.encrypted_columns import load_keys
from advocacy.runtime import Runtime, utc_now
from advocacy.secret_keys import signing_key
from advocacy.tasks import Tasks
from advocacy.web.assets import Assets
from advocacy.web.errors import log_failure, register_error_pages
from advocacy.web.health import bp as health
from advocacy.web.locale import bp as language_redirect
from advocacy.web.locale import select_languages
from advocacy.web.metrics import bp as metrics
from advocacy.web.page import add_page_context
from advocacy.web.page_cache import CachedFragments, RecentPages, RecentPagesMiddleware
from advocacy.web.public import bp as public_pages
from advocacy.web.security import log_and_compress, secure
from advocacy.web.services import NAME, Services
from advocacy.web.staff import STAFF, add_staff_pages
from advocacy.web.webhooks import bp as webhooks
from advocacy.web.well_known import bp as well_known

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Failure: TypeAlias = tuple[type, BaseException, TracebackType] | tuple[None, None, None]


class Site(Flask):
    def log_exception(self, exc_info: Failure) -> None:
        """Log a failure without what a person typed, which its message or the address may hold."""
        if exc_info[1] is not None:
            log_failure(exc_info[1])


def create_app(runtime: Runtime, *, now: Callable[[], datetime] = utc_now) -> Flask:
    """Make the web application over this runtime; what the operator should know is logged.

    The staff's pages are an application of their own behind it, in `extensions[STAFF]`: its cookie, its forms and its
    sign-in are none of the citizens'.

    Raises SettingsError where the site has no key to sign forms with and cannot keep one, has lost its data keys, or
    is to send without all it needs for that.
    """
    key, keys = signing_key(runtime.settings), load_keys(runtime.settings, runtime.sessions)
    require_ready(runtime.settings)
    services = make_services(runtime, keys, now)
    app, staff = (_application(name, services, key) for name in ("advocacy", STAFF))
    for notice in runtime.notices:
        app.logger.warning("%s", notice)
    for pages in (health, metrics, language_redirect, public_pages, well_known, webhooks):
        app.register_blueprint(pages)
    add_staff_pages(staff)
    app.extensions[STAFF] = staff
    app.url_build_error_handlers.append(partial(_url_in_other_app, staff))
    staff.url_build_error_handlers.append(partial(_url_in_other_app, app))
    staff.jinja_env.filters.update(app.jinja_env.filters)  # both show letters
    citizens = RecentPagesMiddleware(app.wsgi_app, lambda: app.extensions[NAME].recent_pages)
    assets = Assets(_Mounted(citizens, staff.wsgi_app))
    for application in (app, staff):
        application.jinja_env.globals["asset"] = assets.address
    app.wsgi_app = assets  # type: ignore[method-assign]
    return app


def _application(name: str, services: Services, key: str) -> Site:
    """Make an application with what all pages of the site have in common."""
    app = Site(name, static_folder=None, template_folder=str(shipped_folder("templates")))
    app.jinja_options = {**app.jinja_options, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    app.jinja_options["extensions"] = [CachedFragments]
    app.extensions[NAME] = services
    log_and_compress(app)
    select_languages(app)
    secure(app, key=key, cookie=name, proxy_hops=services.settings.proxy_hops)
    register_error_pages(app)
    add_page_context(app)
    return app


class _Mounted:
    """The staff's application at `/staff`, the citizens' everywhere else; each reads the whole path."""

    def __init__(self, public: "WSGIApplication", staff: "WSGIApplication") -> None:
        self._public, self._staff = public, staff

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        is_staff = path == "/staff" or path.startswith("/staff/")
        return (self._staff if is_staff else self._public)(environ, start_response)


def _url_in_other_app(other: Flask, _error: BuildError, endpoint: str, values: dict[str, Any]) -> str:
    """Build the address of a page of the other application; raises BuildError where it has none such."""
    adapter = cast(MapAdapter, other.create_url_adapter(request))
    anchor, external = values.get("_anchor"), bool(values.get("_external"))
    arguments = {name: value for name, value in values.items() if not name.startswith("_")}
    other.inject_url_defaults(endpoint, arguments)
    return adapter.build(endpoint, arguments, force_external=external) + (f"#{anchor}" if anchor else "")


def missing_contacts(runtime: Runtime) -> tuple[str, ...]:
    """Return, in sentences, which campaigns do not say yet who answers for them: their pages can name nobody."""
    with runtime.sessions() as session:
        campaigns = OpenCampaigns().all(session)
    return tuple(
        f"{campaign.name}: {what} is not set; fill it in at /staff/campaigns/{campaign.name}/settings: pages name it"
        for campaign in campaigns
        for what, value in (
            ("the organiser", campaign.file.organiser),
            ("the privacy contact", campaign.file.privacy_contact),
        )
        if not value
    )


def make_services(runtime: Runtime, keys: Keys, now: Callable[[], datetime]) -> Services:
    """Make what the pages of a site share; nothing is cached yet."""
    settings, tasks = runtime.settings, Tasks(runtime, now=now)
    return Services(
        settings,
        runtime.sessions,
        now,
        directory=DirectoryCache(runtime.sessions),
        keys=keys,
        deliver_soon=tasks.deliver_soon,
        start_job=tasks.start_job,
        outgoing=mail_folder(settings),
        events_source=make_event_source(settings),
        notify=make_notifier(make_kinds(settings, keys, now=now)),
        recent_pages=RecentPages(runtime.sessions, now),
    )
