"""The web application, joined once: the only module that sees all of its runtime."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from flask import Flask, request
from flask.helpers import get_debug_flag
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BuildError, MapAdapter

from advocacy.abuse.mail_domains import MailDomains
from advocacy.dispatch import make_event_source, make_kinds, make_notifier
from advocacy.encryption import Keys
from advocacy.legislators.directory_snapshot import DirectoryCache
from advocacy.letters.encrypted_columns import load_keys
from advocacy.production import require_ready, sends_to_public
from advocacy.runtime import Runtime, utc_now
from advocacy.secret_keys import signing_key
from advocacy.signed_links import SignedLinks
from advocacy.tasks import Tasks
from advocacy.web.application import make_application, make_public_application
from advocacy.web.assets import with_static_files
from advocacy.web.services import Services
from advocacy.web.staff import STAFF, add_staff_pages

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def create_app(runtime: Runtime, *, now: Callable[[], datetime] = utc_now) -> Flask:
    """Make the web application over this runtime; what the operator should know is logged.

    The staff's pages are an application of their own behind it, in `extensions[STAFF]`: its cookie, its forms and its
    sign-in are none of the citizens'.

    Raises SettingsError where the site has no key to sign forms with and cannot keep one, has lost its data keys, or
    is public without all it needs for that.
    """
    require_ready(runtime.settings, get_debug_flag())
    key, keys = signing_key(runtime.settings), load_keys(runtime.settings, runtime.sessions)
    services = make_services(runtime, keys, now)
    app, staff = make_public_application(services, key), make_application(STAFF, services, key)
    for notice in runtime.notices:
        app.logger.warning("%s", notice)
    add_staff_pages(staff)
    app.extensions[STAFF] = staff
    app.url_build_error_handlers.append(partial(_url_in_other_app, staff))
    staff.url_build_error_handlers.append(partial(_url_in_other_app, app))
    staff.jinja_env.filters.update(app.jinja_env.filters)  # both show letters
    app.wsgi_app = with_static_files(_Mounted(app.wsgi_app, staff.wsgi_app))  # type: ignore[method-assign]
    if hops := runtime.settings.proxy_hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops, x_port=hops)  # type: ignore[method-assign]
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


def make_services(runtime: Runtime, keys: Keys, now: Callable[[], datetime]) -> Services:
    """Make what the pages of a site share; nothing is cached yet."""
    settings, tasks = runtime.settings, Tasks(runtime, now=now)
    return Services(
        settings,
        runtime.sessions,
        now,
        directory=DirectoryCache(runtime.sessions),
        keys=keys,
        links=SignedLinks(signing_key(settings)),
        deliver_soon=tasks.deliver_soon,
        erase_soon=tasks.erase_soon,
        start_job=tasks.start_job,
        events_source=make_event_source(settings),
        mail_domains=MailDomains() if sends_to_public(settings) else None,
        notify=make_notifier(make_kinds(settings, keys, now=now)),
    )
