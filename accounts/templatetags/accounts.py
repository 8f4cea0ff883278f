from django import template
from django.db.models import QuerySet

from accounts.development import demo_people
from accounts.models import Membership

register = template.Library()


@register.simple_tag(name="demo_people")
def people_of_the_demo() -> QuerySet[Membership]:
    return demo_people()
