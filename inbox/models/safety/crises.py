from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organization
from inbox.models.conversations import Conversation
from inbox.triage.topics.names import LABELS, Topic

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TAKEN_WITHIN = timedelta(minutes=15)  # that somebody takes it on by name

# What people call each kind, the gravest first: who may not breathe comes before what else was said in the same words.
KINDS: "dict[str, StrOrPromise]" = {
    Topic.EMERGENCY.value: LABELS[Topic.EMERGENCY],
    Topic.POISONING.value: LABELS[Topic.POISONING],
    Topic.SELF_HARM.value: LABELS[Topic.SELF_HARM],
    Topic.MEDICATION_ERROR.value: LABELS[Topic.MEDICATION_ERROR],
    "threat": _("Threat"),
}


class CrisisQuerySet(models.QuerySet["Crisis"]):
    def visible_to(self, membership: Membership) -> Self:
        mine = self.filter(organization=membership.organization_id)
        ids = membership.location_ids()
        return mine if ids is None else mine.filter(conversation__location__in=ids)

    def open(self) -> Self:
        return self.filter(ended_at=None)

    def to_take(self) -> Self:
        """What nobody has taken on."""
        return self.open().filter(acknowledged_at=None)

    def to_alert(self, now: datetime) -> Self:
        return self.to_take().filter(alert_at__lte=now)


class Crisis(models.Model):
    """Somebody may be in danger in a conversation: until it is closed, or a person says that it is not so.

    People are alerted, and alerted again, until one of them takes it on by name.
    """

    class Ended(models.TextChoices):
        CLOSED = "closed", _("the conversation was closed")
        REMOVED = "removed", _("somebody looked, and it was not so")
        FOLLOWED = "followed", _("the person wrote again")

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="crises")
    type = models.CharField(max_length=40)  # of the findings: one of KINDS
    opened_at = models.DateTimeField()
    alert_at = models.DateTimeField(null=True)  # when people are alerted next; None: no more
    alerts = models.PositiveIntegerField(default=0)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended = models.CharField(max_length=10, choices=Ended, blank=True)

    objects = CrisisQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "crises"
        ordering = ["opened_at", "pk"]
        constraints = [
            models.UniqueConstraint("conversation", "type", condition=Q(ended_at=None), name="one_open_crisis_of_a_kind"),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="crisis_taken_on_by_name",
            ),
            models.CheckConstraint(condition=Q(ended_at=None) ^ ~Q(ended=""), name="crisis_ends_with_a_reason"),
            models.CheckConstraint(
                condition=Q(alert_at=None) | Q(acknowledged_at=None, ended_at=None), name="nobody_alerted_in_vain"
            ),
        ]
        indexes = [
            models.Index("alert_at", name="crisis_to_alert", condition=Q(alert_at__isnull=False)),
            models.Index("organization", "opened_at", name="crisis_open", condition=Q(ended_at=None)),
            models.Index("organization", F("opened_at").desc(), name="crisis_newest"),
        ]

    def __str__(self) -> str:
        return self.type

    @staticmethod
    def in_words(name: str) -> str:
        """A crisis as the trail named it, in the reader's words. Entries of before have the moment behind it."""
        kind = name.partition(" ")[0]
        return str(KINDS.get(kind, kind))

    @property
    def due_at(self) -> datetime:
        return self.opened_at + TAKEN_WITHIN

    def is_late(self, now: datetime) -> bool:
        """Whether nobody took it on in time. One that ended before anybody had to is not late."""
        return (self.acknowledged_at or self.ended_at or now) > self.due_at


class HelpLinesCheck(models.Model):
    """A compliance officer called the numbers of the table as it then was, and says that they are right."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=16)  # of the table
    by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.digest} {self.at:%Y-%m-%d}"
