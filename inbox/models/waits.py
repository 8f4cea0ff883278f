from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organization
from inbox import clock
from inbox.models.conversations import Conversation
from inbox.models.messages import Message


class ResponsePolicy(models.Model):
    """Target and warnings. Never changed: a new version is a new row, and a wait keeps the one it began with."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="policies")
    version = models.PositiveIntegerField()
    name = models.CharField(_("name"), max_length=60)
    target_seconds = models.PositiveIntegerField(_("target"))
    warn_seconds = models.JSONField(_("warnings"))  # seconds before due, longest first
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "response policies"
        ordering = ["organization", "-version"]
        constraints = [models.UniqueConstraint("organization", "version", name="policy_version_once")]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"

    @property
    def target(self) -> clock.Target:
        warnings = tuple(timedelta(seconds=seconds) for seconds in self.warn_seconds)
        return clock.Target(within=timedelta(seconds=self.target_seconds), warnings=warnings)


class WaitQuerySet(models.QuerySet["Wait"]):
    def visible_to(self, membership: Membership) -> Self:
        mine = self.filter(conversation__organization=membership.organization_id)
        ids = membership.location_ids()
        return mine if ids is None else mine.filter(conversation__location__in=ids)

    def running(self) -> Self:
        return self.filter(ended_at=None)

    def to_flag(self, now: datetime) -> Self:
        return self.running().filter(flag_at__lte=now)


REFUSED = "refused"  # a comment that was not published; the key, as whoever reads it may read another language


class Wait(models.Model):
    """One unanswered stretch of a conversation. Its state is computed on read; a worker only records and tells."""

    class Outcome(models.TextChoices):
        ANSWERED = "answered", _("answered")
        CANCELLED = "cancelled", _("taken back by the author")
        EXCLUDED = "excluded", _("excluded")
        CLOSED_NO_REPLY = "closed_no_reply", _("closed without a reply")

    class EndedBy(models.TextChoices):
        COMPTOIR = "comptoir", _("a reply from Comptoir")
        NATIVE = "native", _("a reply typed in the platform's own app")
        AUTHOR = "author", _("its author")
        STAFF = "staff", _("a member of the team")

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="waits")
    policy = models.ForeignKey(ResponsePolicy, models.PROTECT)
    started_at = models.DateTimeField()  # the platform's time of the oldest message
    heard_at = models.DateTimeField()  # when we heard of it
    warn_at = models.DateTimeField(editable=False)  # first warning
    due_at = models.DateTimeField(editable=False)
    flag_at = models.DateTimeField(null=True, editable=False)  # the next moment to record; None: nothing left
    flagged = models.CharField(max_length=10, blank=True, editable=False)  # the last level recorded: near, urgent, late
    ended_at = models.DateTimeField(null=True, editable=False)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    ended_by = models.CharField(max_length=10, choices=EndedBy, blank=True)
    reason = models.CharField(max_length=200, blank=True)  # why it was excluded or closed
    ender = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")  # who excluded or closed it
    answer = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="+")

    objects = WaitQuerySet.as_manager()

    class Meta:
        constraints = [
            # A person waits once at a time in one conversation, however many workers hear of it.
            models.UniqueConstraint("conversation", condition=Q(ended_at=None), name="one_running_wait"),
            models.CheckConstraint(
                condition=Q(ended_at=None, outcome="") | Q(ended_at__isnull=False) & ~Q(outcome=""), name="wait_ends_with_outcome"
            ),
        ]
        indexes = [
            # The sweep asks only for running waits with something left to record.
            models.Index("flag_at", "id", name="wait_to_flag", condition=Q(ended_at=None, flag_at__isnull=False)),
            models.Index("conversation", "started_at", name="wait_of_conversation"),
            models.Index("due_at", "id", name="wait_by_due"),  # the due cohort of the reports
        ]

    def __str__(self) -> str:
        return str(self.conversation)

    @property
    def reason_words(self) -> str:
        return words_of(self.reason)

    def state(self, now: datetime) -> clock.State:
        outcome = clock.Outcome(self.outcome) if self.outcome else None
        return clock.state(due_at=self.due_at, warn_at=self.warn_at, ended_at=self.ended_at, outcome=outcome, now=now)


def words_of(reason: str) -> str:
    """Why a wait was ended by hand: what a person wrote, or the words for what was done to its conversation or its comment."""
    known = {key: str(label) for key, label in Conversation.Outcome.choices} | {REFUSED: str(_("Comment refused"))}
    return known.get(reason, reason)


class WaitEvent(models.Model):
    """What happened to a wait, append-only: the explanation of its timer."""

    class Kind(models.TextChoices):
        STARTED = "started", _("started")
        EXTENDED = "extended", _("another message")
        MOVED_EARLIER = "moved_earlier", _("an earlier message was found")
        NEAR = "near", _("first warning")
        URGENT = "urgent", _("second warning")
        LATE = "late", _("passed due")
        ANSWERED = "answered", _("answered")
        CORRECTED = "corrected", _("corrected by a late report of the platform")
        CANCELLED = "cancelled", _("taken back by the author")
        EXCLUDED = "excluded", _("excluded")
        CLOSED = "closed", _("closed without a reply")
        REOPENED = "reopened", _("reopened")
        CARRIED = "carried", _("goes on in private, where the person wrote")

    wait = models.ForeignKey(Wait, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind)
    at = models.DateTimeField()  # when it happened to the person
    recorded_at = models.DateTimeField()  # when we wrote it down
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["recorded_at", "pk"]
        constraints = [
            # A warning is recorded once, however many clocks tick.
            models.UniqueConstraint(
                "wait", "kind", condition=Q(kind__in=["started", "near", "urgent", "late"]), name="flagged_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"

    @property
    def reason_words(self) -> str:
        return words_of(self.detail.get("reason", ""))
