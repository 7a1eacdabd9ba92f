"""Answers for whoever keeps the site running: the process is up, its database can be read, letters leave or wait."""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Blueprint, Response
from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import SQLAlchemyError

from advocacy.campaigns.models import Campaign
from advocacy.delivery.models import Hold, Message, ProviderOutage
from advocacy.delivery.outages import MIN_FAILURES
from advocacy.delivery.states import State
from advocacy.web.security import public

LATE = timedelta(minutes=10)
"""How long a message may be overdue: workers look every few seconds, and a crowd of letters passes sooner."""


def health(engine: Engine, now: Callable[[], datetime]) -> Blueprint:
    """Make the routes `/healthz` and `/readyz`."""
    routes = Blueprint("health", __name__)

    @routes.get("/healthz")
    @public
    def up() -> Response:
        return Response("up\n", mimetype="text/plain")

    @routes.get("/readyz")
    @public
    def ready() -> Response:
        try:
            with engine.connect() as connection:
                connection.execute(select(Campaign.id).limit(1))
                status = _status(connection, now())
        except SQLAlchemyError:
            return unreadable()
        # Pages serve while letters wait: a load balancer must not take them down.
        return Response(f"{status}\n", mimetype="text/plain")

    return routes


def unreadable() -> Response:
    """Answer that the database cannot be read: the process is up."""
    return Response("the database cannot be read\n", status=503, mimetype="text/plain")


def _status(connection: Connection, now: datetime) -> str:
    if connection.execute(select(Hold.id)).first() is not None:
        return "degraded: sending is paused"
    out = select(ProviderOutage.id).where(ProviderOutage.failures >= MIN_FAILURES)
    if connection.execute(out).first() is not None:
        return "degraded: the mail service takes no mail"
    # By when they were due first: every attempt that fails puts the next one off.
    late = select(Message.id).where(Message.state == State.READY, Message.first_due_at < now - LATE).limit(1)
    return "ready" if connection.execute(late).first() is None else "degraded: letters are late"
