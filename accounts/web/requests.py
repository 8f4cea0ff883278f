"""What middleware adds to a request, for the type checker."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import Membership, User


class MemberRequest(HttpRequest):
    """A request of a view that `requires` a permission: the member is certain."""

    user: User
    membership: Membership
    htmx: HtmxDetails
