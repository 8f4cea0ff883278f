"""What is on its way, what goes wrong, and what was turned."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from simulator.models.pages import Page


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def open(self) -> "DeliveryQuerySet":
        return self.filter(delivered_at=None, dropped_at=None)

    def under_way(self) -> "DeliveryQuerySet":
        return self.open().filter(held=False)

    def due(self, now: datetime) -> "DeliveryQuerySet":
        return self.under_way().filter(next_at__lte=now).order_by("next_at", "pk")


class Delivery(models.Model):
    """One POST to a receiver: `items` until it is first sent, the very same bytes at every attempt."""

    page = models.ForeignKey(Page, models.SET_NULL, null=True)
    endpoint = models.CharField(max_length=20)  # the name of a platforms.Endpoint
    object = models.CharField(max_length=60)  # what its platform says it is about: page, instagram, the type of a batch
    items = models.JSONField(default=list)
    about = models.CharField(max_length=200, blank=True, db_index=True)  # the id of what it tells of
    raw = models.TextField(blank=True)  # a body given word for word
    signature = models.CharField(max_length=20, blank=True)  # "", or a wrong way to sign: none, bad, sha1, bare, other
    signed_wrong = models.PositiveIntegerField(null=True)  # how many tries are signed so; None: all
    shape = models.CharField(max_length=20, blank=True)  # another form of the body, which its endpoint knows
    what = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    held = models.BooleanField(default=False)
    attempts = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    last_status = models.PositiveIntegerField(null=True)
    last_error = models.CharField(max_length=300, blank=True)
    delivered_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index("next_at", name="delivery_due", condition=Q(delivered_at=None, dropped_at=None))]

    def __str__(self) -> str:
        return f"{self.endpoint} {self.what}"


class FaultQuerySet(models.QuerySet["Fault"]):
    def take(self, fault: "Fault") -> bool:
        """Use it once; False where another request took the last one."""
        if fault.remaining is None:
            return True
        return bool(self.filter(pk=fault.pk, remaining__gt=0).update(remaining=F("remaining") - 1))


class Fault(models.Model):
    """What a platform does badly; the kinds are in faults.py and in the platforms' files."""

    kind = models.CharField(max_length=30)
    platform = models.CharField(max_length=20, blank=True)
    page = models.ForeignKey(Page, models.CASCADE, null=True)
    value = models.CharField(max_length=40, blank=True)
    remaining = models.PositiveIntegerField(null=True)  # None: until it is cleared
    chance = models.FloatField(null=True)  # how often it happens where it could; None: always

    objects = FaultQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.kind


class Option(models.Model):
    """What can be changed while it runs; absent means the setting of the process."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.JSONField()

    def __str__(self) -> str:
        return f"{self.name}={self.value}"


class Handshake(models.Model):
    """The last time a receiver was asked to prove itself, and how often in a row it could not."""

    endpoint = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()
    passed = models.BooleanField()
    failures = models.PositiveIntegerField(default=0)
    detail = models.CharField(max_length=300)

    def __str__(self) -> str:
        return f"{self.endpoint}: {self.detail}"
