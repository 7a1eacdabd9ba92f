"""Answers for whoever keeps the site running: the process is up, its database can be read, letters leave or wait."""

from datetime import datetime, timedelta

from flask import Blueprint, Response
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from advocacy.campaigns.models import Campaign
from advocacy.delivery.models import Hold, Message, ProviderOutage
from advocacy.delivery.outages import MIN_FAILURES
from advocacy.delivery.states import State
from advocacy.web.security import public
from advocacy.web.services import services

LATE = timedelta(minutes=10)
"""How long a message may be overdue: workers look every few seconds, and a crowd of letters passes sooner."""


bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def up() -> Response:
    return Response("up\n", mimetype="text/plain")


@bp.get("/readyz")
@public
def ready() -> Response:
    try:
        with services().sessions() as session:
            session.execute(select(Campaign.id).limit(1))
            status = _status(session, services().now())
    except SQLAlchemyError:
        return unreadable()
    # Pages serve while letters wait: a load balancer must not take them down.
    return Response(f"{status}\n", mimetype="text/plain")


def unreadable() -> Response:
    """Answer that the database cannot be read: the process is up."""
    return Response("the database cannot be read\n", status=503, mimetype="text/plain")


def _status(session: Session, now: datetime) -> str:
    if session.execute(select(Hold.id)).first() is not None:
        return "degraded: sending is paused"
    out = select(ProviderOutage.id).where(ProviderOutage.failures >= MIN_FAILURES)
    if session.execute(out).first() is not None:
        return "degraded: the mail service takes no mail"
    # By when they were due first: every attempt that fails puts the next one off.
    late = select(Message.id).where(Message.state == State.READY, Message.first_due_at < now - LATE).limit(1)
    return "ready" if session.execute(late).first() is None else "degraded: letters are late"
