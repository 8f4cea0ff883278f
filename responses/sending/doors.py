"""Whether anything may leave by a channel, or in one place, whatever its words: what closes it, and what opens it again."""

from collections.abc import Collection
from datetime import datetime, timedelta

from inbox import channels, platforms
from inbox.models import Channel, Conversation, Message
from inbox.platforms.base import Kind, Reason
from responses.models import Reply
from responses.sending import reasons

# Nobody tells when these are lifted, and trying on makes some longer. After a day a person may try.
PASSING = frozenset({Reason.POLICY_BLOCK, Reason.ACCOUNT_LOCKED, Reason.OUTDATED})
PASSES_AFTER = timedelta(days=1)


def closed(channel: Channel, kind: Kind, *, now: datetime) -> str:
    """Why nothing of this kind may leave by this channel now; "" where it may."""
    if channel.disconnected_at or channel.problem == Reason.TOKEN_DEAD:
        return Reason.TOKEN_DEAD
    if not platforms.get(channel.platform).can_answer(channel.settings):
        return reasons.READ_ONLY
    if channel.problem in PASSING and channel.problem_at and now < channel.problem_at + PASSES_AFTER:
        return channel.problem
    if kind is Kind.MESSAGE and channels.messages_forbidden(channel):
        return reasons.MESSAGES_FORBIDDEN
    return Reason.PERMISSION if _lacks_permission(channel, kind) else ""


def closed_here(conversation: Conversation, kind: Kind) -> str:
    """Why its platform takes no answer of this kind in this very place; "" where it does."""
    connector = platforms.get(conversation.platform)
    if kind in connector.read_only:
        return reasons.NOT_FROM_HERE
    if kind is not Kind.COMMENT:
        return ""
    if conversation.post and conversation.post.kind in connector.silent_under:
        return reasons.LIVE
    return "" if connector.answers_hidden or not _is_hidden(conversation) else reasons.HIDDEN


def takes_one_answer(conversation: Conversation) -> bool:
    """Whether words that do not answer yet would take the place of the answer. To move to private is worth it."""
    return Kind(conversation.kind) in platforms.get(conversation.platform).one_answer


def window_closed(conversation: Conversation, *, private_reply: bool) -> str:
    """Why the time is over in which the platform lets us write."""
    if not private_reply:
        return Reason.WINDOW_CLOSED
    live = conversation.post and conversation.post.kind in platforms.get(conversation.platform).silent_under
    return reasons.LIVE_OVER if live else reasons.NO_PRIVATE_REPLY


def _is_hidden(conversation: Conversation) -> bool:
    """The comment that began the thread, whoever wrote it: answers stand under that one."""
    root = Message.objects.filter(channel=conversation.channel_id, external_id=conversation.thread_id)
    return root.filter(hidden=True, removed_at=None).exists()


def _lacks_permission(channel: Channel, kind: Kind) -> bool:
    needed = platforms.get(channel.platform).permissions(kind)
    if needed & set(channel.missing_permissions):
        return True
    if channel.problem != Reason.PERMISSION:
        return False
    # Private messages may be forbidden where comments are not: what was refused says which.
    refused = Reply.objects.filter(conversation__channel=channel, kind=kind, state=Reply.State.FAILED)
    return refused.filter(error_code=Reason.PERMISSION, claimed_at__gte=channel.problem_at or channel.connected_at).exists()


def shut(channel: Channel, code: str, *, now: datetime, detail: str = "") -> None:
    """The platform refused a reply: where it would refuse the next one too, none is handed over."""
    if code in channels.BLOCKING:
        channels.block(channel, Reason(code), since=now, now=now, detail=detail, anew=code in PASSING)


def reopen(pages: Collection[Channel], *, now: datetime) -> None:
    """The platforms took a reply of each: what they refused before, for one person or one hour, is plainly allowed again."""
    for channel in channels.blocked(pages):
        channels.unblock(channel, now=now)
