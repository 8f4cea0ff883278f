"""Pages and accounts: connecting them, speaking for them, watching over them."""

from inbox.channels.calling import calling, variables
from inbox.channels.connecting import AlreadyConnected, connect, disconnect, replay_unknown
from inbox.channels.told import Held, access_changed, concerned, hold, look_soon

__all__ = [
    "AlreadyConnected",
    "Held",
    "access_changed",
    "calling",
    "concerned",
    "connect",
    "disconnect",
    "hold",
    "look_soon",
    "replay_unknown",
    "variables",
]
