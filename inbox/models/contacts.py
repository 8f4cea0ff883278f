from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inbox.models.channels import Channel
from inbox.platforms.base import BY_NAME
from inbox.triage.identifiers.unread import masked, masked_phone

FORGOTTEN = "forgotten-"  # and what nobody knows: the id of who asked to be
NO_ID = (FORGOTTEN, BY_NAME)  # how it begins where it does not say that who writes again is the same


class Contact(models.Model):
    """A person as a platform knows them on one channel."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="contacts")
    external_id = models.CharField(max_length=200)
    name = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)  # where the platform tells it
    named_at = models.DateTimeField(null=True)  # when the platform told the name
    first_name = models.CharField(max_length=40, blank=True)  # as staff corrected it; else derived from the name
    # When to ask the platform for a name that its webhooks do not tell; None: not to be asked (any more).
    ask_name_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("channel", "external_id", name="contact_once")]
        indexes = [
            models.Index("ask_name_at", name="contact_to_ask", condition=Q(ask_name_at__isnull=False)),
            models.Index("named_at", name="contact_named", condition=Q(named_at__isnull=False)),
            models.Index("channel", "phone", name="contact_by_phone", condition=~Q(phone="")),
        ]

    def __str__(self) -> str:
        return masked(self.name) or masked_phone(self.phone) or str(_("Unknown person"))

    @property
    def is_forgotten(self) -> bool:
        return self.external_id.startswith(FORGOTTEN)

    @property
    def is_known_by_id(self) -> bool:
        return not self.external_id.startswith(NO_ID)


class FormerId(models.Model):
    """An id under which a platform knew a contact until some moment: what it tells of the time before is theirs."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="+")
    external_id = models.CharField(max_length=200)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="former_ids")
    until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("channel", "external_id", name="former_id_once")]

    def __str__(self) -> str:
        return self.external_id
