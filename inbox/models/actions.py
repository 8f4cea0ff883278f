from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from inbox.models.channels import may_be_called
from inbox.models.conversations import Conversation
from inbox.models.messages import Message

IN_A_CRISIS = "crisis"
# Why it was not done: by the platform's class of reason (platforms.base.Reason), or by our own.
WHY = {
    IN_A_CRISIS: _("somebody may be in danger, and what they wrote stays where it is."),
    "throttled": _("the platform asks us to slow down. Try again in an hour."),
    "policy_block": _("the platform has blocked this page for now. Tell your administrator."),
    "token_dead": _("the link between Comptoir and this page is broken. Tell your administrator."),
    "permission": _("the platform does not let Comptoir do this for this page. Tell your administrator."),
    "gone": _("it is no longer there."),
    "not_allowed": _("the platform does not allow it in this place."),
    "thread_owned": _("another tool holds this conversation."),
    "other": _("the platform could not be reached, or gave no clear answer."),
}


class MessageActionQuerySet(models.QuerySet["MessageAction"]):
    def visible_to(self, membership: Membership) -> Self:
        mine = self.filter(conversation__organization=membership.organization_id)
        ids = membership.location_ids()
        return mine if ids is None else mine.filter(conversation__location__in=ids)

    def due(self, now: datetime, platform: str) -> Self:
        mine = self.filter(may_be_called(now, "conversation__channel__"), conversation__platform=platform)
        return mine.filter(state=MessageAction.State.QUEUED, try_at__lte=now)


class MessageAction(models.Model):
    """What a person asked a platform to do to a message, or to a whole thread, beside answering. The row is the queue."""

    class Kind(models.TextChoices):  # those of platforms.base.Action
        HIDE = "hide", _("hide")
        UNHIDE = "unhide", _("show again")
        DELETE = "delete", _("delete")
        LIKE = "like", _("like")
        UNLIKE = "unlike", _("take the like back")
        MARK_READ = "mark_read", _("mark as read")
        EDIT = "edit", _("correct")
        APPROVE = "approve", _("publish")
        REJECT = "reject", _("refuse")
        TAKE_THREAD = "take_thread", _("take the conversation over")
        RELEASE_THREAD = "release_thread", _("hand the conversation back")

    class State(models.TextChoices):
        QUEUED = "queued", _("on its way")
        DOING = "doing", _("on its way")
        DONE = "done", _("done")
        FAILED = "failed", _("not done")

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="actions")
    message = models.ForeignKey(Message, models.CASCADE, null=True, related_name="actions")  # None: the whole thread
    kind = models.CharField(max_length=20, choices=Kind)
    text = models.TextField(blank=True)  # the new words, of a correction
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    created_at = models.DateTimeField()
    try_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=30, blank=True)  # a key of WHY
    error_detail = models.CharField(max_length=300, blank=True)

    objects = MessageActionQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index("try_at", "id", name="action_due", condition=Q(state="queued")),
            models.Index("claimed_at", name="action_under_way", condition=Q(state="doing")),
            models.Index("conversation", "message", name="action_of_message"),
        ]
        constraints = [
            # Two who press at once ask once.
            models.UniqueConstraint(
                fields=["conversation", "message", "kind"],
                condition=Q(state__in=["queued", "doing"]),
                name="one_action_under_way",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.message_id or self.conversation_id}"

    @property
    def why(self) -> str:
        return str(WHY.get(self.error_code, _("the platform refused, and gave no reason that we know.")))

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.QUEUED, self.State.DOING}
