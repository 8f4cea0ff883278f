"""Where only some approved words may be answered: in a crisis, where somebody told of an adverse event, and to the media or who
threatens with the law, whom a manager answers.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import Membership
from inbox import crises
from inbox.cases import answers
from inbox.models import Conversation, Finding
from inbox.screening import managers
from inbox.screening.shown import words
from inbox.triage.findings import Family
from inbox.triage.topics.names import LABELS, Topic
from inbox.waits import halves
from responses.models import TemplateVersion
from responses.models.templates import MOVE
from responses.sending import reasons

_GRAVE = Q(family=Family.CRISIS) | Q(type=answers.ADVERSE_EVENT) | Q(family=Family.ROUTE, type__in=managers.TYPES)
ANSWERED_BY = {"legal": Topic.COMPLAINT, "media_request": Topic.MEDIA_REQUEST}  # the topic of the words


@dataclass(frozen=True, slots=True)
class Allowed:
    """topics: of the templates that may be sent; none where nothing is to be answered. named: they, in the reader's words."""

    topics: frozenset[str]
    why: str  # one of responses.sending.reasons
    named: str = ""
    not_mine: bool = False  # somebody else answers; what is allowed answers nothing
    gravest_first: tuple[str, ...] = ()  # of what was found of a danger, whatever else the words seem to be about

    def holds(self, version: TemplateVersion | None) -> bool:
        return version is not None and version.topic in self.topics


def allowed(conversation: Conversation, *, by: Membership) -> Allowed | None:
    """None: nothing is forbidden here. A crisis comes before everything else, and harm before who asks."""
    if crisis := crises.allowed(conversation):
        return Allowed(
            crisis.topics,
            reasons.CRISIS if crisis.topics else reasons.THREAT,
            crisis.named,
            gravest_first=crisis.kinds,
        )
    # Both in one question, as each has an index of its own.
    rows = (answers.waiting(conversation), managers.unanswered(conversation))
    harm, reserved = (found.order_by().values_list("type", flat=True) for found in rows)
    kinds = set(harm.union(reserved))
    # In either case also what asks somebody to go on in private: it answers nothing, and repeats nothing.
    if answers.ADVERSE_EVENT in kinds:
        return Allowed(frozenset({answers.ADVERSE_EVENT, MOVE}), reasons.ADVERSE_EVENT, words.label(answers.ADVERSE_EVENT))
    if not kinds:
        return None
    if not managers.may_answer(conversation, by):
        return Allowed(frozenset({MOVE}), reasons.RESERVED, not_mine=True)
    topics = sorted(ANSWERED_BY[kind] for kind in kinds)
    return Allowed(frozenset({*topics, MOVE}), reasons.RESERVED, ", ".join(str(LABELS[topic]) for topic in topics))


def limited(conversations: Collection[Conversation]) -> set[int]:
    """The keys of those among them where something may be forbidden, asked for all at once: `allowed` then says what may be
    answered there. Each of the others may be answered in any words.
    """
    people = {each.contact_id for each in conversations if halves.may_have_other(each)}
    theirs = dict(Conversation.objects.filter(contact__in=people).values_list("pk", "contact")) if people else {}
    said = {each.pk for each in conversations} | theirs.keys()
    grave = Finding.objects.filter(_GRAVE, removed_at=None)
    found = set(grave.filter(message__conversation__in=said).order_by().values_list("message__conversation", flat=True))
    of_people = {theirs[pk] for pk in found & theirs.keys()}
    return {each.pk for each in conversations if each.pk in found or each.contact_id in of_people or _is_of_nobody(each)}


def _is_of_nobody(conversation: Conversation) -> bool:
    """Whose other half is not known any more, and may have given it a wait."""
    return conversation.kind == Conversation.Kind.MESSAGE and conversation.contact_id is None
