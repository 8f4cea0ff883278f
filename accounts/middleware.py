from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts.models import Membership

SESSION_KEY = "membership"


class MembershipMiddleware:
    """`request.membership`: the organization this person works in now, or None. Read only when asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.membership = SimpleLazyObject(lambda: find_membership(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def find_membership(request: HttpRequest) -> Membership | None:
    if not request.user.is_authenticated:
        return None
    mine = Membership.objects.active().filter(user=request.user).select_related("organization", "user")
    chosen = request.session.get(SESSION_KEY)
    return mine.filter(pk=chosen).first() or mine.order_by("pk").first() if chosen else mine.order_by("pk").first()
