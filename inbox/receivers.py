"""Webhook endpoints: check, store, answer. Nothing is parsed here."""

import logging

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
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


@public
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: HttpRequest, endpoint: str) -> HttpResponseBase:
    try:
        family = platforms.family(endpoint)
    except LookupError as error:
        raise Http404 from error
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
