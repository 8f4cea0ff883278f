"""What a request tells beside its view: what middleware adds, for the type checker, and where somebody came from."""

from urllib.parse import urlsplit, urlunsplit

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import escape_leading_slashes, url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from accounts.models import Membership, User


class MemberRequest(HttpRequest):
    """A request of a view that `requires` a permission: the member is certain."""

    user: User
    membership: Membership
    htmx: HtmxDetails


def can_be_opened(request: HttpRequest) -> bool:
    """Whether its address leads to a page by itself; where a form was sent there may be none. See accounts.web.posts."""
    view = request.resolver_match.func if request.resolver_match else None
    return request.method in {"GET", "HEAD"} or getattr(view, "leads_home", False)


def way_back(request: HttpRequest) -> str:
    """The address of a page that can be opened again: this one, else the one that sent the form, else the beginning."""
    if can_be_opened(request):
        return request.get_full_path()
    sent_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(sent_from, {request.get_host()}, require_https=request.is_secure()):
        return escape_leading_slashes(urlunsplit(("", "", *urlsplit(sent_from)[2:4], ""))) or "/"
    return reverse("home")
