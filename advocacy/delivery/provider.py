"""What delivery works with: a provider, which takes an envelope, and the kinds of message, which fill one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeAlias

from sqlalchemy.orm import Session

from advocacy.delivery.states import State
from advocacy.language import Language


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One e-mail address and the name shown with it, which may be ""."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message ready to go.

    `id` is the random one a provider may be told, and the same in every attempt. An `automatic` message is the site's
    own, which no out-of-office reply should answer; a letter is its citizen's, and answers to it are wanted.
    `stop_link` stops such mail when a mail program posts to it, "" for mail that its reader has asked for.
    `headers` are those of this message alone, in ASCII, with nothing personal.
    """

    id: str
    sender: Mailbox
    to: Mailbox
    reply_to: Mailbox | None
    subject: str
    text: str
    html: str
    language: Language
    automatic: bool
    stop_link: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took the message; `provider_id` is its own name for it, "" where it has none."""

    provider_id: str = ""


POLICY = "policy"
"""The reason of a message that is tried again although it was refused for good: the recipient was not to blame."""


COMPLAINT = "complaint"
"""The reason of an event that tells that whoever got the message reported it as spam."""


class TryLater(Exception):
    """Nothing was sent; try again, `after` a time where the provider names one.

    `counts` as an attempt used up where it is about this message. Otherwise the next one would be answered alike: the
    provider is left alone, by all processes. `refused`: the answer was a permanent refusal that says nothing of the
    recipient.
    """

    def __init__(
        self, reason: str, *, after: timedelta | None = None, counts: bool = True, refused: bool = False
    ) -> None:
        self.reason, self.after, self.counts, self.refused = reason, after, counts, refused
        super().__init__(reason)


class Refused(Exception):
    """Nothing was sent and never will be; `reason` is a short code, never the provider's own words.

    `only_this`: it is known that the next message is not refused alike, since the recipient or the message is to blame.
    """

    def __init__(self, reason: str, *, only_this: bool = False) -> None:
        self.reason, self.only_this = reason, only_this
        super().__init__(reason)


class Unknown(Exception):
    """It may have been sent: the line broke before the answer came."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class NotAllowed(Exception):
    """Our own key or account is wrong: hold the outbox, no message fails for it."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class NothingToSend(Exception):
    """What a message was to carry has been erased since."""


class Provider(Protocol):
    """A way for messages to leave."""

    name: str
    rehearses: bool
    """Whether nothing ever leaves by it."""

    def send(self, envelope: Envelope) -> Accepted:
        """Hand one message over; raises TryLater, Refused, Unknown, NotAllowed, nothing else. Ends within 30 s."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Event:
    """Something a provider reports of a message; `reported` is None where it moves nothing.

    `raw` is the event as it came, without addresses or anything a person wrote.
    """

    provider_event_id: str
    message_id: str
    reported: State | None
    at: datetime
    kind: str
    reason: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict)


class NotSigned(Exception):
    """These events do not come from the provider, or not in time."""


class EventSource(Protocol):
    """A provider that reports."""

    name: str

    def events(self, body: bytes, headers: Mapping[str, str], *, now: datetime) -> Sequence[Event]:
        """Verify and read what came; raises NotSigned, and ValueError for what cannot be read."""
        ...


Content: TypeAlias = Callable[[Session, str, str], Envelope]
"""Makes the envelope of a message's `ref` and public id; raises NothingToSend for what was erased."""
OnMoved: TypeAlias = Callable[[Session, Sequence[tuple[str, State]], datetime], None]
"""Called, in the same transaction, with the states that the messages of some `ref`s moved to."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What one kind of message carries, and who is told where its messages came to."""

    content: Content
    on_moved: OnMoved = lambda *_: None
