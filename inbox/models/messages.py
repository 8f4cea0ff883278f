from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from inbox.models.channels import Channel
from inbox.models.conversations import Conversation, Rank


class MessageQuerySet(models.QuerySet["Message"]):
    def standing(self) -> Self:
        """What its reader has before them: neither taken back nor undone."""
        return self.filter(removed_at=None, failed_at=None).exclude(moderation=Message.Moderation.REJECTED)

    def undone(self) -> Self:
        """See Message.undone."""
        refused = Q(failed_at__isnull=False) | Q(moderation=Message.Moderation.REJECTED)
        return self.filter(refused, direction=Message.Direction.OUT)


class Message(models.Model):
    """One utterance, inbound or outbound. `text` is its newest version; the others are kept beside it."""

    class Direction(models.TextChoices):
        IN = "in", _("received")
        OUT = "out", _("sent")

    class Moderation(models.TextChoices):
        PENDING = "pending", _("waits for approval")
        APPROVED = "approved", _("published")
        REJECTED = "rejected", _("refused")

    class Source(models.TextChoices):
        PLATFORM = "platform", _("written on the platform")
        COMPTOIR = "comptoir", _("sent from Comptoir")
        NATIVE = "native", _("typed in the platform's own app")
        HOLDING = "holding", _("sent from Comptoir, and answers nothing yet")
        MOVING = "moving", _("sent from Comptoir, and asks to go on in private")
        AUTOMATIC = "automatic", _("sent by a machine")

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+")
    external_id = models.CharField(max_length=300)
    parent_id = models.CharField(max_length=300, blank=True)  # the platform's id of what it answers
    direction = models.CharField(max_length=3, choices=Direction)
    source = models.CharField(max_length=10, choices=Source)
    text = models.TextField(blank=True)
    attachments = models.JSONField(default=list, blank=True)  # [{"type", "url", "title"}]
    sent_at = models.DateTimeField()  # the platform's time
    received_at = models.DateTimeField()
    visible_at = models.DateTimeField(null=True)  # when it stood in the inbox
    historic = models.BooleanField(default=False)  # found on the page, from before it was connected: nobody is made to wait
    still_there_at = models.DateTimeField(null=True)  # when the platform was last asked for it apart from its list, and had it
    edited_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    purged_at = models.DateTimeField(null=True)  # when its words were let go, as the platform lets nobody keep them
    sent_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")  # who answered from here
    private = models.BooleanField(default=False)  # a private answer to a public comment
    hidden = models.BooleanField(default=False)
    hidden_at = models.DateTimeField(null=True)  # when the platform last said hidden or shown
    rating = models.CharField(max_length=10, blank=True)  # of a review: 1 to 5, positive, negative
    moderation = models.CharField(max_length=10, choices=Moderation, blank=True)
    moderated_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)  # of ours: what the platform told of its way
    read_at = models.DateTimeField(null=True)  # or of theirs: when we told them that we read it
    failed_at = models.DateTimeField(null=True)  # accepted first, and told later that it did not arrive
    failure = models.CharField(max_length=30, blank=True)  # a platforms.base.Reason
    failure_detail = models.CharField(max_length=300, blank=True, db_default="")  # in its own words
    liked_at = models.DateTimeField(null=True)  # by our page
    correlation = models.CharField(max_length=100, blank=True)
    # What triage read in the newest text; its findings are rows of their own.
    language = models.CharField(max_length=5, blank=True, db_default="")
    urgency = models.PositiveSmallIntegerField(choices=Rank, default=Rank.NONE, db_default=Rank.NONE)
    topics = ArrayField(models.CharField(max_length=40), default=list, db_default=[], blank=True)  # best first
    triage_version = models.CharField(max_length=60, blank=True, db_default="")  # of the rules that read it; "": not read (yet)
    unreadable = models.BooleanField(default=False, db_default=False)  # the rules failed on it: people read it themselves
    wait = models.ForeignKey("inbox.Wait", models.SET_NULL, null=True, related_name="messages")

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["sent_at", "pk"]
        constraints = [models.UniqueConstraint("channel", "external_id", name="message_once")]
        indexes = [
            models.Index("conversation", "sent_at", "id", name="message_in_order"),
            models.Index("channel", "sent_at", name="message_of_channel"),
            models.Index("channel", "id", name="message_unreadable", condition=Q(unreadable=True)),
        ]

    def __str__(self) -> str:
        return self.external_id

    @property
    def holds(self) -> bool:
        """Whether it answers nothing yet, whatever it says: its reader still waits."""
        return self.source in {self.Source.HOLDING, self.Source.MOVING}

    @property
    def undone(self) -> bool:
        """Whether it is an answer that never reached anybody: told to have failed, or refused by the platform."""
        return self.direction == self.Direction.OUT and bool(self.failed_at or self.moderation == self.Moderation.REJECTED)


class MessageVersion(models.Model):
    """How a message read before, or reads now. A removed message keeps none."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="versions")
    text = models.TextField(blank=True)
    written_at = models.DateTimeField()
    original = models.BooleanField(default=False)

    class Meta:
        # The same whatever order the edits were told in, also within one second.
        ordering = ["-original", "written_at", "text"]
        constraints = [
            models.UniqueConstraint("message", "original", "written_at", models.functions.MD5("text"), name="version_once")
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Reaction(models.Model):
    """A like or a heart: recorded, never a turn. `reaction` empty: taken back."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="reactions")
    target_id = models.CharField(max_length=300)
    actor_id = models.CharField(max_length=200)
    reaction = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("channel", "target_id", "actor_id", name="one_reaction_a_person")]

    def __str__(self) -> str:
        return f"{self.reaction} {self.target_id}"
