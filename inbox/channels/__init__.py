"""Pages and accounts: connecting them, speaking for them, watching over them."""

from inbox.channels.connecting import (
    AlreadyConnected,
    connect,
    connection_of,
    disconnect,
    replay_unknown,
    variables,
)
from inbox.channels.told import Held, access_changed, concerned, hold, look_soon

__all__ = [
    "AlreadyConnected",
    "Held",
    "access_changed",
    "concerned",
    "connect",
    "connection_of",
    "disconnect",
    "hold",
    "look_soon",
    "replay_unknown",
    "variables",
]
