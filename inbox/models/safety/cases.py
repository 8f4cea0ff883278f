from datetime import datetime
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organization
from inbox.models.messages import Message
from inbox.models.safety.findings import Finding

if TYPE_CHECKING:
    from inbox.models.safety.reports import CaseReport


# What somebody has something to do with: a clock that runs, or an offer that nobody looked at.
OPEN = Q(due_at__isnull=False) | Q(duty=False, checked_at=None, forwarded_at=None)
# By the clock that runs, then the newest.
PRESSING = (F("due_at").asc(nulls_last=True), F("aware_at").desc(), F("id").desc())


class SafetyCaseQuerySet(models.QuerySet["SafetyCase"]):
    def visible_to(self, membership: Membership) -> Self:
        mine = self.filter(organization=membership.organization_id)
        ids = membership.location_ids()
        return mine if ids is None else mine.filter(message__conversation__location__in=ids)

    def standing(self) -> Self:
        """Those of which a person did not say that it is not so."""
        seen = Finding.objects.filter(message=OuterRef("message"), type=OuterRef("type"), removed_at=None)
        return self.filter(Exists(seen))

    def open(self) -> Self:
        return self.standing().filter(OPEN)

    def pressing(self) -> Self:
        return self.order_by(*PRESSING)

    def pressing_after(self, last: "SafetyCase") -> Self:
        """What follows it in that order."""
        older = Q(aware_at__lt=last.aware_at) | Q(aware_at=last.aware_at, pk__lt=last.pk)
        if last.due_at is None:
            return self.filter(older, due_at=None)
        return self.filter(Q(due_at__gt=last.due_at) | Q(due_at=None) | Q(older, due_at=last.due_at))

    def to_alert(self, now: datetime) -> Self:
        return self.filter(alert_at__lte=now)


class SafetyCase(models.Model):
    """What a message says of a product that did harm, was defective, or failed: since when we know, and what of it is known.

    Opened by what triage found, with the finding. It stays whatever becomes of the message: taken back, edited or erased.
    """

    class Type(models.TextChoices):
        ADVERSE_EVENT = "adverse_event", _("Adverse events")
        PRODUCT_QUALITY = "product_quality", _("Product quality")
        DEVICE_INCIDENT = "device_incident", _("Device incidents")
        MEDICATION_ERROR = "medication_error", _("Medication errors")  # that reached somebody

    class Known(models.TextChoices):
        YES = "yes", _("Yes")
        NO = "no", _("No")
        ASK = "ask", _("To ask")
        FOUND = "found", _("Found, to be confirmed")

    class Serious(models.TextChoices):
        YES = "yes", _("Yes")
        NO = "no", _("No")
        UNKNOWN = "unknown", _("Not known yet")

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+", db_index=False)
    message = models.ForeignKey(Message, models.RESTRICT, related_name="cases", db_index=False)
    type = models.CharField(max_length=20, choices=Type)
    aware_at = models.DateTimeField()  # when the webhook that told of it was received
    duty = models.BooleanField()  # a drug maker must report; a pharmacy or a clinic offers to

    reporter = models.CharField(_("Somebody who tells of it"), max_length=5, choices=Known, default=Known.ASK)
    patient = models.CharField(_("Somebody to whom it happened"), max_length=5, choices=Known, default=Known.ASK)
    product = models.CharField(_("A product that is suspected"), max_length=5, choices=Known, default=Known.ASK)
    reaction = models.CharField(_("What happened"), max_length=5, choices=Known, default=Known.ASK)
    serious = models.CharField(_("Serious"), max_length=7, choices=Serious, default=Serious.UNKNOWN)
    checked_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+", db_index=False)

    forwarded_at = models.DateTimeField(null=True)
    forwarded_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+", db_index=False)

    due_at = models.DateTimeField(null=True)  # of its clocks that run, the nearest; None: none runs
    alert_at = models.DateTimeField(null=True)  # when the clock looks at it next; None: nobody is to be told

    objects = SafetyCaseQuerySet.as_manager()

    class Meta:
        ordering = ["-aware_at", "-pk"]
        constraints = [
            models.UniqueConstraint("message", "type", name="one_case_of_a_kind"),
            models.CheckConstraint(
                condition=Q(checked_at=None, checked_by=None) | Q(checked_at__isnull=False, checked_by__isnull=False),
                name="case_checked_by_name",
            ),
            models.CheckConstraint(
                condition=Q(forwarded_at=None, forwarded_by=None) | Q(forwarded_at__isnull=False, forwarded_by__isnull=False),
                name="case_forwarded_by_name",
            ),
        ]
        indexes = [
            models.Index("organization", *PRESSING, name="case_pressing"),
            models.Index("organization", name="case_open", condition=OPEN),
            models.Index("organization", "type", *PRESSING, name="case_pressing_of_kind"),
            models.Index("alert_at", name="case_to_alert", condition=Q(alert_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.aware_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("inbox:case", args=[self.pk])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.message.conversation.location.time_zone)

    @property
    def valid(self) -> bool:
        """All four criteria are known: whoever reports it can."""
        return {self.reporter, self.patient, self.product, self.reaction} == {self.Known.YES}

    @property
    def told(self) -> "list[CaseReport]":
        """Who was told of it outside, as people say and nobody took back; the latest first."""
        return [report for report in self.reports.all() if report.undone_at is None]

    @property
    def reported(self) -> "CaseReport | None":
        """When an authority was first told."""
        return min((report for report in self.told if report.of_authority), key=lambda report: report.told_on, default=None)

    @property
    def acknowledged(self) -> "CaseReport | None":
        """Who was told gave it a number."""
        return next((report for report in self.told if report.reference), None)
