"""The contract between a platform's wire and the inbox: normalised events in, an `Outgoing` out, three errors.

Pure: a connector imports no models, reads no settings and asks nobody for the time.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from django.core.exceptions import SuspiciousOperation


class Kind(StrEnum):
    COMMENT = "comment"
    MESSAGE = "message"


# --- events: what a webhook says, whatever the platform -----------------------------------------


@dataclass(frozen=True, slots=True)
class Author:
    """A person, or one of our own pages, as a platform knows them."""

    id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class PostSeen:
    """What an event tells of the post it stands under; empty text where it tells nothing."""

    external_id: str
    text: str = ""
    permalink: str = ""
    picture: str = ""
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    type: str  # image, audio, video, file, location, sticker, share, unsupported …
    url: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    platform: str
    channel_id: str  # the platform's id of our page, account or organization


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn(Event):
    """One utterance. `at` is the platform's time, None where the platform tells none.

    thread: the root comment's id as far as this event knows it, or the person's id in a message thread.
    parent: the id of the comment or message it answers, "" where it answers none.
    """

    external_id: str
    kind: Kind
    thread: str
    parent: str = ""
    text: str = ""
    at: datetime | None = None
    post: PostSeen | None = None
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Received(Turn):
    """A person wrote to us. No author where the platform withheld it."""

    author: Author | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTurn(Turn):
    """Ours coming back: sent from here, or typed in the platform's own app. Either way it may end a wait."""

    correlation: str = ""  # what we gave along when sending, where the platform returns it
    app_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited(Event):
    external_id: str
    text: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed(Event):
    external_id: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibilityChanged(Event):
    external_id: str
    hidden: bool
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reacted(Event):
    """A reaction to a message, comment or post; empty `reaction` clears it. Never a turn."""

    external_id: str
    actor: Author
    reaction: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostPublished(Event):
    post: PostSeen


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrecognised(Event):
    """Kept and counted, never an error. channel_id may be empty."""

    raw: Any
    reason: str = ""


# --- sending -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Connection:
    """What a connector needs to speak for one channel."""

    external_id: str
    token: str = field(repr=False)
    base_url: str = ""  # the platform's API root, without version
    version: str = ""
    app_secret: str = field(default="", repr=False)  # signs calls (appsecret_proof) where the platform wants it


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A reply on its way out.

    kind: COMMENT answers publicly under `reply_to` (a comment id) in thread `thread`; MESSAGE writes to person `thread`.
    private_to: a comment id, when this is the one private reply the platform allows to a comment's author.
    post_id: the post the thread stands under, where the platform needs it.
    human_agent: outside the standard window, written by a person.
    """

    kind: Kind
    thread: str
    text: str
    correlation: str
    reply_to: str = ""
    post_id: str = ""
    private_to: str = ""
    human_agent: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform has it. `at` is the platform's clock (its Date header, or the object's own time)."""

    external_id: str
    at: datetime


class Reason(StrEnum):
    """Why a platform refused, in classes a person can act on (reference: error taxonomy)."""

    THROTTLED = "throttled"
    POLICY_BLOCK = "policy_block"
    TOKEN_DEAD = "token_dead"  # noqa: S105
    PERMISSION = "permission"
    WINDOW_CLOSED = "window_closed"
    RECIPIENT_UNAVAILABLE = "recipient_unavailable"
    THREAD_OWNED = "thread_owned"
    GONE = "gone"
    NOT_ALLOWED = "not_allowed"
    ALREADY_REPLIED = "already_replied"
    TOO_LONG = "too_long"
    INVALID = "invalid"
    OTHER = "other"


class SendError(Exception):
    """Not sent, and certainly so. `detail` is the platform's own words, for the log and the curious."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail


class SendRefused(SendError):
    """The platform said no: trying again unchanged is pointless."""


class SendNotReached(SendError):
    """Nothing was delivered (no connection, or told to wait): may be tried again after `retry_after`."""

    def __init__(self, reason: Reason, detail: str = "", retry_after: timedelta | None = None) -> None:
        super().__init__(reason, detail)
        self.retry_after = retry_after


class SendUncertain(Exception):
    """No clear answer: it may be out. Only a look at the platform, or a person, may decide what next."""


class BadSignature(SuspiciousOperation):
    """A webhook that its platform did not sign."""


class Malformed(ValueError):
    """A signed body that is not the JSON its platform sends."""


class WindowState(StrEnum):
    OPEN = "open"
    HUMAN_AGENT = "human_agent"  # only a person may write, until closes_at
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Window:
    state: WindowState
    closes_at: datetime | None = None  # when the present state ends; None: never


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a text may be."""

    size: int
    unit: str  # "characters" or "bytes" (UTF-8)

    def length(self, text: str) -> int:
        return len(text.encode()) if self.unit == "bytes" else len(text)

    def check(self, text: str) -> None:
        """Refuse here what the platform would refuse, or cut. Raises SendRefused."""
        if self.length(text) > self.size:
            raise SendRefused(Reason.TOO_LONG, f"more than {self.size} {self.unit}")


# --- the two halves a platform implements --------------------------------------------------------


class Family(Protocol):
    """One receiver endpoint: how its bodies are signed, greeted and read. meta, linkedin."""

    slug: str

    def handshake(self, params: Mapping[str, str], *, secrets: Sequence[str], verify_tokens: Sequence[str]) -> tuple[str, str]:
        """Answer the platform's GET: (content type, body). Raises BadSignature when it is not ours to answer."""
        ...

    def verify(self, headers: Mapping[str, str], body: bytes, *, secrets: Sequence[str]) -> str:
        """Name the form of signature that matched. Raises BadSignature."""
        ...

    def parse(self, body: bytes, *, received_at: datetime) -> Iterator[Event]:
        """Turn the bytes into events. Raises Malformed only when the body is no JSON object or list at all."""
        ...


class Connector(Protocol):
    """One platform, the outward half."""

    slug: str
    label: str
    family: str

    def limit(self, kind: Kind) -> Limit: ...

    def window(self, kind: Kind, last_inbound_at: datetime | None, now: datetime) -> Window: ...

    def allows_private_reply(self) -> bool:
        """Whether one private message may be sent to the author of a comment."""
        ...

    def send(self, message: Outgoing, connection: Connection) -> Sent:
        """Hand the message to the platform. Raises SendRefused, SendNotReached or SendUncertain."""
        ...

    def find_sent(self, message: Outgoing, connection: Connection, since: datetime) -> Sent | None:
        """Look on the platform for a message we are not sure of, by listing. None: it is not there.

        Raises SendNotReached or SendRefused when the platform cannot be asked.
        """
        ...

    def identity(self, connection: Connection) -> str:
        """The name the platform knows this channel by; proves that the token is this channel's own. Raises like send."""
        ...

    def name_of(self, person: str, connection: Connection) -> str:
        """How the platform calls a person who wrote to this channel; "" where it does not tell. Raises like send."""
        ...
