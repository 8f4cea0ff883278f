"""What a conversation is about beyond its question, where that is somebody's own work or a heap to be worked off.

Dangers stand first in every view and have a page, as safety cases do: they are none of these.
"""

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from inbox.models.concerns import BADGES, CONCERNED


class Concern(TextChoices):
    PERSONAL = "personal", _("Personal information")
    PRIVACY = "privacy", _("Privacy")
    COMPLIANCE = "compliance", _("Compliance")
    RESERVED = "reserved", _("Media and law")
    LANGUAGE = "language", _("Another language")
    NUISANCE = "nuisance", _("Abuse and spam")
    UNREADABLE = "unreadable", _("Not read by the rules")


def of(concern: str) -> Q:
    """Those conversations. Said of badges in two ways, as the index holds those alone that have one of any concern."""
    return CONCERNED & Q(badges__overlap=list(BADGES[concern]))
