from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import MiddlewareNotUsed
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.defaults import page_not_found

from accounts.models import Membership
from accounts.web.requests import can_be_opened, way_back

SESSION_KEY = "membership"


class SignInMiddleware(LoginRequiredMiddleware):
    """Who sends a form and is signed out by then comes back to its page: where it was sent to there may be none."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]) -> HttpResponseRedirect:
        return redirect_to_login(way_back(request), self.get_login_url(view_func))


class OnlyForFormsMiddleware:
    """A browser that opens an address where only forms are sent is led to the beginning; programs are told 405."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        opened = can_be_opened(request) and "text/html" in request.headers.get("Accept", "")
        return redirect("home") if opened and response.status_code == HTTPStatus.METHOD_NOT_ALLOWED else response


class OwnNotFoundMiddleware:
    """What is not found looks in development as it does anywhere: there Django shows a page of its own. Innermost of all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.DEBUG:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            resolve(request.path_info)
        except Resolver404 as unknown:
            return page_not_found(request, unknown)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return page_not_found(request, exception) if isinstance(exception, Http404) else None


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
    mine = Membership.objects.active().with_zone().filter(user=request.user).select_related("organization", "user")
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
