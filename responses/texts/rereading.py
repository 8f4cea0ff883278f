"""Which approved words want to be read again, because the numbers that they give were changed or not checked for long.

They stay in use all the while: where somebody is in danger nothing else may be sent.
"""

from datetime import datetime

from django.db.models import Exists, Q, QuerySet

from accounts.models import Organization
from inbox import crises
from inbox.crises import reading
from responses import wording
from responses.models import TemplateVersion


def naming_lines(organization: Organization, now: datetime) -> QuerySet[TemplateVersion]:
    """What is in force and says whom to call: by a field, or because it is for somebody in danger."""
    said = Q(body_fr__contains=wording.HELP) | Q(body_en__contains=wording.HELP) | Q(topic__in=crises.ANSWERED)
    return TemplateVersion.objects.usable(now).filter(said, template__organization=organization)


def to_read_again(organization: Organization, now: datetime) -> set[int]:
    """The ids of those, until a compliance officer has checked the table of today; none from then on."""
    checked = Exists(reading.checks(organization.pk, now=now))
    return set(naming_lines(organization, now).exclude(checked).values_list("pk", flat=True))
