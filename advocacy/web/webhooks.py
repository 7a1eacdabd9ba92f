"""The webhooks of providers: reports, signed and in time, and replies of citizens, at an address that is a secret."""

import json
import logging
from hmac import compare_digest
from http import HTTPStatus

from flask import Blueprint, Response, abort, g, request
from flask.blueprints import BlueprintSetupState

from advocacy.delivery.events import complaints_in, record_events
from advocacy.delivery.provider import NotSigned
from advocacy.letters import suppression_list
from advocacy.letters.models import TO_CITIZEN
from advocacy.letters.replies import Reply, put_notice, read_reply
from advocacy.web.security import declares, signed
from advocacy.web.services import services
from advocacy.web.unit_of_work import after_commit

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


@bp.post("/hooks/sendgrid/replies/<secret>")
@signed
@declares(takes_file=True)
def reply(secret: str) -> Response:
    """Take in a reply to a question, as SendGrid's Inbound Parse posts it; 404 without the site's own secret.

    Nothing of it is stored: its writer gets a notice, once. Whatever comes is answered alike, or it would come again.
    Source: https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/setting-up-the-inbound-parse-webhook
    """
    site = services()
    known = site.settings.reply_hook_secret.get_secret_value().encode()
    if not compare_digest(secret.encode(), known) or not known:
        abort(HTTPStatus.NOT_FOUND)
    raw = request.form.get("email") or request.form.get("headers", "")
    found = Reply(read_reply(raw.encode(errors="replace")).headers, _return_path(request.form.get("envelope", "")))
    own_addresses = (site.settings.from_email, site.settings.reply_address, site.settings.test_recipient)
    put = put_notice(g.session, found, keys=site.keys, own_addresses=own_addresses, now=site.now())
    if put:
        after_commit(site.deliver_soon)
    return _empty(HTTPStatus.NO_CONTENT)


def _return_path(envelope: str) -> str:
    """Return the address that bounces of a mail go to; "" for none, and for an envelope that cannot be read."""
    try:
        sender = json.loads(envelope)["from"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return sender.strip() if isinstance(sender, str) else ""


def _empty(status: HTTPStatus) -> Response:
    return Response(status=status, mimetype="text/plain")
