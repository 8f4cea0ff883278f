from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from inbox.models.conversations import Conversation


class Notice(models.Model):
    """Something one member should know, told in the app."""

    class Kind(models.TextChoices):
        NEAR = "near", _("An answer is due soon")
        URGENT = "urgent", _("An answer is due very soon")
        LATE = "late", _("An answer is late")
        ASSIGNED = "assigned", _("A conversation was given to you")
        SEND_FAILED = "send_failed", _("A reply was not sent")
        SEND_UNCERTAIN = "send_uncertain", _("A reply may not have been sent")

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20, choices=Kind)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="notices")
    key = models.CharField(max_length=80)  # what it is about, so that it is told once
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint("membership", "key", name="told_once")]
        indexes = [models.Index("membership", models.F("created_at").desc(), name="notice_unread", condition=Q(read_at=None))]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
