"""Answers for whoever keeps the site running: the process is up, its database can be read, and what is wrong."""

from flask import Blueprint, Response, g
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from advocacy.campaigns.models import Campaign
from advocacy.site_problems import Level
from advocacy.web.operators import is_operator
from advocacy.web.security import public
from advocacy.web.services import services

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def up() -> Response:
    return Response("up\n", mimetype="text/plain")


@bp.get("/readyz")
@public
def ready() -> Response:
    """Answer a load balancer whether pages can be served, and an operator what else is wrong.

    Pages serve while letters wait, and while the disk is full: a load balancer must not take them down. To strangers
    that is no news, and to an attacker it would be some.
    """
    site = services()
    try:
        g.session.execute(select(Campaign.id).limit(1))
        problems = site.problems(g.session) if is_operator() else []
    except SQLAlchemyError:
        return unreadable() if is_operator() else Response("not ready\n", status=503, mimetype="text/plain")
    advice = [problem.advice for problem in problems if problem.level is Level.FAIL]
    return Response(f"degraded: {' '.join(advice)}\n" if advice else "ready\n", mimetype="text/plain")


def unreadable() -> Response:
    """Answer that the database cannot be read: the process is up."""
    return Response("the database cannot be read\n", status=503, mimetype="text/plain")
