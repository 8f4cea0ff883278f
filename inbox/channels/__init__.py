"""Pages and accounts: connecting them, speaking for them, watching over them."""

from inbox.channels.connecting import (
    AlreadyConnected,
    connect,
    connection_of,
    disconnect,
    replay_unknown,
    variables,
)
from inbox.channels.told import access_changed, look_soon

__all__ = [
    "AlreadyConnected",
    "access_changed",
    "connect",
    "connection_of",
    "disconnect",
    "look_soon",
    "replay_unknown",
    "variables",
]
