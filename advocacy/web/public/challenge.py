"""The challenge that a browser solves before a letter is sent, while more forms come in than is calm."""

from flask import Response, abort, current_app, jsonify

from advocacy.abuse.challenges import ChallengeKeys, make_challenge
from advocacy.web.public import bp
from advocacy.web.security import form_page
from advocacy.web.services import current_campaign, services


@bp.get("/<campaign>/challenge")
@form_page
def challenge(**_: object) -> Response:
    """Return a new challenge of the altcha protocol as JSON; nothing (204) while all is calm."""
    if current_campaign() is None:
        abort(404)
    site = services()
    if not site.pressure().is_on:
        return Response(status=204)
    return jsonify(make_challenge(challenge_keys(), now=site.now()))


def challenge_keys() -> ChallengeKeys:
    """Return the keys that sign the challenges of this site."""
    return ChallengeKeys.derive(str(current_app.secret_key))
