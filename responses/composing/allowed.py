"""Where only some approved words may be answered, whoever answers: in a crisis, and where somebody told of a side effect."""

from dataclasses import dataclass
from datetime import datetime

from inbox import crises
from inbox.cases import answers
from inbox.models import Conversation
from inbox.screening import words
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
