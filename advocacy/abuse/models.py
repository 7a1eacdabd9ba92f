"""What is counted against abuse, in the database: no address of a person or of a network, only keyed hashes."""

from datetime import date, datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.database import Base, UtcDateTime


class HourlyCount(Base):
    """How often something was asked for in one hour: by a network, by the whole site, or for one recipient."""

    __tablename__ = "hourly_counts"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    hour: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Since 1970."""
    count: Mapped[int]


class Count(Base):
    """The counts of whole days, by versions before 0021, which may still answer while this one starts."""

    __tablename__ = "counts"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int]


class RateLimit(Base):
    """How often something was counted in one window of time (`limiter`)."""

    __tablename__ = "rate_limits"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    count: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    """From when on no window covers it."""


class Mailing(Base):
    """A mail that asks a mailbox to confirm, for as long as it counts, be its own row erased or not."""

    __tablename__ = "mailings"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """A keyed hash of the mailbox, another one than its letters are found by."""
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)


class Arrivals(Base):
    """How many forms came in within ten minutes, to the whole site; it knows no person and no network."""

    __tablename__ = "arrivals"

    slot: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    """When the ten minutes begin."""
    count: Mapped[int]
    threshold: Mapped[int]
    """How many forms are still calm, by what the site saw in the days before."""


class PressurePeriod(Base):
    """A time in which more forms came in than is calm."""

    __tablename__ = "pressure_periods"

    began_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it ends, unless as many forms go on coming in."""
    is_over: Mapped[bool]
    """Whether its end is in the log."""


class SpentChallenge(Base):
    """A challenge whose solution counted for one form, until it expires: it counts for no other."""

    __tablename__ = "spent_challenges"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
