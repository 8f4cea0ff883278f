"""What is noticed of a page without anybody looking: what its webhooks did not tell, and when something was wrong."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inbox.models.channels import Channel
from inbox.models.deliveries import Delivery


class Gap(models.Model):
    """One difference between what a platform lists and what we held, found once and brought in through the intake."""

    class Kind(models.TextChoices):
        MISSING = "missing", _("missing")
        EDITED = "edited", _("edited")
        REMOVED = "removed", _("removed")
        RESTORED = "restored", _("there again")
        HIDDEN = "hidden", _("hidden")
        SHOWN = "shown", _("shown again")
        MODERATED = "moderated", _("moderated")

    class Cause(models.TextChoices):
        HISTORY = "history", _("written before the page was connected")
        NEVER_TOLD = "never_told", _("the platform sends no event for this; it is found by looking")
        FAILED = "failed", _("a webhook came, and could not be taken in")
        SET_ASIDE = "set_aside", _("a webhook came, and was set aside in part")
        WAITS = "waits", _("a webhook came, and still waits to be taken in")
        DISCONNECTED = "disconnected", _("the page was disconnected at that time")
        TOKEN_DEAD = "token_dead", _("the platform no longer accepted the access token at that time")
        UNSUBSCRIBED = "unsubscribed", _("the platform did not send us the webhooks of this page at that time")
        FIELDS_MISSING = "fields_missing", _("webhooks of some kinds were not asked for at that time")
        DOWN = "down", _("Comptoir itself did not run at that time")
        TURNED_AWAY = "turned_away", _("webhooks were turned away that day, as not signed by the platform")
        DROPPED = "dropped", _("no webhook came, although the platform was to send one")

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="gaps")
    external_id = models.CharField(max_length=300)
    kind = models.CharField(max_length=10, choices=Kind)
    change = models.CharField(max_length=64)  # from what to what, as a digest: the same difference is reported once
    posted_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField()
    cause = models.CharField(max_length=20, choices=Cause)
    delivery = models.ForeignKey(Delivery, models.SET_NULL, null=True, related_name="gaps")

    class Meta:
        ordering = ["-found_at", "-pk"]
        constraints = [models.UniqueConstraint("channel", "external_id", "kind", "change", name="gap_once")]
        indexes = [models.Index("channel", F("found_at").desc(), name="gap_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}"


class TroubleQuerySet(models.QuerySet["Trouble"]):
    def open(self) -> Self:
        return self.filter(ended_at=None)

    def between(self, begin: datetime, end: datetime) -> Self:
        """Those that lasted, or may have, at some moment of this stretch."""
        return self.filter(Q(ended_at=None) | Q(ended_at__gte=begin), since__lte=end)


class Trouble(models.Model):
    """A stretch of time in which something was wrong with a page, or (no channel) with Comptoir itself."""

    class Kind(models.TextChoices):
        DISCONNECTED = "disconnected", _("disconnected")
        TOKEN_DEAD = "token_dead", _("the platform refused the access token")
        PERMISSION = "permission", _("a permission was missing")
        OUTDATED = "outdated", _("the platform no longer spoke our version of its interface")
        BLOCKED = "blocked", _("the platform had blocked the page")
        MESSAGES_FORBIDDEN = "messages_forbidden", _("the platform had forbidden the page private messages")
        WARNED = "warned", _("the platform warned the page for its private messages")
        UNSUBSCRIBED = "unsubscribed", _("the platform sent no webhooks")
        FIELDS_MISSING = "fields_missing", _("some kinds of webhooks were not asked for")
        UNREACHABLE = "unreachable", _("the platform could not be asked")
        UNLISTED = "unlisted", _("the page could not be compared with the platform’s list")
        SILENT = "silent", _("nothing was heard")
        DOWN = "down", _("Comptoir did not run")
        NO_SENDER = "no_sender", _("no replies left: the sender did not run")
        NO_WORKER = "no_worker", _("nothing was taken in: the worker did not run")

    channel = models.ForeignKey(Channel, models.CASCADE, null=True, related_name="troubles")
    kind = models.CharField(max_length=20, choices=Kind)
    since = models.DateTimeField()  # not earlier than this: when all was last known to be well
    found_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    detail = models.CharField(max_length=300, blank=True)
    ending = models.CharField(max_length=20, blank=True)  # how it ended, where that is worth telling: "resubscribed"

    objects = TroubleQuerySet.as_manager()

    # What nothing can be received or sent with, until somebody acts.
    BROKEN = frozenset(
        {
            *(Kind.DISCONNECTED, Kind.TOKEN_DEAD, Kind.PERMISSION, Kind.OUTDATED),
            *(Kind.BLOCKED, Kind.MESSAGES_FORBIDDEN, Kind.UNSUBSCRIBED),
        }
    )

    # What kept messages or answers from passing, whoever could help it. Silence alone, or a warning, keeps nothing.
    OUTAGES = BROKEN | {Kind.FIELDS_MISSING, Kind.UNREACHABLE, Kind.DOWN, Kind.NO_SENDER, Kind.NO_WORKER}

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "kind"], name="one_open_trouble", condition=Q(ended_at=None), nulls_distinct=False
            )
        ]
        indexes = [models.Index("channel", F("since").desc(), name="trouble_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.since:%Y-%m-%d %H:%M}"

    @property
    def is_broken(self) -> bool:
        return self.kind in self.BROKEN

    @property
    def length(self) -> timedelta | None:
        return self.ended_at - self.since if self.ended_at else None


class PulseQuerySet(models.QuerySet["Pulse"]):
    def stale(self, now: datetime) -> Self:
        return self.filter(at__lte=now - Pulse.STOOD_STILL)


class Pulse(models.Model):
    """When a part of Comptoir last ran. A gap between two marks is a time in which it did not."""

    class Part(models.TextChoices):
        CLOCK = "clock", "clock"  # and beat, without which it does nothing
        SENDER = "sender", "sender"
        WORKER = "worker", "worker"

    name = models.CharField(max_length=20, primary_key=True, choices=Part)
    at = models.DateTimeField()
    since = models.DateTimeField()  # from when on it ran without a gap

    objects = PulseQuerySet.as_manager()

    STOOD_STILL = timedelta(minutes=3)  # well past the pauses of a restart

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"

    def is_stale(self, now: datetime) -> bool:
        return self.at <= now - self.STOOD_STILL
