"""What goes out, and what may come of it: three errors, and no fourth."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from time import sleep

from django.core.exceptions import SuspiciousOperation

from inbox.platforms.base.events import Kind
from inbox.platforms.base.reasons import Reason


class _Alone:
    """Where nobody else calls: only between two calls is there anything to wait for."""

    begun = False

    def __call__(self, apart: float) -> float:
        begun, self.begun = self.begun, True
        return apart if begun else 0


class Cost(StrEnum):
    """What units are spent for."""

    READ = "read"
    WRITE = "write"


@dataclass(slots=True)
class Units:
    """What is spent of a day's allowance, where the platform counts in units and does not tell how many are left."""

    before: Mapping[tuple[date, str], int] = field(default_factory=dict)  # by all that called, when this connection was opened
    here: Counter[tuple[date, str]] = field(default_factory=Counter)  # over this connection
    day: date | None = None  # where the platform is, at its last answer
    at: datetime | None = None  # of that answer

    def spend(self, units: int, cost: Cost, *, day: date, at: datetime) -> None:
        self.here[day, cost] += units
        self.day, self.at = day, at

    def of_the_day(self, *costs: Cost) -> int:
        return sum(
            each[day, cost] for each in (self.before, self.here) for day, cost in each if day == self.day and cost in costs
        )


@dataclass(slots=True)
class Meter:
    """What the platform says of a channel's quota, beside the answers of one connection."""

    used: int | None = None  # percent; None: it does not tell
    apart: timedelta = timedelta(0)  # how rarely looks must be made, so that all of them together find room in the quota
    units: Units = field(default_factory=Units)
    pause: timedelta = timedelta(0)  # asked for: until it is over, nothing is to be called for this channel
    # Takes a place for the channel's next call, of which there is one every so many seconds; says how many are left until then.
    take: Callable[[float], float] = field(default_factory=_Alone)
    rest: Callable[[float], object] = sleep

    def hear(self, used: int | None, pause: timedelta) -> None:
        self.used = self.used if used is None else used
        self.pause = max(self.pause, pause)

    def check(self) -> None:
        """Before each call of several. Raises SendNotReached once the platform asked to wait."""
        if self.pause:
            raise SendNotReached(Reason.THROTTLED, "the platform asked to wait", self.pause)

    def space(self, apart: float) -> None:
        """Before each call of a kind that a channel may make one of every so many seconds, whoever else calls for it."""
        if left := self.take(apart):
            self.rest(left)


@dataclass(frozen=True, slots=True)
class App:
    """The app that webhooks are asked for with, where the platform wants that apart from each channel."""

    base_url: str = ""
    id: str = ""
    secret: str = field(default="", repr=False)
    verify_token: str = field(default="", repr=False)  # what the platform repeats when it greets the receiver


@dataclass(frozen=True, slots=True)
class Connection:
    """What a connector needs to speak for one channel."""

    external_id: str
    token: str = field(repr=False)
    base_url: str = ""  # the platform's API root, without version
    version: str = ""
    app_secret: str = field(default="", repr=False)  # signs calls (appsecret_proof) where the platform wants it
    app_id: str = ""  # our app, as the platform numbers it
    client_id: str = ""  # our app, as it calls itself where tokens are given out
    login_url: str = ""  # where tokens are given out, when that is another host
    names_url: str = ""  # where a channel's own name is told, when that is yet another
    grantor_id: str = ""  # the person whose consent the token stands on
    refresh_token: str = field(default="", repr=False)  # with which a new one is asked for, where one was given
    settings: Mapping[str, str] = field(default_factory=dict)  # what this channel alone needs: see Connector.fields
    hooks: App | None = None
    allowance: int = 0  # see Address
    public_but: tuple[str, ...] | None = None  # see Address
    meter: Meter = field(default_factory=Meter, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A reply on its way out.

    kind: COMMENT answers publicly under `reply_to` (a comment id) in thread `thread`; MESSAGE writes to person `thread`.
    private_to: a comment id, when this is the one private reply the platform allows to a comment's author.
    post_id, post_kind: the post the thread stands under, and PostSeen.kind of it, where the platform needs them.
    human_agent: outside the standard window, written by a person.
    """

    kind: Kind
    thread: str
    text: str
    correlation: str
    reply_to: str = ""
    post_id: str = ""
    post_kind: str = ""
    private_to: str = ""
    human_agent: bool = False


class Action(StrEnum):
    """What a person may do to a message or a thread beside answering. Each may be repeated without harm."""

    HIDE = "hide"
    UNHIDE = "unhide"
    DELETE = "delete"
    LIKE = "like"
    UNLIKE = "unlike"
    MARK_READ = "mark_read"  # the person is told that we read it, and what came before
    EDIT = "edit"  # of what we wrote ourselves
    APPROVE = "approve"
    REJECT = "reject"
    TAKE_THREAD = "take_thread"
    RELEASE_THREAD = "release_thread"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One action on its way out. external_id: the message or comment; "" where the whole thread is meant."""

    action: Action
    kind: Kind
    thread: str
    external_id: str = ""
    post_id: str = ""
    text: str = ""  # the new words, of an edit


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform has it. `at` is the platform's clock (its Date header, or the object's own time)."""

    external_id: str
    at: datetime


class SendError(Exception):
    """Not sent, and certainly so. `detail` is the platform's own words, for the log and the curious."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail


class SendRefused(SendError):
    """The platform said no: trying again unchanged is pointless."""


class OfAnother(SendRefused):
    """The platform knows the token, and it is not for what the identifier names. `detail` is ours, for the log."""

    def __init__(self, detail: str) -> None:
        super().__init__(Reason.PERMISSION, detail)


class SendNotReached(SendError):
    """Nothing was delivered (no connection, or told to wait): may be tried again after `retry_after`."""

    def __init__(self, reason: Reason, detail: str = "", retry_after: timedelta | None = None) -> None:
        super().__init__(reason, detail)
        self.retry_after = retry_after


class LookLater(SendNotReached):
    """What is left of the quota is kept for answers: only looking waits, until `retry_after`, and nothing is wrong."""


class SendUncertain(Exception):
    """No clear answer: it may be out. Only a look at the platform, or a person, may decide what next."""


class BadSignature(SuspiciousOperation):
    """A webhook that its platform did not sign."""


class CannotVerify(Exception):
    """Whether its platform signed a webhook cannot be told just now: it is to be sent again."""


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
