"""What is kept here of people whose names go: replies, drafts, reviews of misses."""

from datetime import datetime

from django.db.models import QuerySet

from inbox.keeping import unnamed
from inbox.models import Conversation
from responses import wording
from responses.models import MissReview, Reply, ReplyDraft

NAME = "first_name"


class Replies:
    def needs(self, conversations: QuerySet[Conversation], *, now: datetime) -> bool:
        return Reply.objects.in_the_way(now).filter(conversation__in=conversations).exists()

    def filled_in(self, conversations: QuerySet[Conversation]) -> set[str]:
        rows = (rows.filter(conversation__in=conversations) for rows in (Reply.objects, ReplyDraft.objects))
        return {str(fields.get(NAME, "")) for each in rows for fields in each.values_list("fields", flat=True)}

    def take_out(self, conversations: QuerySet[Conversation], names: set[str], *, forgotten: bool) -> None:
        for reply in Reply.objects.filter(conversation__in=conversations).select_for_update().order_by("pk"):
            fields = {key: unnamed.without(str(said), names) for key, said in reply.fields.items()}
            text = unnamed.without(reply.text, names)
            if (fields, text) != (reply.fields, reply.text):
                Reply.objects.filter(pk=reply.pk).update(fields=fields, text=text)
        unnamed.out_of(MissReview.objects.filter(wait__conversation__in=conversations), "note", names)
        drafts = ReplyDraft.objects.filter(conversation__in=conversations)
        if forgotten:
            drafts.delete()
        for draft in drafts:
            _as_to_a_stranger(draft, names)


def _as_to_a_stranger(draft: ReplyDraft, names: set[str]) -> None:
    """What was typed is still to be sent, and reads as it would to somebody whose name is not known."""
    known = unnamed.pattern(names)
    said = {key: str(text) for key, text in draft.fields.items() if key != NAME}
    if known:
        said = {key: wording.to_a_stranger(text, known) for key, text in said.items()}
    ReplyDraft.objects.filter(pk=draft.pk).update(fields=said)
