"""What may be answered where somebody may be in danger: approved words of that topic, and nothing else, whoever answers."""

from dataclasses import dataclass

from django.db.models import Q

from inbox.crises.words import GRAVEST_FIRST, name, rank
from inbox.models import Conversation, Finding
from inbox.waits import halves

UNANSWERED = frozenset({"threat"})  # not answered in words: a manager decides what is done
ANSWERED = frozenset(GRAVEST_FIRST) - UNANSWERED  # the topics of the words that are for somebody in danger


@dataclass(frozen=True, slots=True)
class Allowed:
    """kinds: of what is open, the gravest first. topics: of the templates that may be sent; none for a threat alone."""

    kinds: tuple[str, ...]
    topics: frozenset[str]

    @property
    def named(self) -> str:
        """The topics in the reader's words."""
        return ", ".join(name(kind) for kind in self.kinds if kind in self.topics)


def allowed(conversation: Conversation) -> Allowed | None:
    """None: no crisis, and nothing is forbidden here.

    What triage found and no crisis has yet counts as well: no reply slips out between the two. So does what was said in the
    other half: who is in danger there is in danger here.
    """
    said = Q(message__conversation=conversation) | Q(message__conversation__in=halves.other(conversation))
    open_ones = Finding.objects.standing().filter(said, crisis__isnull=False, crisis__ended_at=None)
    coming = Finding.objects.to_attend().filter(said)
    # Two questions in one, as each has an index of its own.
    one, other = (found.order_by().values_list("type", flat=True) for found in (open_ones, coming))
    kinds = sorted(set(one.union(other)), key=rank)
    return Allowed(tuple(kinds), frozenset(kinds) - UNANSWERED) if kinds else None
