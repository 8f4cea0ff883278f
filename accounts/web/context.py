from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.access import Permission


def desk(request: HttpRequest) -> dict[str, Any]:
    """What every page's frame shows: who works here, and what they may open."""
    membership = getattr(request, "membership", None)
    may = {}
    if membership:
        may = {permission.name.lower(): membership.may(permission) for permission in Permission}
    return {"membership": membership or None, "may": may, "development": settings.DEBUG}
