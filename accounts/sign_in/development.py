from django.conf import settings
from django.db.models import QuerySet

from accounts.models import Membership

DEMO_ADDRESS = "@demo.example.com"


def demo_people() -> QuerySet[Membership]:
    """The people of the demo, on a development server only."""
    if not settings.DEBUG:
        return Membership.objects.none()
    demo = Membership.objects.active().filter(user__email__endswith=DEMO_ADDRESS)
    return demo.select_related("user", "organization").order_by("organization_id", "pk")
