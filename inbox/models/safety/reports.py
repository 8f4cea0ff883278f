from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from inbox.models.safety.cases import SafetyCase


class CaseReport(models.Model):
    """That somebody outside was told of a case: on which day, and what they call it. By name; taken back, it stays as a trace."""

    class To(models.TextChoices):
        PV = "pv", _("The maker’s pharmacovigilance")
        CANADA_VIGILANCE = "canada_vigilance", _("Canada Vigilance")
        HEALTH_CANADA = "health_canada", _("Health Canada")
        OTHER = "other", _("Another authority")

    case = models.ForeignKey(SafetyCase, models.CASCADE, related_name="reports")
    to = models.CharField(_("Who was told"), max_length=20, choices=To)
    told_on = models.DateField(_("On which day"))
    reference = models.CharField(
        _("Acknowledged as"),
        max_length=40,
        blank=True,
        help_text=_("The number that they gave it. Nothing of the person."),
        validators=[RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9 ./_-]*$", _("Letters, digits and - . / _ only."))],
    )
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+", db_index=False)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        ordering = ["-told_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="report_undone_by_name",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.to} {self.told_on}"

    @property
    def of_authority(self) -> bool:
        """Whom the report is owed to. The maker's own people only say that they have it."""
        return self.to != self.To.PV
