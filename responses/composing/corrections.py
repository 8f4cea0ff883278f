"""Correcting an answer that stands in public: the same guard as for a new one, and the earlier words stay readable here."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Membership
from inbox import moderation
from inbox.models import Message, MessageAction
from inbox.moderation import NotPossible
from inbox.platforms.base import Action
from responses.composing import judging
from responses.composing.judging import PUBLIC, Drawing, Words
from responses.replies import Forbidden, Refused, Unacknowledged


def draw(message: Message, text: str, *, by: Membership, now: datetime) -> Drawing:
    return judging.draw(message.conversation, Words(text=text), by=by, mode=PUBLIC, now=now)


def correct(message: Message, text: str, *, by: Membership, now: datetime, acknowledged: bool = False) -> MessageAction:
    """Ask the platform to replace the words of one of ours. Raises Forbidden, Refused, Unacknowledged."""
    if Action.EDIT not in moderation.offered(message, by):
        raise Forbidden([_("You may not correct this answer, or the platform does not allow it.")])
    drawing = draw(message, text, by=by, now=now)
    if drawing.problems or drawing.blocks:
        raise Refused([*drawing.problems, *(finding.message for finding in drawing.blocks)])
    if drawing.text == message.text:
        raise Refused([_("These are the words that stand there already.")])
    if drawing.warnings and not acknowledged:
        raise Unacknowledged(drawing.warnings)
    try:
        return moderation.ask(message.conversation, message, Action.EDIT, by=by, now=now, text=drawing.text)
    except NotPossible as problem:
        raise Refused([str(problem)]) from None
