"""Holidays of the coming week of which nobody said what they are like, where a reply tells when the place is open."""

from datetime import datetime

from accounts.locations import days
from inbox import crises
from inbox.models import Conversation
from inbox.triage.topics.names import Topic
from responses import wording
from responses.composing import values
from responses.guard import opening
from responses.models import TemplateVersion

HOURS = "location_hours"
HOLIDAY = "holiday"  # the code of the warning


def unconfirmed(conversation: Conversation, version: TemplateVersion | None, language: str, typed: str, now: datetime) -> str:
    """What to say of them, "" where there is nothing to say. typed: what a person wrote themselves, all of it or in the template.

    Never of words for somebody in danger.
    """
    if version and version.topic in crises.ANSWERED:
        return ""
    fields = wording.fields_in(version.body(language)) if version else ()
    if not (HOURS in fields or (version and version.topic == Topic.HOURS) or opening.names_hours(typed)):
        return ""
    today = now.astimezone(conversation.location.zone).date()
    week = [day for day in days.coming(conversation.location, today) if day.is_to_confirm]
    told = [day.to_confirm for day in week if not (day.date == today and HOURS in fields)]  # of today, no hours can leave
    return " ".join([*told, str(values.WHO_CONFIRMS)]) if told else ""
