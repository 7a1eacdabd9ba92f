"""The web application, joined once: the only module that sees all of its parts."""

from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import TypeAlias

from flask import Flask
from jinja2 import StrictUndefined

from advocacy.campaigns.opened import OpenCampaigns
from advocacy.delivery.wake import Waker
from advocacy.dispatch import make_events, make_kinds, outgoing, refuse_unready, teller
from advocacy.legislators.listing import DirectoryCache
from advocacy.letters.lost_keys import keys_of
from advocacy.parts import Parts, utc_now
from advocacy.sealing import Keys
from advocacy.shipped import shipped_folder
from advocacy.web.assets import Assets
from advocacy.web.errors import log_failure, register_error_pages
from advocacy.web.health import health
from advocacy.web.hooks import hooks
from advocacy.web.keys import signing_key
from advocacy.web.locale import speak_languages
from advocacy.web.metrics import metrics
from advocacy.web.middleware import log_and_compress
from advocacy.web.page import furnish
from advocacy.web.public import bp as public_pages
from advocacy.web.security import secure
from advocacy.web.services import NAME, Services
from advocacy.web.staff import pages as staff_pages
from advocacy.web.well_known import bp as well_known

Failure: TypeAlias = tuple[type, BaseException, TracebackType] | tuple[None, None, None]


class Site(Flask):
    """The web application."""

    def log_exception(self, exc_info: Failure) -> None:
        """Log a failure without what a person typed, which its message or the address may hold."""
        if exc_info[1] is not None:
            log_failure(exc_info[1])


def create_app(parts: Parts, *, now: Callable[[], datetime] = utc_now) -> Flask:
    """Make the web application over these parts; what the operator should know is logged.

    Raises SettingsError where the site has no key to sign forms with and cannot keep one, has lost its data keys, or
    is to send without all it needs for that.
    """
    signs, keys = signing_key(parts.settings), keys_of(parts.settings, parts.sessions)
    refuse_unready(parts.settings, parts.sessions)
    app = Site("advocacy", static_folder=None, template_folder=str(shipped_folder("templates")))
    app.jinja_options = {**app.jinja_options, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    services = app.extensions[NAME] = _services(parts, keys, now)
    for notice in parts.notices:
        app.logger.warning("%s", notice)
    log_and_compress(app)
    speak_languages(app)
    secure(app, key=signs, proxy_hops=parts.settings.proxy_hops)
    register_error_pages(app)
    furnish(app)
    app.register_blueprint(health(parts.engine, now))
    app.register_blueprint(metrics(services))
    app.register_blueprint(public_pages)
    app.register_blueprint(well_known)
    app.register_blueprint(hooks(services))
    app.register_blueprint(staff_pages)
    _serve_assets(app)
    return app


def contacts_to_set(parts: Parts) -> tuple[str, ...]:
    """Tell, in sentences, which campaigns do not say yet who answers for them: their pages can name nobody."""
    with parts.sessions() as session:
        campaigns = OpenCampaigns().all(session)
    return tuple(
        f"{campaign.name}: {what} is not set; write it into the campaign's campaign.toml, the privacy page names it"
        for campaign in campaigns
        for what, given in (
            ("the organiser", campaign.file.organiser),
            ("the privacy contact", campaign.file.privacy_contact),
        )
        if not given
    )


def _services(parts: Parts, keys: Keys, now: Callable[[], datetime]) -> Services:
    settings = parts.settings
    waker = Waker.of(settings.queue_url, settings.database_file)
    return Services(
        settings,
        parts.sessions,
        now,
        directory=DirectoryCache(parts.sessions),
        keys=keys,
        ring=waker.ring,
        outgoing=outgoing(settings),
        events_source=make_events(settings),
        told=teller(make_kinds(settings, keys, now=now)),
    )


def _serve_assets(app: Flask) -> None:
    assets = Assets(app.wsgi_app)
    app.wsgi_app = assets  # type: ignore[method-assign]
    app.jinja_env.globals["asset"] = assets.address
