"""Webhook endpoints: check, store, answer. Nothing is parsed here."""

import logging
from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.access import public
from inbox import jobs, platforms
from inbox.channels import variables
from inbox.models import Delivery, RejectedCount
from inbox.platforms.base import BadSignature, Family

log = logging.getLogger(__name__)


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
    secrets = family.secrets(variables())
    if request.method != "POST":
        return _greet(request, family, secrets)
    try:
        body = request.body
    except RequestDataTooBig:
        return _reject(family, "too_large", 413)
    try:
        signed_by = family.verify(request.headers, body, secrets=secrets)
    except BadSignature:
        return _reject(family, "unsigned", family.unsigned_status)
    try:
        Delivery.objects.store(endpoint, body, signed_by=signed_by, now=timezone.now())
    except DatabaseError:
        log.exception("receiver: the delivery could not be stored; the platform will send it again")
        return HttpResponse("try again", status=503, headers={"Retry-After": "5"})
    jobs.ring()
    return HttpResponse("ok", content_type="text/plain")


def _greet(request: HttpRequest, family: Family, secrets: list[str]) -> HttpResponse:
    try:
        content_type, body = family.handshake(
            request.GET.dict(), secrets=secrets, verify_tokens=family.verify_tokens(variables())
        )
    except BadSignature:
        return _reject(family, "handshake", 403)
    return HttpResponse(body, content_type=content_type)


def _reject(family: Family, reason: str, status: int) -> HttpResponse:
    try:
        RejectedCount.add(family.slug, reason, now=timezone.now())
    except DatabaseError:
        log.warning("receiver: a rejection could not be counted")
    return HttpResponse(reason, status=status, content_type="text/plain")
