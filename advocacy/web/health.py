"""Answers for whoever keeps the site running: the process is up, its database can be read, letters leave or wait."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from flask import Blueprint, Response
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from advocacy.campaigns.models import Campaign
from advocacy.delivery.models import Hold, Message, ProviderOutage
from advocacy.delivery.outages import MIN_FAILURES
from advocacy.delivery.states import State
from advocacy.web.operators import is_operator
from advocacy.web.security import public
from advocacy.web.services import services

LATE = timedelta(minutes=10)
"""How long a message may be overdue: workers look every few seconds, and a crowd of letters passes sooner."""
UNREAD = timedelta(hours=12)
"""How long a letter that a person has to read first may wait for that."""
MIN_FREE_BYTES = 512 * 1024 * 1024
"""Free bytes of the disk below which an operator has to act: some hours of a busy site, its log included."""


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
        with site.sessions() as session:
            session.execute(select(Campaign.id).limit(1))
            problems = list(_problems(session, site.now())) if is_operator() else []
    except SQLAlchemyError:
        return unreadable() if is_operator() else Response("not ready\n", status=503, mimetype="text/plain")
    if is_operator() and disk_space(site.outgoing)[1] < MIN_FREE_BYTES:
        problems.append("the disk is almost full")
    return Response(f"degraded: {'; '.join(problems)}\n" if problems else "ready\n", mimetype="text/plain")


def unreadable() -> Response:
    """Answer that the database cannot be read: the process is up."""
    return Response("the database cannot be read\n", status=503, mimetype="text/plain")


def disk_space(path: Path) -> tuple[int, int]:
    """Return the size and the free bytes of the disk that a path lies on, or would."""
    existing = next(folder for folder in (path.absolute(), *path.absolute().parents) if folder.exists())
    usage = shutil.disk_usage(existing)
    return usage.total, usage.free


def _problems(session: Session, now: datetime) -> Iterator[str]:
    if session.execute(select(Hold.id)).first() is not None:
        yield "sending is paused"
    out = select(ProviderOutage.id).where(ProviderOutage.failures >= MIN_FAILURES)
    if session.execute(out).first() is not None:
        yield "the mail service takes no mail"
    # By when they were due first: every attempt that fails puts the next one off.
    late = select(Message.id).where(Message.state == State.READY, Message.first_due_at < now - LATE).limit(1)
    if session.execute(late).first() is not None:
        yield "letters are late"
    held = select(Message.id).where(Message.state == State.HELD, Message.changed_at < now - UNREAD).limit(1)
    if session.execute(held).first() is not None:
        yield "held letters wait to be read"
