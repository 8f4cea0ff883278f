from django.db import models

from accounts.models.organizations import Organization
from accounts.models.people import Membership


class AuditEntry(models.Model):
    """Who did what, when, before and after. A trigger of the database refuses to change or delete a row.

    `digest` is an HMAC over the row's content, made when it is written, so that altering a row not yet sealed shows as well.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    actor = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")  # None: the system
    action = models.CharField(max_length=60)  # "template.approved"
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    subject = models.CharField(max_length=200)  # how it was called at that time
    detail = models.JSONField(default=dict)  # {"before": …, "after": …}
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index("organization", models.F("id").desc(), name="audit_newest"),
            models.Index("organization", "subject_type", "subject_id", models.F("id").desc(), name="audit_of_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.action} {self.subject}"


class AuditSeal(models.Model):
    """The place of an entry in its organization's chain. Written by the clock, so that no request waits for the one before."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    position = models.PositiveBigIntegerField()
    entry = models.OneToOneField(AuditEntry, models.PROTECT, related_name="seal")
    digest = models.CharField(max_length=64)  # HMAC over the digest before and the entry's own

    class Meta:
        ordering = ["organization", "position"]
        constraints = [models.UniqueConstraint("organization", "position", name="one_entry_a_position")]

    def __str__(self) -> str:
        return f"{self.organization_id}:{self.position}"
