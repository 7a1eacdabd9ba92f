"""The challenge that a browser solves before a letter is sent, while more forms come in than is calm."""

from flask import Response, abort, current_app, g, jsonify

from advocacy.abuse import pressure
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
    if not is_under_pressure():
        return Response(status=204)
    return jsonify(make_challenge(challenge_keys(), now=services().now()))


def is_under_pressure() -> bool:
    """Whether more forms come in than is calm, so that a browser has to solve a challenge."""
    site = services()
    return pressure.read(g.session, now=site.now(), calm=site.settings.calm_per_ten_minutes).is_on


def challenge_keys() -> ChallengeKeys:
    """Return the keys that sign the challenges of this site."""
    return ChallengeKeys.derive(str(current_app.secret_key))
