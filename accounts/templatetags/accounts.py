from typing import Any

from django import template
from django.db.models import QuerySet
from django.template.context import Context
from django.utils import timezone

from accounts import zones
from accounts.auditing import trail_details
from accounts.models import Membership
from accounts.sign_in.development import demo_people

register = template.Library()
register.filter("told", trail_details.lines)
register.filter("subject_told", trail_details.subject)


@register.simple_tag(name="demo_people")
def people_of_the_demo() -> QuerySet[Membership]:
    return demo_people()


@register.simple_tag
def zone() -> str:
    """The time zone in which times are told here, in words."""
    return zones.in_words(timezone.get_current_timezone_name())


@register.simple_tag(takes_context=True)
def other_zone(context: Context) -> str:
    """The same where it is not the reader's own; else nothing."""
    reader, here = context.get("membership"), zone()
    return here if reader and here != zones.in_words(reader.zone.key) else ""


@register.filter
def of(by_key: dict[int, Any], key: int) -> Any:
    return by_key.get(key, "")
