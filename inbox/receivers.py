"""Webhook endpoints: check, store, answer. Nothing is parsed here."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.access import public
from inbox import jobs, platforms
from inbox.models import Delivery, RejectedCount
from inbox.platforms.base import BadSignature, Family

log = logging.getLogger(__name__)

SECRETS = {
    "meta": lambda: settings.META_APP_SECRET + settings.INSTAGRAM_APP_SECRET,
    "linkedin": lambda: settings.LINKEDIN_CLIENT_SECRET,
}
UNSIGNED = {"meta": 403, "linkedin": 401}  # what each platform expects of a receiver that does not believe it


class ReceiversFirst:
    """Lets webhooks pass by what only pages need: sessions, languages, forms. Measured, that was half of their cost."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/hooks/"):
            response = receive(request, request.path_info.removeprefix("/hooks/").removesuffix("/"))
            response.headers.setdefault("Content-Length", str(len(response.content)))
            return response
        return self.get_response(request)


@public
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: HttpRequest, endpoint: str) -> HttpResponse:
    try:
        family = platforms.family(endpoint)
    except LookupError:
        return HttpResponse("no such receiver", status=404, content_type="text/plain")
    secrets = SECRETS[endpoint]()
    if request.method != "POST":
        return _greet(request, family, secrets)
    try:
        body = request.body
    except RequestDataTooBig:
        return _reject(family, "too_large", 413)
    try:
        signed_by = family.verify(request.headers, body, secrets=secrets)
    except BadSignature:
        return _reject(family, "unsigned", UNSIGNED.get(endpoint, 403))
    try:
        Delivery.objects.store(endpoint, body, signed_by=signed_by, now=timezone.now())
    except DatabaseError:
        log.exception("receiver: the delivery could not be stored; the platform will send it again")
        return HttpResponse("try again", status=503, headers={"Retry-After": "5"})
    jobs.ring()
    return HttpResponse("ok", content_type="text/plain")


def _greet(request: HttpRequest, family: Family, secrets: list[str]) -> HttpResponse:
    try:
        content_type, body = family.handshake(request.GET.dict(), secrets=secrets, verify_tokens=settings.META_VERIFY_TOKEN)
    except BadSignature:
        return _reject(family, "handshake", 403)
    return HttpResponse(body, content_type=content_type)


def _reject(family: Family, reason: str, status: int) -> HttpResponse:
    try:
        RejectedCount.add(family.slug, reason, now=timezone.now())
    except DatabaseError:
        log.warning("receiver: a rejection could not be counted")
    return HttpResponse(reason, status=status, content_type="text/plain")
