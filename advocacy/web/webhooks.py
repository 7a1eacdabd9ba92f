"""The webhooks of providers: reports, signed and in time."""

import logging
from http import HTTPStatus

from flask import Blueprint, Response, abort, g, request
from flask.blueprints import BlueprintSetupState

from advocacy.delivery.events import complaints_in, record_events
from advocacy.delivery.provider import NotSigned
from advocacy.letters import suppression_list
from advocacy.letters.models import TO_CITIZEN
from advocacy.web.security import signed
from advocacy.web.services import services

log = logging.getLogger(__name__)


bp = Blueprint("webhooks", __name__)


@bp.record_once
def exempt_from_tokens(state: BlueprintSetupState) -> None:
    """A provider brings a signature where a form brings its token."""
    state.app.extensions["csrf"].exempt(state.blueprint)


@bp.post("/hooks/<provider>")
@signed
def report(provider: str) -> Response:
    """Take in what the site's provider reports; 404 for any other."""
    site = services()
    source = site.events_source
    if source is None or source.name != provider:
        abort(HTTPStatus.NOT_FOUND)
    try:
        events = source.events(request.get_data(), dict(request.headers), now=site.now())
    except NotSigned as refused:
        log.warning("reports of %s were not believed: %s", source.name, refused)
        return _empty(HTTPStatus.FORBIDDEN)
    except ValueError:
        return _empty(HTTPStatus.BAD_REQUEST)
    moved = record_events(g.session, events, provider=source.name, now=site.now())
    site.notify(g.session, moved, site.now())
    # A letter is reported by its office, which says nothing of the citizen: the staff see it beside the letter.
    complaints = [one.ref for one in complaints_in(g.session, events) if one.kind in TO_CITIZEN]
    suppression_list.add_complaints(g.session, complaints, now=site.now())
    return _empty(HTTPStatus.NO_CONTENT)


def _empty(status: HTTPStatus) -> Response:
    return Response(status=status, mimetype="text/plain")
