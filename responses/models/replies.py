import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from inbox.models import Channel, Conversation, Message
from responses.models.templates import MOVE, TemplateVersion

MAX_LOOKUPS = 5  # looks on the platform for one that nobody is sure of
ASK_AFTER = timedelta(minutes=15)  # of looking, or of not being able to look: then a person is asked


class ReplyQuerySet(models.QuerySet["Reply"]):
    def visible_to(self, membership: Membership) -> Self:
        mine = self.filter(conversation__organization=membership.organization_id)
        ids = membership.location_ids()
        return mine if ids is None else mine.filter(conversation__location__in=ids)

    def due(self, now: datetime) -> Self:
        """What may be handed over now: neither its platform nor a reply before it in its conversation makes it wait.

        State and time are conditions on the row itself: of two claims at once the second one then finds the row changed.
        """
        throttled = Channel.objects.filter(throttled_until__gt=now, conversations=OuterRef("conversation_id"))
        before = Reply.objects.in_the_way(now).filter(conversation=OuterRef("conversation_id"), pk__lt=OuterRef("pk"))
        return self.filter(~Exists(throttled), ~Exists(before), state=Reply.State.QUEUED, send_at__lte=now)

    def in_the_way(self, now: datetime) -> Self:
        """What a later reply of the same conversation must not overtake."""
        looked_for = Q(state=Reply.State.UNCERTAIN, lookups__lt=MAX_LOOKUPS, claimed_at__gt=now - ASK_AFTER)
        return self.filter(looked_for | Q(state__in=[Reply.State.QUEUED, Reply.State.SENDING]))

    def moving(self) -> Self:
        """Public replies on their way, or of which nobody is sure, that ask somebody to go on in private."""
        on_its_way = [Reply.State.QUEUED, Reply.State.SENDING, Reply.State.UNCERTAIN]
        return self.filter(version__topic=MOVE, private_reply=False, state__in=on_its_way)

    def unsettled(self) -> Self:
        return self.filter(state__in=[Reply.State.QUEUED, Reply.State.SENDING, Reply.State.UNCERTAIN, Reply.State.FAILED])


class Reply(models.Model):
    """An answer on its way out. `text` is what the server rendered; the fields it came from stay beside it."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting to be sent")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("not sent")
        UNCERTAIN = "uncertain", _("not certain that it was sent")
        UNDONE = "undone", _("taken back")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # travels with the message where a platform lets it
    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="replies")
    author = models.ForeignKey(Membership, models.PROTECT, related_name="replies")
    kind = models.CharField(max_length=10, choices=Conversation.Kind)  # a public comment or a private message
    private_reply = models.BooleanField(default=False)  # a private message to the author of a comment
    reply_to = models.CharField(max_length=300, blank=True)  # the platform's id of the comment it answers
    version = models.ForeignKey(TemplateVersion, models.PROTECT, null=True, related_name="replies")  # None: own words
    language = models.CharField(max_length=5)
    fields = models.JSONField(default=dict)
    text = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    created_at = models.DateTimeField()
    send_at = models.DateTimeField()  # end of the time to take it back; later when it was not reached, or its hour is full
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=30, blank=True)  # a platforms.base.Reason
    error_detail = models.CharField(max_length=300, blank=True)
    external_id = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)  # the platform's time
    message = models.OneToOneField(Message, models.SET_NULL, null=True, related_name="reply")
    resolved_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")  # who decided of an uncertain one
    looked_up_at = models.DateTimeField(null=True)
    lookups = models.PositiveSmallIntegerField(default=0)  # looks that the platform answered

    objects = ReplyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "replies"
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index("send_at", "id", name="reply_to_send", condition=Q(state="queued")),
            models.Index("claimed_at", name="reply_under_way", condition=Q(state__in=["sending", "uncertain"])),
            models.Index("claimed_at", name="reply_in_private", condition=Q(private_reply=True)),  # counted by the hour
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"  # and none of its words: this stands in the audit trail

    @property
    def holds(self) -> bool:
        """Whether it answers nothing yet: the person still waits."""
        return self.version is not None and self.version.holds

    @property
    def source(self) -> str:
        """What its message says of itself once it is sent."""
        if self.version is None or not self.version.holds:
            return Message.Source.COMPTOIR
        return Message.Source.MOVING if self.version.topic == MOVE else Message.Source.HOLDING

    @property
    def did_not_arrive(self) -> bool:
        """The platform took it, and told later that nobody got it."""
        return self.state == Reply.State.SENT and self.message is not None and self.message.undone

    @property
    def tried_at(self) -> datetime:
        """When it was last handed over, or will be."""
        return self.claimed_at or self.send_at

    def in_the_way(self, now: datetime) -> bool:
        """Whether a later one waits for it: see the queryset."""
        looked_for = self.state == Reply.State.UNCERTAIN and not self.asks_a_person(now)
        return looked_for or self.state in {Reply.State.QUEUED, Reply.State.SENDING}

    def asks_a_person(self, now: datetime) -> bool:
        """Nobody is sure of it, and looking for it has brought nothing."""
        over = self.lookups >= MAX_LOOKUPS or now >= self.tried_at + ASK_AFTER
        return self.state == Reply.State.UNCERTAIN and over


class ReplyDraft(models.Model):
    """What a member typed and has not sent: nothing typed is lost."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="drafts")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="drafts")
    version = models.ForeignKey(TemplateVersion, models.CASCADE, null=True, related_name="+")
    language = models.CharField(max_length=5, blank=True)
    mode = models.CharField(max_length=10, blank=True)  # public, private
    fields = models.JSONField(default=dict)  # {"answer": …} or {"text": …} in own words
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("conversation", "membership", name="one_draft_a_person")]

    def __str__(self) -> str:
        return f"{self.conversation_id} by {self.membership_id}"
