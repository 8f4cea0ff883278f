import json
from typing import Any

from django import template
from django.db.models import QuerySet

from accounts.development import demo_people
from accounts.models import Membership

register = template.Library()


@register.simple_tag(name="demo_people")
def people_of_the_demo() -> QuerySet[Membership]:
    return demo_people()


@register.filter
def of(by_key: dict[int, Any], key: int) -> Any:
    return by_key.get(key, "")


@register.filter
def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
