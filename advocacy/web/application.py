"""The Flask applications: what all pages of the site have in common, and the citizens' pages."""

from types import TracebackType
from typing import TypeAlias

from flask import Flask
from flask.typing import ResponseReturnValue
from jinja2 import StrictUndefined

from advocacy import shipped_folder
from advocacy.web.assets import asset
from advocacy.web.cache import cache
from advocacy.web.errors import log_failure, register_error_pages
from advocacy.web.health import bp as health
from advocacy.web.locale import bp as language_redirect
from advocacy.web.locale import select_languages
from advocacy.web.metrics import bp as metrics
from advocacy.web.page import add_page_context
from advocacy.web.public import bp as public_pages
from advocacy.web.rate_limits import limit_costly_pages
from advocacy.web.request_ids import number_requests
from advocacy.web.security import log_and_compress, secure, trusted_hosts
from advocacy.web.services import NAME, Services
from advocacy.web.unit_of_work import add_unit_of_work, commit, roll_back
from advocacy.web.webhooks import bp as webhooks
from advocacy.web.well_known import bp as well_known

Failure: TypeAlias = tuple[type, BaseException, TracebackType] | tuple[None, None, None]


class Site(Flask):
    """An application of the site."""

    def dispatch_request(self) -> ResponseReturnValue:
        """Answer with a view, and commit what it changed, which is given up where it raises."""
        try:
            answer = super().dispatch_request()
        except Exception:
            roll_back()
            raise
        commit()
        return answer

    def log_exception(self, exc_info: Failure) -> None:
        """Log a failure without what a person typed, which its message or the address may hold."""
        if exc_info[1] is not None:
            log_failure(exc_info[1])


def make_application(name: str, services: Services, key: str) -> Site:
    """Make an application with what all pages of the site have in common."""
    app = Site(name, static_folder=None, template_folder=str(shipped_folder("templates")))
    app.jinja_options = {**app.jinja_options, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    app.extensions[NAME] = services
    settings = services.settings
    cache.init_app(app)
    number_requests(app, trusts_proxy=settings.proxy_hops > 0)
    log_and_compress(app)
    add_unit_of_work(app)
    select_languages(app)
    limit_costly_pages(app, services)  # before anything is read of what came
    secure(app, key=key, cookie=name, proxy_hops=settings.proxy_hops, hosts=trusted_hosts(settings.base_url))
    register_error_pages(app)
    add_page_context(app)
    app.jinja_env.globals["asset"] = asset
    return app


def make_public_application(services: Services, key: str) -> Site:
    """Make the application with the pages that are for everyone, for providers and for whoever keeps the site."""
    app = make_application(NAME, services, key)
    for pages in (health, metrics, language_redirect, public_pages, well_known, webhooks):
        app.register_blueprint(pages)
    return app
