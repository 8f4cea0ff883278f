"""Webhook endpoints: check, store, answer. Nothing is parsed here."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import RequestDataTooBig
from django.core.validators import slug_re
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.access import public
from inbox import jobs, platforms
from inbox.channels import variables
from inbox.models import Channel, Delivery, RejectedCount
from inbox.models.channels import TokenUnreadable
from inbox.platforms.base import BadSignature, CannotVerify, Family

log = logging.getLogger(__name__)


class ReceiversFirst:
    """Lets webhooks pass by what only pages need: sessions, languages, forms. Measured, that was half of their cost."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/hooks/"):
            slug, _, channel_id = request.path_info.removeprefix("/hooks/").removesuffix("/").partition("/")
            response = receive(request, slug, channel_id)
            response.headers.setdefault("Content-Length", str(len(response.content)))
            return response
        return self.get_response(request)


@public
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: HttpRequest, family: str, channel_id: str = "") -> HttpResponse:
    """channel_id: of the one channel whose address this is, where each has its own."""
    now = timezone.now()
    try:
        found = platforms.family(family)
        secrets = _secrets(found, channel_id)
    except platforms.UnknownPlatform:
        return HttpResponse("no such receiver", status=404, content_type="text/plain")
    except (DatabaseError, TokenUnreadable):
        log.exception("receiver: whose webhook this is could not be looked up; it will be sent again")
        return _again()
    if request.method != "POST":
        return _greet(request, found, secrets, now)
    if "Transfer-Encoding" in request.headers:
        # Sent in pieces of no announced length, its body would read as empty, and its signature as false.
        return HttpResponse("Content-Length is required", status=411, content_type="text/plain")
    try:
        body = request.body
    except RequestDataTooBig:
        return _reject(found, "too_large", 413, now)
    try:
        signed_by = found.verify(request.headers, body, secrets=secrets, now=now)
    except BadSignature:
        return _reject(found, "unsigned", found.unsigned_status, now)
    except CannotVerify as problem:
        log.warning("receiver: %s cannot be verified just now: %s", found.slug, problem)
        return _again()
    try:
        Delivery.objects.store(platforms.endpoint_of(found.slug, channel_id), body, signed_by=signed_by, now=now)
    except DatabaseError:
        log.exception("receiver: the delivery could not be stored; the platform will send it again")
        return _again()
    jobs.ring_for_webhook()
    return HttpResponse("ok", content_type="text/plain")


def _secrets(family: Family, channel_id: str) -> list[str]:
    """Raises UnknownPlatform where nobody listens."""
    # By its form first: PostgreSQL is not asked for what it could not even read.
    if family.addressed != bool(channel_id) or (channel_id and not slug_re.match(channel_id)):
        raise platforms.UnknownPlatform(channel_id)
    if not channel_id:
        return family.secrets(variables(family.variables))
    here = Channel.objects.connected().filter(platform__in=platforms.of_family(family.slug))
    channel = here.filter(external_id=channel_id).first()
    if channel is None:
        raise platforms.UnknownPlatform(channel_id)
    return family.secrets_in(channel.token)


def _greet(request: HttpRequest, family: Family, secrets: list[str], now: datetime) -> HttpResponse:
    try:
        content_type, body = family.handshake(
            request.GET.dict(), secrets=secrets, verify_tokens=family.verify_tokens(variables(family.variables))
        )
    except BadSignature:
        return _reject(family, "handshake", 403, now)
    return HttpResponse(body, content_type=content_type)


def _again() -> HttpResponse:
    return HttpResponse("try again", status=503, headers={"Retry-After": "5"})


def _reject(family: Family, reason: str, status: int, now: datetime) -> HttpResponse:
    try:
        RejectedCount.add(family.slug, reason, now=now)
    except DatabaseError:
        log.warning("receiver: a rejection could not be counted")
    return HttpResponse(reason, status=status, content_type="text/plain")
