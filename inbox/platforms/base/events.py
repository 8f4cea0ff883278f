"""What a webhook, or a listing, says, whatever the platform."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from inbox.platforms.base.reasons import Reason


class Kind(StrEnum):
    COMMENT = "comment"
    MESSAGE = "message"
    REVIEW = "review"  # a rating or recommendation, with or without words; answered in public


class Moderation(StrEnum):
    """Where a site publishes a comment only after it was approved. "" where a platform knows no such thing."""

    NONE = ""
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


class Difference(StrEnum):
    """How what a platform lists may differ from what we hold of it."""

    MISSING = "missing"
    EDITED = "edited"
    REMOVED = "removed"
    RESTORED = "restored"  # taken back, and there again
    HIDDEN = "hidden"
    SHOWN = "shown"
    MODERATED = "moderated"


BY_NAME = "@"  # how an id begins that is a name, where no id is told: somebody else may take it later


@dataclass(frozen=True, slots=True)
class Author:
    """A person, or one of our own pages, as a platform knows them."""

    id: str  # or BY_NAME and their name
    name: str = ""
    phone: str = ""  # where the platform tells it; the id itself, where that is all that it tells


@dataclass(frozen=True, slots=True)
class PostSeen:
    """What an event tells of the post it stands under; empty text where it tells nothing."""

    external_id: str
    text: str = ""
    permalink: str = ""
    picture: str = ""
    published_at: datetime | None = None
    # "ad", "reel", "video", "story", "live", "page", "mention" (somebody else's, in which we are named); "" for an ordinary post,
    # or where it is not told
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    type: str  # image, audio, video, file, location, sticker, share, unsupported …
    url: str = ""
    title: str = ""
    media_id: str = ""  # where the platform gives an id instead of an address: see Connector.media


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
    rating: str = ""  # of a review: "1" to "5", "positive", "negative"
    moderation: Moderation = Moderation.NONE
    refusal: str = ""  # of one of ours that was not published: why, in the platform's own words


@dataclass(frozen=True, slots=True, kw_only=True)
class Received(Turn):
    """A person wrote to us. No author where the platform withheld it."""

    author: Author | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTurn(Turn):
    """Ours coming back: sent from here, or typed in the platform's own app. Either way it may end a wait."""

    correlation: str = ""  # what we gave along when sending, where the platform returns it
    app_id: str = ""
    to: Author | None = None  # the person of `thread`, where more than that id is told of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited(Event):
    external_id: str
    text: str
    at: datetime | None = None
    rating: str = ""  # the new one, of a review


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed(Event):
    external_id: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored(Event):
    """What had been taken back is there again. Read off a listing: no webhook tells it."""

    external_id: str
    text: str = ""
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


class Status(StrEnum):
    SENT = "sent"  # the platform has it: what nobody was sure of is now certain
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"  # accepted at first, and told later that it did not arrive


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(Event):
    """What became of a message of ours: the one named, or with `until` all of ours in a thread up to that moment.

    correlation: what we gave along when sending, where the platform returns it; it may be all that says which of ours this is.
    """

    status: Status
    external_id: str = ""
    thread: str = ""
    until: datetime | None = None
    at: datetime | None = None
    reason: Reason | None = None
    detail: str = ""
    correlation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moderated(Event):
    """A site published, withheld or refused a comment. Never a turn."""

    external_id: str
    state: Moderation
    at: datetime | None = None
    refusal: str = ""  # why, in the platform's own words


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched(Event):
    """A person did something without words (opened the thread from an advertisement or a link): we may write, nobody waits."""

    thread: str
    at: datetime | None = None


class Owner(StrEnum):
    US = "us"
    PLATFORM = "platform"  # the platform's own inbox
    OTHER = "other"  # another tool
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerChanged(Event):
    """Which app holds a message thread. Another's: our sends are refused until it is taken or released."""

    thread: str
    owner: Owner
    app_id: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessChanged(Event):
    """A permission was granted or revoked, or the platform acts against the account.

    In place of a channel_id, where it concerns several: grantor, the person whose consent they stand on; setting, what all of
    them have among their settings, as ("waba_id", "880011002200330").
    """

    what: str  # the permission, or the platform's word for what it did
    granted: bool
    at: datetime | None = None
    detail: str = ""
    grantor: str = ""
    setting: tuple[str, str] | None = None


class Enforcement(StrEnum):
    WARNED = "warned"
    FORBIDDEN = "forbidden"
    ALLOWED = "allowed"  # again


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyEnforced(Event):
    """The platform warns the page for what it wrote in private, forbids it private messages, or allows them again."""

    action: Enforcement
    at: datetime | None = None
    detail: str = ""  # in the platform's words


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint(Event):
    """Something happened that the webhook does not tell: look on the platform.

    external_id: at what, where it is told; `Connector.fetch` knows what to make of it.
    of_parent: only what the thing answers is not told; where we know that, there is nothing to look for.
    """

    external_id: str = ""
    of_parent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeted(Event):
    """The platform said that it is there, and nothing else: a test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactChanged(Event):
    """The platform knows a person by another id from now on. What it still tells under the old one, of before, is theirs."""

    old_id: str
    new_id: str
    name: str = ""
    phone: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrecognised(Event):
    """Kept and counted, never an error. channel_id may be empty."""

    raw: Any
    reason: str = ""
