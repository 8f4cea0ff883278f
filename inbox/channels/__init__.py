"""Pages and accounts: connecting them, speaking for them, watching over them."""

from inbox.channels.calling import calling, variables
from inbox.channels.joining.connecting import AlreadyConnected, connect, disconnect, replay_unknown
from inbox.channels.told import Held, access_changed, concerned, greeted, hold, look_soon, policy_enforced, refused_later
from inbox.channels.troubles import BLOCKING, block, blocked, messages_forbidden, unblock
from inbox.channels.watching.checks import check_now

__all__ = [
    "BLOCKING",
    "AlreadyConnected",
    "Held",
    "access_changed",
    "block",
    "blocked",
    "calling",
    "check_now",
    "concerned",
    "connect",
    "disconnect",
    "greeted",
    "hold",
    "look_soon",
    "messages_forbidden",
    "policy_enforced",
    "refused_later",
    "replay_unknown",
    "unblock",
    "variables",
]
