"""Files that programs look for at fixed addresses: robots.txt, security.txt, icons."""

from datetime import UTC, timedelta
from http import HTTPStatus

from flask import Blueprint, Response, abort

from advocacy.offices.office_links import PAGE_NAMES
from advocacy.web.security import public
from advocacy.web.services import services

bp = Blueprint("well_known", __name__)

FORM_PAGES = ("write", "legislators", "preview", "review", "check", "download", "challenge", "send", "sent", "posted")
SECRET_PAGES = ("confirm", "receipt", "stop", "v")
OTHER_PLACES = ("/v/", "/staff/", "/hooks/", "/metrics", "/healthz", "/readyz")
SECURITY_LIFETIME = timedelta(days=180)
"""RFC 9116 wants less than a year. It is computed anew on each day, since the setting is what is current."""


@bp.get("/robots.txt")
@public
def robots() -> Response:
    """Allow search engines to read campaigns and plain pages, and nothing of the form, of a letter or of staff."""
    disallowed = [
        *(f"/*/*/{page}" for page in FORM_PAGES),
        *(f"/*/{page}/" for page in SECRET_PAGES),
        *(f"/*/{page}" for page in PAGE_NAMES.values()),
        *OTHER_PLACES,
    ]
    return _text(["User-agent: *", *(f"Disallow: {path}" for path in disallowed)])


@bp.get("/.well-known/security.txt")
@public
def security() -> Response:
    """Name whom to write to about a weakness (RFC 9116); 404 where the site names nobody."""
    settings = services().settings
    if not settings.security_contact:
        abort(HTTPStatus.NOT_FOUND)
    today = services().now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return _text(
        [
            f"Contact: {settings.security_contact}",
            f"Expires: {today + SECURITY_LIFETIME:%Y-%m-%dT%H:%M:%SZ}",
            "Preferred-Languages: en, fr",
            f"Canonical: {settings.base_url}/.well-known/security.txt",
        ]
    )


def _text(lines: list[str]) -> Response:
    answer = Response("".join(f"{line}\n" for line in lines), mimetype="text/plain")
    answer.cache_control.max_age = 3600
    return answer
