"""What a conversation is about beyond its question, where that is somebody's own work or a heap to be worked off.

Dangers stand first in every view and have a page, as safety cases do: they are none of these.
"""

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from inbox.models.conversations import BADGED
from inbox.screening.words import ANOTHER_LANGUAGE, IDENTIFIERS, UNREADABLE
from inbox.triage.topics.names import Topic


class Concern(TextChoices):
    PERSONAL = "personal", _("Personal information")
    PRIVACY = "privacy", _("Privacy")
    COMPLIANCE = "compliance", _("Compliance")
    RESERVED = "reserved", _("Media and law")
    LANGUAGE = "language", _("Another language")
    NUISANCE = "nuisance", _("Abuse and spam")
    UNREADABLE = "unreadable", _("Not read by the rules")


BADGES = {
    Concern.PERSONAL: tuple(IDENTIFIERS),
    Concern.PRIVACY: (Topic.PRIVACY_REQUEST, Topic.PRIVACY_INCIDENT, Topic.THIRD_PARTY_REQUEST),
    Concern.COMPLIANCE: ("ad_complaint", Topic.OFF_LABEL, Topic.MISINFORMATION),
    Concern.RESERVED: (Topic.MEDIA_REQUEST, "legal"),
    Concern.LANGUAGE: (ANOTHER_LANGUAGE,),
    Concern.NUISANCE: (Topic.ABUSE, Topic.SPAM),
    Concern.UNREADABLE: (UNREADABLE,),
}


def of(concern: str) -> Q:
    """Those conversations. Said of badges in two ways, as the index holds those alone that have any."""
    return BADGED & Q(badges__overlap=[str(badge) for badge in BADGES[Concern(concern)]])
