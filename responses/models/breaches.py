from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from inbox.models import Wait


class MissReview(models.Model):
    """A manager's word on one miss of the target: why, and what follows. Signed off once, by name."""

    class Cause(models.TextChoices):
        NOT_SEEN = "not_seen", _("Not seen in time")
        NOBODY_ON_DUTY = "nobody_on_duty", _("Nobody on duty")
        WAITED_FOR_PHARMACIST = "waited_for_pharmacist", _("Waited for a pharmacist")
        WAITED_FOR_APPROVAL = "waited_for_approval", _("Waited for an approved text")
        PLATFORM = "platform", _("The platform refused or was down")
        HEARD_LATE = "heard_late", _("The platform told us late")
        OTHER = "other", _("Other")

    wait = models.OneToOneField(Wait, models.PROTECT, related_name="review")
    cause = models.CharField(_("cause"), max_length=30, choices=Cause, blank=True)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    updated_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()
    signed_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.wait)
