"""What is counted against abuse, in the database: no address of a person or of a network, only keyed hashes."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.database import Base, UtcDateTime
from advocacy.personal_columns import IMPERSONAL, Kept, People, Protection, about, personal


class RateLimit(Base):
    """How often something was counted in one window of time (`limiter`)."""

    __tablename__ = "rate_limits"
    __about__ = about(People.CITIZENS, "limit how often something may happen within a window of time", Kept.COUNTED)

    key: Mapped[str] = mapped_column(
        String(100), primary_key=True, info=personal("of a network, a mailbox or an account", Protection.KEYED_HASH)
    )
    began_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    count: Mapped[int] = mapped_column(info=IMPERSONAL)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True, info=IMPERSONAL)
    """From when on no window covers it."""


class SpentChallenge(Base):
    """A challenge whose solution counted for one form, until it expires: it counts for no other."""

    __tablename__ = "spent_challenges"
    __about__ = about(
        People.NOBODY, "a calculation that a browser did counts for one form: a random number, until it expires"
    )

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
