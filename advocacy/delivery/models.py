"""The outbox's tables: messages by reference, every move of theirs, what providers reported, and what holds them."""

import secrets
from datetime import datetime
from enum import IntEnum, StrEnum
from functools import partial
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.database import BIG_ID, Base, UtcDateTime, enum_type
from advocacy.delivery.states import State
from advocacy.personal_columns import IMPERSONAL, Kept, People, about, nothing, personal, truncate_to_day


class Actor(StrEnum):
    SUBMIT = "submit"
    WORKER = "worker"
    SWEEP = "sweep"
    EVENT = "event"
    STAFF = "staff"
    CITIZEN = "citizen"


class Priority(IntEnum):
    """What leaves first; the lowest number does."""

    MAIL = 0
    """The site's own mails, confirmations among them: somebody waits for them in front of a screen."""
    LETTER = 1
    """Letters, and mails that nobody waits for."""


new_public_id = partial(secrets.token_hex, 16)
"""Makes the random id a provider is told: it says nothing of anyone."""


ERASED = "erased"
"""Why a message has nothing to carry any more; one that was on its way by then is marked with it."""
NO_CONTACT = "campaign_contact"
"""Why a message waits whose campaign does not say who answers for it; others go on."""
OFFICE_PAUSED = "office_paused"
"""Why a message waits whose recipient takes none until a day that it chose."""


class Message(Base):
    """One message of the outbox. `kind` and `ref` say what it carries, to whoever put it there.

    `attempt` numbers the claims: only the holder of the last one may write a result. `tries` counts those that used up
    one of the attempts a message has. `resent`: it left UNCERTAIN once to be sent again. `first_due_at` is
    when it was due before any attempt failed. Messages of one `pace_key` leave an interval after each other.
    """

    __tablename__ = "messages"
    __about__ = about(
        People.CITIZENS, "send each letter and mail once, and follow it", Kept.RETENTION_DAYS, Kept.RECORD
    )
    __table_args__ = (
        UniqueConstraint("kind", "ref"),
        Index("ix_messages_state_priority_due_at_id", "state", "priority", "due_at", "id"),
        Index("ix_messages_kind_state_id", "kind", "state", "id"),
        Index("ix_messages_state_first_due_at", "state", "first_due_at"),
        Index("ix_messages_pace_key_state", "pace_key", "state"),
    )

    id: Mapped[int] = mapped_column(BIG_ID, primary_key=True)
    public_id: Mapped[str] = mapped_column(
        String(32),
        unique=True,
        default=new_public_id,
        info=personal(
            "the random id that the mail service is told; another one in the anonymous record",
            erase=lambda _: new_public_id(),
        ),
    )
    kind: Mapped[str] = mapped_column(String(20), info=personal("letter or which mail"))
    ref: Mapped[str] = mapped_column(String(64), info=IMPERSONAL)
    pace_key: Mapped[str | None] = mapped_column(String(100), info=personal("the office"))
    state: Mapped[State] = mapped_column(enum_type(State), info=personal("its state"))
    priority: Mapped[int] = mapped_column(default=Priority.MAIL, info=IMPERSONAL)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, info=personal("when it is due", erase=truncate_to_day))
    first_due_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, info=personal("when it was due first", erase=truncate_to_day)
    )
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime, info=IMPERSONAL)
    attempt: Mapped[int] = mapped_column(default=0, info=IMPERSONAL)
    tries: Mapped[int] = mapped_column(default=0, info=personal("how often it was tried"))
    resent: Mapped[bool] = mapped_column(default=False, info=personal("whether it was sent once more"))
    provider_id: Mapped[str | None] = mapped_column(
        String(200), info=personal("the mail service’s own id; gone from the anonymous record", erase=nothing)
    )
    reason: Mapped[str] = mapped_column(String(60), default="", info=personal("a short code"))
    created_at: Mapped[datetime] = mapped_column(
        UtcDateTime, info=personal("when; the day alone in the anonymous record", erase=truncate_to_day)
    )
    changed_at: Mapped[datetime] = mapped_column(
        UtcDateTime, info=personal("when; the day alone in the anonymous record", erase=truncate_to_day)
    )


class MessageMove(Base):
    """One move of a message: the story a receipt tells.

    `refused`: the provider refused it for good, and perhaps not this message alone.
    """

    __tablename__ = "message_moves"
    __about__ = about(People.CITIZENS, "the story that a receipt tells", Kept.RETENTION_DAYS, Kept.RECORD)

    id: Mapped[int] = mapped_column(BIG_ID, primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(
        UtcDateTime, info=personal("when; the day alone in the anonymous record", erase=truncate_to_day)
    )
    state: Mapped[State] = mapped_column(enum_type(State), info=personal("the state of the message"))
    by: Mapped[Actor] = mapped_column(enum_type(Actor), info=personal("program, staff or citizen"))
    reason: Mapped[str] = mapped_column(String(60), default="", info=personal("a short code"))
    refused: Mapped[bool] = mapped_column(default=False, info=IMPERSONAL)


class ProviderEvent(Base):
    """One report as it came, without addresses; `public_id` is the message's."""

    __tablename__ = "provider_events"
    __about__ = about(
        People.CITIZENS, "what the mail service reported, to know whether a message arrived", Kept.RETENTION_DAYS
    )
    __table_args__ = (UniqueConstraint("provider", "provider_event_id"),)

    id: Mapped[int] = mapped_column(BIG_ID, primary_key=True)
    provider: Mapped[str] = mapped_column(String(20), info=personal("which service"))
    provider_event_id: Mapped[str] = mapped_column(String(200), info=personal("its number of the report"))
    public_id: Mapped[str] = mapped_column(String(32), index=True, info=personal("the message’s random id"))
    kind: Mapped[str] = mapped_column(String(40), info=personal("what it reported"))
    reported: Mapped[State | None] = mapped_column(enum_type(State), info=personal("as a state"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, info=personal("when"))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, info=personal("when it came"))
    reason: Mapped[str] = mapped_column(String(60), default="", info=personal("a short code"))
    raw: Mapped[Any] = mapped_column(JSON, info=personal("the report without addresses"))


class Hold(Base):
    """What holds the whole outbox; there is at most one."""

    __tablename__ = "outbox_holds"
    __about__ = about(People.NOBODY, "whether sending is paused")

    id: Mapped[int] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(String(60))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[Actor] = mapped_column(enum_type(Actor))


class Pace(Base):
    """The pace of messages to one recipient: when the next one put is due, and when the last one left."""

    __tablename__ = "paces"
    __about__ = about(People.NOBODY, "when the next message to an office may leave")

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PeriodicRun(Base):
    """When work that runs on a schedule was last begun, by whichever process of the site."""

    __tablename__ = "periodic_runs"
    __about__ = about(People.NOBODY, "when scheduled work was begun")

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ProviderOutage(Base):
    """The circuit breaker: failures of the provider in a row, `since` the first; there is at most one row.

    Nothing is handed over before `rest_until`.
    """

    __tablename__ = "provider_outages"
    __about__ = about(People.NOBODY, "whether the mail service takes mail")

    id: Mapped[int] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(String(60))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    failures: Mapped[int]
    rest_until: Mapped[datetime] = mapped_column(UtcDateTime)
