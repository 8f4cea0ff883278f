import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models
from django.db.models import Count, F, Max, Min, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from inbox.models.channels import Channel

A_SECOND = 50  # of what is queued again: what comes in meanwhile is taken in between


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def waiting(self, now: datetime) -> Self:
        return self.filter(processed_at=None, try_at__lte=now)

    def of_channel(self, channel: int) -> Self:
        """Those that name it, whatever became of them, as long as their bodies are kept."""
        return self.filter(erased_at=None, channel_ids__contains=[channel])

    def replayed(self, organization: int) -> Self:
        """What wait because one of its members asked for them once more."""
        return self.filter(processed_at=None, replayed_for=organization)

    def requeue(self, *, now: datetime, **noted: Any) -> int:
        """Queue them again, so many a second; return how many. What was taken in already stays as it is.

        A body that is no longer kept cannot be read again.
        """
        pks = list(self.filter(erased_at=None).order_by("pk").values_list("pk", flat=True))
        for number, first in enumerate(range(0, len(pks), A_SECOND)):
            some, try_at = pks[first : first + A_SECOND], now + timedelta(seconds=number)
            Delivery.objects.filter(pk__in=some).update(processed_at=None, try_at=try_at, attempts=0, **noted)
        return len(pks)

    def failed_of(self, channels: Sequence[int]) -> dict[int, int]:
        """How many could not be taken in, of each of these channels."""
        failed = self.filter(outcome=Delivery.Outcome.FAILED, channel_ids__overlap=list(channels))
        return Counter(pk for pks in failed.values_list("channel_ids", flat=True) for pk in pks or ())


class DeliveryManager(models.Manager.from_queryset(DeliveryQuerySet)):  # type: ignore[misc]
    def store(self, endpoint: str, body: bytes, *, signed_by: str, now: datetime) -> bool:
        """Put one body on disk, once however often it comes. True when it was new.

        A single autocommit statement: measured, the ORM and a transaction block each cost a third of the intake.
        """
        digest = hashlib.sha256(body).digest()
        with connection.cursor() as cursor:
            cursor.execute(_STORE, [endpoint, digest, body, signed_by, now, now])
            return cursor.rowcount == 1

    def keep(self, endpoint: str, body: bytes, *, now: datetime) -> "Delivery":
        """Store what we read ourselves, to be taken in like what was sent to us."""
        digest = hashlib.sha256(body).digest()
        return self.create(endpoint=endpoint, digest=digest, body=body, signed_by="", received_at=now, try_at=now)


_STORE = """
    INSERT INTO inbox_delivery (endpoint, digest, body, signed_by, received_at, try_at, attempts, outcome, error)
    VALUES (%s, %s, %s, %s, %s, %s, 0, '', '') ON CONFLICT (endpoint, digest) DO NOTHING
"""


class Delivery(models.Model):
    """One webhook body as received. The row is the queue: what is not processed waits here, whatever Redis forgets."""

    class Outcome(models.TextChoices):
        DONE = "done", _("taken in")
        PARTLY = "partly", _("taken in, with parts set aside")
        FAILED = "failed", _("could not be taken in")

    endpoint = models.CharField(max_length=240)  # the family: meta, linkedin; website/… where each channel has its own address
    digest = models.BinaryField(max_length=32)
    body = models.BinaryField()
    signed_by = models.CharField(max_length=40)  # which form of signature matched
    received_at = models.DateTimeField()
    try_at = models.DateTimeField()
    processed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    error = models.CharField(max_length=500, blank=True)
    channel_ids = ArrayField(models.BigIntegerField(), null=True)  # whose it is, noted when it is taken in or cannot be
    replayed_for = models.ForeignKey(Organization, models.SET_NULL, null=True, related_name="+", db_index=False)
    erased_at = models.DateTimeField(null=True)  # the body is no longer kept

    objects = DeliveryManager()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [models.UniqueConstraint("endpoint", "digest", name="delivery_stored_once")]
        indexes = [
            # Not of what has just come: an insert writes no entry here.
            models.Index(
                "endpoint", "received_at", name="delivery_to_erase", condition=Q(erased_at=None, processed_at__isnull=False)
            ),
            GinIndex("channel_ids", name="delivery_of_channel", condition=Q(erased_at=None, processed_at__isnull=False)),
            models.Index("try_at", "id", name="delivery_waiting", condition=Q(processed_at=None)),
            models.Index(F("id").desc(), name="delivery_dead", condition=Q(outcome__in=["failed", "partly"])),
        ]

    def __str__(self) -> str:
        return f"{self.endpoint} {self.pk}"


class UnhandledEvent(models.Model):
    """A part of a delivery that found no place: kept, counted and shown to admins, never dropped."""

    class Reason(models.TextChoices):
        UNKNOWN_CHANNEL = "unknown_channel", _("page not connected")
        UNRECOGNISED = "unrecognised", _("kind of event not known")

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="unhandled")
    number = models.PositiveIntegerField()  # which event of the delivery, so that reading it twice keeps one row
    platform = models.CharField(max_length=20, blank=True)
    page_id = models.CharField(max_length=200, blank=True)  # as the platform names it, connected or not
    channel = models.ForeignKey(Channel, models.SET_NULL, null=True, related_name="unhandled")
    reason = models.CharField(max_length=20, choices=Reason)
    detail = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("delivery", "number", name="unhandled_once")]
        indexes = [models.Index("platform", "page_id", name="unhandled_of_page")]

    def __str__(self) -> str:
        return f"{self.reason} {self.page_id}"

    @classmethod
    def unknown_pages(cls) -> "models.QuerySet[UnhandledEvent, dict[str, Any]]":
        """The pages that write to us and are not connected, the newest first: which, in how many deliveries, since when."""
        kept = cls.objects.filter(reason=cls.Reason.UNKNOWN_CHANNEL).values("platform", "page_id")
        # One delivery may tell several events of one thing, as LinkedIn's do.
        counted = Count("delivery", distinct=True)
        return kept.annotate(count=counted, first=Min("received_at"), last=Max("received_at")).order_by("-last")

    @classmethod
    def of_unknown_page(cls, platform: str, page_id: str) -> "models.QuerySet[UnhandledEvent]":
        return cls.objects.filter(platform=platform, page_id=page_id, reason=cls.Reason.UNKNOWN_CHANNEL)

    @classmethod
    def unread_of_nobody(cls) -> "models.QuerySet[UnhandledEvent]":
        """What could not be read and names no page that is connected: it is counted on none of them."""
        return cls.objects.filter(reason=cls.Reason.UNRECOGNISED, channel=None)


class EarlyEvent(models.Model):
    """An edit, a removal or an answer that came before what it refers to. Applied when that arrives; until then a tombstone."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="early_events")
    refers_to = models.CharField(max_length=300)
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="early_events")
    number = models.PositiveIntegerField()  # which event of the delivery
    correlation = models.CharField(max_length=100, blank=True)  # of a receipt: which of our answers it is of
    at = models.DateTimeField(null=True)  # the platform's time of such a receipt

    class Meta:
        constraints = [models.UniqueConstraint("delivery", "number", name="early_event_once")]
        indexes = [
            models.Index("channel", "refers_to", name="early_event_of"),
            models.Index("channel", "correlation", name="early_event_answers", condition=~Q(correlation="")),
        ]

    def __str__(self) -> str:
        return f"{self.channel_id}:{self.refers_to}"


class Clue(models.Model):
    """One thing that a webhook named and did not tell: to be fetched from its platform. The row is the queue."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="clues")
    external_id = models.CharField(max_length=300)
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="clues")
    number = models.PositiveIntegerField()  # which event of the delivery
    try_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint("channel", "external_id", name="clue_once")]
        indexes = [models.Index("try_at", name="clue_to_follow")]

    def __str__(self) -> str:
        return f"{self.channel_id}:{self.external_id}"


class RejectedCount(models.Model):
    """How many webhooks a receiver turned away, a day and a reason: the first sign of a wrong secret."""

    class Reason(models.TextChoices):
        UNSIGNED = "unsigned", _("not signed by the platform")
        TOO_LARGE = "too_large", _("too large")
        HANDSHAKE = "handshake", _("wrong verify token")

    endpoint = models.CharField(max_length=20)
    day = models.DateField()
    reason = models.CharField(max_length=20, choices=Reason)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint("endpoint", "day", "reason", name="one_count_a_day")]

    def __str__(self) -> str:
        return f"{self.endpoint} {self.day} {self.reason}: {self.count}"

    @classmethod
    def add(cls, endpoint: str, reason: str, *, now: datetime) -> None:
        first = cls(endpoint=endpoint, day=now.date(), reason=reason, count=0)
        cls.objects.bulk_create([first], ignore_conflicts=True)  # type: ignore[list-item]
        cls.objects.filter(endpoint=endpoint, day=now.date(), reason=reason).update(count=F("count") + 1)


__all__ = ["Clue", "Delivery", "EarlyEvent", "RejectedCount", "UnhandledEvent"]
