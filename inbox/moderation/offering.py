"""What is offered: what the platform has, what fits the message now, and what this person may do."""

from accounts.access import Permission
from accounts.models import Membership
from inbox import platforms
from inbox.models import Channel, Conversation, Message
from inbox.platforms.base import Action, Kind, Moderation, Owner

ON_THREADS = frozenset({Action.TAKE_THREAD, Action.RELEASE_THREAD})
# Taking away what somebody else said is not everybody's: it takes it out of the figures as well.
NEEDS = {Action.DELETE: Permission.INBOX_EXCLUDE, Action.REJECT: Permission.INBOX_EXCLUDE, Action.EDIT: Permission.REPLY_FREELY}

# What somebody in danger, or dangerous, wrote is kept where it stands: it is evidence.
NOT_IN_A_CRISIS = frozenset({Action.DELETE, Action.REJECT})


def offered(message: Message, by: Membership) -> list[Action]:
    """What this person may do to this message now, on its platform."""
    if message.removed_at or message.private or message.channel.disconnected_at or not by.may(Permission.INBOX_WORK):
        return []
    ours = message.direction == Message.Direction.OUT
    able = _able(message.channel, message.conversation.kind, ours=ours) - ON_THREADS
    able -= {action for action in NOT_IN_A_CRISIS if is_evidence(message, action)}
    return [action for action in Action if action in able and _fits(action, message) and by.may(needed(action, ours))]


def is_evidence(message: Message, action: str) -> bool:
    """Whether it stays where it is: this would take it away while a crisis is open."""
    theirs = message.direction == Message.Direction.IN
    return theirs and action in NOT_IN_A_CRISIS and message.conversation.crisis_since is not None


def offered_on_thread(conversation: Conversation, by: Membership) -> list[Action]:
    if conversation.kind != Kind.MESSAGE or conversation.channel.disconnected_at or not by.may(Permission.INBOX_WORK):
        return []
    able = _able(conversation.channel, conversation.kind, ours=False)
    by_holder = {Owner.PLATFORM: Action.TAKE_THREAD, Owner.OTHER: Action.TAKE_THREAD, Owner.US: Action.RELEASE_THREAD}
    return [wanted for owner, wanted in by_holder.items() if owner == conversation.holder and wanted in able]


def missing(conversation: Conversation) -> list[Action]:
    """What other platforms let one do to what people say in public, and this one does not."""
    if conversation.kind == Kind.MESSAGE:
        return []
    able = _able(conversation.channel, conversation.kind, ours=False)
    return [action for action in (Action.HIDE, Action.DELETE, Action.LIKE) if action not in able]


def _able(channel: Channel, kind: str, *, ours: bool) -> frozenset[Action]:
    return platforms.get(channel.platform).actions(Kind(kind), channel.settings, ours=ours)


def _fits(action: Action, message: Message) -> bool:
    match action:
        case Action.HIDE | Action.UNHIDE:
            return message.hidden is (action is Action.UNHIDE)
        case Action.LIKE | Action.UNLIKE:
            return (message.liked_at is None) is (action is Action.LIKE)
        case Action.MARK_READ:
            return message.read_at is None
        case Action.APPROVE:
            for_good = platforms.get(message.channel.platform).rejects_for_good
            return message.moderation in ({Moderation.PENDING} if for_good else {Moderation.PENDING, Moderation.REJECTED})
        case Action.REJECT:
            return message.moderation in {Moderation.PENDING, Moderation.APPROVED}
    return True


def needed(action: Action, ours: bool) -> Permission:
    if action is Action.DELETE and ours:
        return Permission.INBOX_WORK
    return NEEDS.get(action, Permission.INBOX_WORK)
