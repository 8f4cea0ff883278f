"""Holidays of the coming week of which nobody said what they are like, where a reply tells when the place is open."""

from inbox import crises
from inbox.triage.topics.names import Topic
from responses import wording
from responses.composing import values
from responses.composing.values import Week
from responses.guard import opening
from responses.models import TemplateVersion

HOURS = "location_hours"
HOLIDAY = "holiday"  # the code of the warning


def unconfirmed(version: TemplateVersion | None, language: str, typed: str, week: Week) -> str:
    """What to say of them, "" where there is nothing to say. typed: what a person wrote themselves, all of it or in the template.

    Never of words for somebody in danger.
    """
    if version and version.topic in crises.ANSWERED:
        return ""
    fields = wording.fields_in(version.body(language)) if version else ()
    if not (HOURS in fields or (version and version.topic == Topic.HOURS) or opening.names_hours(typed)):
        return ""
    ahead = week.days[1:] if HOURS in fields else week.days  # of today, no hours can leave
    told = [day.to_confirm for day in ahead if day.is_to_confirm]
    return " ".join([*told, str(values.WHO_CONFIRMS)]) if told else ""
