"""What is counted against abuse, in the database: no address of a person or of a network, only keyed hashes."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.database import Base, UtcDateTime


class RateLimit(Base):
    """How often something was counted in one window of time (`limiter`)."""

    __tablename__ = "rate_limits"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    count: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    """From when on no window covers it."""


class SpentChallenge(Base):
    """A challenge whose solution counted for one form, until it expires: it counts for no other."""

    __tablename__ = "spent_challenges"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
