"""Where only some approved words may be answered, whoever answers: in a crisis, and where somebody told of an adverse event."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from inbox import crises
from inbox.cases import answers
from inbox.models import Conversation
from inbox.screening import words
from inbox.waits import halves
from responses.models import TemplateVersion
from responses.models.templates import MOVE
from responses.sending import reasons


@dataclass(frozen=True, slots=True)
class Allowed:
    """topics: of the templates that may be sent; none where nothing is to be answered. named: they, in the reader's words."""

    topics: frozenset[str]
    why: str  # one of responses.sending.reasons
    named: str = ""

    def holds(self, version: TemplateVersion | None) -> bool:
        return version is not None and version.topic in self.topics


def allowed(conversation: Conversation, *, now: datetime) -> Allowed | None:
    """None: nothing is forbidden here. A crisis comes before everything else."""
    if crisis := crises.allowed(conversation, now=now):
        return Allowed(crisis.topics, reasons.CRISIS if crisis.topics else reasons.THREAT, crisis.named)
    if answers.is_open(conversation):
        # And what asks somebody to go on in private: it answers nothing, and repeats nothing.
        return Allowed(frozenset({answers.ADVERSE_EVENT, MOVE}), reasons.ADVERSE_EVENT, words.label(answers.ADVERSE_EVENT))
    return None


def limited(conversations: Collection[Conversation], *, now: datetime) -> set[int]:
    """The keys of those among them where something may be forbidden, asked for all at once: `allowed` then says what may be
    answered there. Each of the others may be answered in any words.
    """
    here = {conversation.pk for conversation in conversations}
    people = {conversation.contact_id for conversation in conversations if halves.may_have_other(conversation)}
    theirs = dict(Conversation.objects.filter(contact__in=people).values_list("pk", "contact")) if people else {}
    held, coming = crises.dangers(Q(message__conversation__in=here | theirs.keys()), now=now)
    harm = answers.open_ones(Q(message__conversation__in=here))
    carried = answers.open_ones(Q(message__wait__conversation__in=here))
    said = [rows.order_by().values_list("message__conversation", flat=True) for rows in (coming, harm)]
    said.append(carried.order_by().values_list("message__wait__conversation", flat=True))
    found = set(held.order_by().values_list("message__conversation", flat=True).union(*said))
    of_people = {theirs[pk] for pk in found & theirs.keys()}
    return {each.pk for each in conversations if each.pk in found or each.contact_id in of_people}
