from inbox.models.channels import Channel
from inbox.models.contacts import Contact, FormerId
from inbox.models.conversations import (
    Conversation,
    Message,
    MessageVersion,
    Note,
    Post,
    Reaction,
)
from inbox.models.deliveries import Clue, Delivery, EarlyEvent, RejectedCount, UnhandledEvent
from inbox.models.notices import Notice
from inbox.models.waits import ResponsePolicy, Wait, WaitEvent

__all__ = [
    "Channel",
    "Clue",
    "Contact",
    "Conversation",
    "Delivery",
    "EarlyEvent",
    "FormerId",
    "Message",
    "MessageVersion",
    "Note",
    "Notice",
    "Post",
    "Reaction",
    "RejectedCount",
    "ResponsePolicy",
    "UnhandledEvent",
    "Wait",
    "WaitEvent",
]
