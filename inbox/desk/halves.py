"""Of each conversation in a list the key of its other half: in public where it began, or in private where it goes on."""

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, When

from inbox.models.conversations import MOVED, Conversation
from inbox.models.messages import Message


def half() -> Case:
    """A private thread is one where the person wrote since they were asked to, or we did from under the comment itself."""
    here, there = OuterRef("pk"), OuterRef("last_inbound_at")
    theirs = Conversation.objects.filter(contact=OuterRef("contact"))
    public = theirs.filter(MOVED, Q(moved_at__lte=there) | Exists(_led_there(here, wrote_at=OuterRef(there))))
    private = theirs.filter(
        Q(last_inbound_at__gte=OuterRef("moved_at")) | Exists(_led_there(OuterRef(here), wrote_at=there)),
        channel=OuterRef("channel"),
        kind=Conversation.Kind.MESSAGE,
    )
    return Case(
        When(kind=Conversation.Kind.MESSAGE, then=Subquery(public.order_by("-moved_at", "-pk").values("pk")[:1])),
        When(MOVED, then=Subquery(private.order_by("pk").values("pk")[:1])),
    )


def _led_there(public: OuterRef, *, wrote_at: OuterRef) -> QuerySet[Message]:
    """What we wrote to them in private, and what asked them to before they did: they may be asked again after."""
    before = Q(source=Message.Source.MOVING, sent_at__lte=wrote_at)
    return Message.objects.standing().filter(Q(private=True) | before, conversation=public, direction=Message.Direction.OUT)
