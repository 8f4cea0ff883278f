from inbox.models.actions import MessageAction
from inbox.models.allowances import SpentUnits
from inbox.models.channels import Channel
from inbox.models.contacts import Contact, FormerId
from inbox.models.conversations import Conversation, Note, Post, Rank
from inbox.models.deliveries import Clue, Delivery, EarlyEvent, RejectedCount, UnhandledEvent
from inbox.models.erasure import ErasureRequest
from inbox.models.messages import Message, MessageVersion, Reaction
from inbox.models.notices import Notice
from inbox.models.own import OwnProduct, OwnTopic
from inbox.models.safety.cases import SafetyCase
from inbox.models.safety.crises import Crisis, HelpLinesCheck
from inbox.models.safety.findings import Finding, Removal, Screening
from inbox.models.safety.kept import KeptWords
from inbox.models.safety.reports import CaseReport
from inbox.models.searching import SearchEntry
from inbox.models.waits import ResponsePolicy, Wait, WaitEvent
from inbox.models.watching import Gap, Pulse, Trouble

__all__ = [
    "CaseReport",
    "Channel",
    "Clue",
    "Contact",
    "Conversation",
    "Crisis",
    "Delivery",
    "EarlyEvent",
    "ErasureRequest",
    "Finding",
    "FormerId",
    "Gap",
    "HelpLinesCheck",
    "KeptWords",
    "Message",
    "MessageAction",
    "MessageVersion",
    "Note",
    "Notice",
    "OwnProduct",
    "OwnTopic",
    "Post",
    "Pulse",
    "Rank",
    "Reaction",
    "RejectedCount",
    "Removal",
    "ResponsePolicy",
    "SafetyCase",
    "Screening",
    "SearchEntry",
    "SpentUnits",
    "Trouble",
    "UnhandledEvent",
    "Wait",
    "WaitEvent",
]
