from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Location, Membership, Organization
from inbox import platforms
from inbox.models.channels import Channel
from inbox.models.concerns import CONCERNED
from inbox.models.contacts import Contact
from inbox.triage.identifiers.unread import masked, masked_phone

PUBLISHED = {
    "": _("Our post"),
    "ad": _("Our advertisement"),
    "reel": _("Our reel"),
    "story": _("Our story"),
    "video": _("Our video"),
    "live": _("Our live video"),
    "page": _("Our page"),
    "mention": _("A post of somebody else that mentions us"),
}


class Post(models.Model):
    """What was published by us, under which people comment; or by somebody else who names us."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="posts")
    external_id = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    permalink = models.URLField(max_length=1000, blank=True)
    picture = models.URLField(max_length=2000, blank=True)
    published_at = models.DateTimeField(null=True)
    kind = models.CharField(max_length=20, blank=True)  # as in PUBLISHED
    removed_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)  # when something new of it was told: what is somebody else's is not kept for ever

    class Meta:
        constraints = [models.UniqueConstraint("channel", "external_id", name="post_once")]
        indexes = [models.Index("told_at", name="post_of_others", condition=Q(kind="mention"))]

    def __str__(self) -> str:
        return self.text[:60] or self.external_id

    @property
    def what(self) -> str:
        return str(PUBLISHED.get(self.kind, PUBLISHED[""]))


class Rank(models.IntegerChoices):
    """What comes first in every order of the list, before the due time: the lower, the sooner."""

    CRISIS = 0, _("now: somebody may be in danger")
    NOW = 1, _("now")
    SOON = 2, _("soon")
    NONE = 3, _("in its turn")


class ThreadOwner(models.TextChoices):
    US = "us", _("Comptoir")
    PLATFORM = "platform", _("the platform’s own inbox")
    OTHER = "other", _("another tool")
    NOBODY = "nobody", _("nobody")


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, membership: Membership) -> Self:
        """The tenant's wall: every view begins here."""
        mine = self.filter(organization=membership.organization_id)
        ids = membership.location_ids()
        return mine if ids is None else mine.filter(location__in=ids)

    def waiting(self) -> Self:
        return self.filter(due_at__isnull=False)

    def overdue(self, now: datetime) -> Self:
        return self.filter(due_at__lt=now)

    def nearing(self, now: datetime) -> Self:
        return self.filter(due_at__gte=now, warn_at__lte=now)

    def answered(self) -> Self:
        return self.filter(due_at=None, closed_at=None)

    def closed(self) -> Self:
        return self.filter(due_at=None, closed_at__isnull=False)


IN_ORDER = ("urgency", "due_at", "id")  # of those who wait: the urgent first, then who has waited longest
# Of all others: a crisis that is open, then what was last written in. Negated, so that all columns of the index fall.
NEWEST = ((-F("urgency")).desc(), F("last_message_at").desc(), F("id").desc())
NEWEST_OF_ONE = (F("last_message_at").desc(), F("id").desc())  # of all that one person said, in whatever state it is
WAITS = Q(due_at__isnull=False)
MOVED = Q(kind="comment", moved_at__isnull=False)


def shown_name(name: str, phone: str, platform: str) -> str:
    """Of a person, as everybody may read it: what in it points to more than a name is masked."""
    return masked(name) or masked_phone(phone) or str(platforms.get(platform).stranger or _("Unknown person"))


class Conversation(models.Model):
    """What one contact says to us in one place: a comment thread, a message thread.

    The fields of the list (`preview` … `due_at`) are drawn from the messages and the running wait by `waits.settle`, in the
    same transaction, so that the list is one index scan whatever the history.
    """

    class Kind(models.TextChoices):
        COMMENT = "comment", _("Public comment")
        MESSAGE = "message", _("Private message")
        REVIEW = "review", _("Public review")

    class Outcome(models.TextChoices):
        ANSWERED = "answered", _("Answered")
        NO_REPLY_NEEDED = "no_reply_needed", _("No reply needed")
        ANSWERED_ELSEWHERE = "answered_elsewhere", _("Answered elsewhere (phone, counter)")
        SPAM = "spam", _("Spam or abuse")

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="conversations")
    location = models.ForeignKey(Location, models.PROTECT, related_name="conversations")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="conversations")
    platform = models.CharField(max_length=20, choices=platforms.choices)
    kind = models.CharField(max_length=10, choices=Kind)
    thread_id = models.CharField(max_length=300)
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="conversations", db_index=False)
    post = models.ForeignKey(Post, models.SET_NULL, null=True, related_name="conversations")
    language = models.CharField(max_length=5, blank=True)  # fr, en, other; "" not known yet
    assignee = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="assigned")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    close_outcome = models.CharField(max_length=20, choices=Outcome, blank=True)

    preview = models.CharField(max_length=240, blank=True)  # first words of the oldest unanswered message
    rating = models.CharField(max_length=10, blank=True)  # of a review: 1 to 5, positive, negative
    unpublished = models.BooleanField(default=False)  # whether something here waits for the site's approval
    waiting_count = models.PositiveIntegerField(default=0)
    last_message_at = models.DateTimeField()
    last_inbound_at = models.DateTimeField(null=True)
    touched_at = models.DateTimeField(null=True)  # the person last did something without words that lets us write
    moved_at = models.DateTimeField(null=True)  # of a comment: when its author was last asked to go on in private
    owner = models.CharField(max_length=10, choices=ThreadOwner, blank=True)  # which app holds the thread; "": nobody told
    owner_at = models.DateTimeField(null=True)
    waiting_since = models.DateTimeField(null=True)
    warn_at = models.DateTimeField(null=True)  # first warning of the running wait
    due_at = models.DateTimeField(null=True)  # of the running wait; None when nobody waits
    urgency = models.PositiveSmallIntegerField(choices=Rank, default=Rank.NONE, db_default=Rank.NONE)  # of what is unanswered
    badges = ArrayField(models.CharField(max_length=40), default=list, db_default=[], blank=True)  # types, gravest first
    badge_elsewhere = models.BooleanField(default=False, db_default=False)  # the gravest is not of the words in `preview`
    crisis_since = models.DateTimeField(null=True)  # while a crisis is open here, it comes before everything
    version = models.PositiveIntegerField(default=0)  # goes up with every change a composer must know of

    objects = ConversationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "kind", "thread_id", "contact"], name="conversation_once", nulls_distinct=False
            ),
        ]
        indexes = [
            # One partial index a view of the list, in its order: a scan of the first page costs the same at any size.
            models.Index("organization", *IN_ORDER, name="conv_waiting", condition=WAITS),
            models.Index("location", *IN_ORDER, name="conv_waiting_loc", condition=WAITS),
            models.Index("organization", "platform", *IN_ORDER, name="conv_waiting_platform", condition=WAITS),
            models.Index("organization", "kind", *IN_ORDER, name="conv_waiting_kind", condition=WAITS),
            models.Index("assignee", *IN_ORDER, name="conv_waiting_mine", condition=WAITS),
            models.Index("organization", *IN_ORDER, name="conv_unassigned", condition=WAITS & Q(assignee=None)),
            models.Index("organization", *IN_ORDER, name="conv_waiting_concerned", condition=WAITS & CONCERNED),
            models.Index("organization", *NEWEST, name="conv_answered", condition=Q(due_at=None, closed_at=None)),
            models.Index("organization", *NEWEST, name="conv_closed", condition=Q(due_at=None, closed_at__isnull=False)),
            models.Index("location", *NEWEST, name="conv_location_newest"),
            models.Index("organization", *NEWEST, name="conv_concerned", condition=Q(due_at=None) & CONCERNED),
            models.Index("contact", "moved_at", name="conv_moved", condition=MOVED),
            models.Index("contact", *NEWEST_OF_ONE, name="conv_of_contact"),
        ]

    def __str__(self) -> str:
        return f"{self.get_platform_display()} {self.pk}"  # and no name: this stands in the audit trail

    def get_absolute_url(self) -> str:
        return reverse("inbox:conversation", args=[self.pk])

    @property
    def may_be_private(self) -> bool:
        """Whether its platform lets us write to this person where nobody else reads it."""
        if self.kind == self.Kind.MESSAGE:
            return True
        return self.kind == self.Kind.COMMENT and platforms.get(self.platform).allows_private_reply()

    @property
    def contact_name(self) -> str:
        name, phone = (self.contact.name, self.contact.phone) if self.contact else ("", "")
        return shown_name(name, phone, self.platform)

    @property
    def holder(self) -> str:
        """Which app holds the thread now. What a person wrote after another took it came to us: that one has it no more."""
        since = self.owner_at and self.last_inbound_at and self.last_inbound_at > self.owner_at
        elsewhere = self.owner in (ThreadOwner.PLATFORM, ThreadOwner.OTHER)
        return ThreadOwner.NOBODY if since and elsewhere else self.owner

    @property
    def state(self) -> str:
        if self.due_at is not None:
            return "waiting"
        return "closed" if self.closed_at is not None else "answered"


class Note(models.Model):
    """Among ourselves: never sent, never stops a clock."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="notes")
    author = models.ForeignKey(Membership, models.PROTECT, related_name="notes")
    text = models.TextField(_("note"), max_length=4000)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]
