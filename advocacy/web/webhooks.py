"""What a provider reports comes in at one door: signed, in time and no larger than it may be, or not at all."""

import logging
from collections.abc import Sequence
from http import HTTPStatus

from flask import Blueprint, Response, abort, request
from flask.blueprints import BlueprintSetupState
from werkzeug.exceptions import RequestEntityTooLarge

from advocacy.database import immediate
from advocacy.delivery.events import record_events
from advocacy.delivery.provider import Event, EventSource, NotSigned
from advocacy.web.security import SIGNED_LIMIT, signed
from advocacy.web.services import Services

log = logging.getLogger(__name__)


def hooks(site: Services) -> Blueprint:
    """Make the route `/hooks/sendgrid`; it is not there where the site's provider reports nothing."""
    routes = Blueprint("hooks", __name__)
    routes.record_once(_want_no_token)

    @routes.post("/hooks/<provider>")
    @signed
    def report(provider: str) -> Response:
        source = site.events_source
        if source is None or source.name != provider:
            abort(HTTPStatus.NOT_FOUND)
        try:
            events = source.events(_brought(), dict(request.headers), now=site.now())
        except NotSigned as refused:
            log.warning("reports of %s were not believed: %s", source.name, refused)
            return _answer(HTTPStatus.FORBIDDEN)
        except ValueError:
            return _answer(HTTPStatus.BAD_REQUEST)
        _follow(site, source, events)
        return _answer(HTTPStatus.NO_CONTENT)

    return routes


def _want_no_token(state: BlueprintSetupState) -> None:
    """A provider brings a signature where a form brings its token."""
    state.app.extensions["csrf"].exempt(state.blueprint)


def _brought() -> bytes:
    body = request.get_data()
    if request.content_length is None and len(body) >= SIGNED_LIMIT:
        raise RequestEntityTooLarge  # a body of unknown length is cut off there
    return body


def _follow(site: Services, source: EventSource, events: Sequence[Event]) -> None:
    with immediate(site.sessions) as session:
        moved = record_events(session, events, provider=source.name, now=site.now())
        site.told(session, moved, site.now())


def _answer(status: HTTPStatus) -> Response:
    return Response(status=status, mimetype="text/plain")
