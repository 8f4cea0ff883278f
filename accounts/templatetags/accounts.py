from typing import Any

from django import template
from django.db.models import QuerySet

from accounts.auditing import trail_details
from accounts.models import Membership
from accounts.sign_in.development import demo_people

register = template.Library()
register.filter("told", trail_details.lines)
register.filter("subject_told", trail_details.subject)


@register.simple_tag(name="demo_people")
def people_of_the_demo() -> QuerySet[Membership]:
    return demo_people()


@register.filter
def of(by_key: dict[int, Any], key: int) -> Any:
    return by_key.get(key, "")
