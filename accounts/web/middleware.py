from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.utils.translation.trans_real import parse_accept_lang_header

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


class LanguageMiddleware:
    """The language of a request: the person's own, else the cookie's, else French, unless the browser wants only English."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        response.headers.setdefault("Content-Language", translation.get_language())
        return response


def language_of(request: HttpRequest) -> str:
    offered = dict(settings.LANGUAGES)
    # Without a session cookie nobody is signed in, and a webhook must not pay for the question.
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated and request.user.language in offered:
        return request.user.language
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in offered:
        return chosen
    wanted = {tag.partition("-")[0] for tag, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", ""))}
    return "en" if "en" in wanted and "fr" not in wanted else settings.LANGUAGE_CODE
