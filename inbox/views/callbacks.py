"""What Meta tells of people beside webhooks: consent taken back, data to be deleted; and the page that says what became of it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from accounts.access import public
from inbox import platforms
from inbox.channels import variables
from inbox.keeping import erasure
from inbox.models import ErasureRequest, RejectedCount
from inbox.platforms import wire
from inbox.platforms.base import BadSignature
from inbox.platforms.meta import signed_request

SHORTEST = 5  # no platform has people with shorter ids, and what is short stands in everything
KINDS = {"deletion": ErasureRequest.Kind.DELETION, "deauthorize": ErasureRequest.Kind.DEAUTHORIZED}


@public
@csrf_exempt  # signed by Meta
@require_POST
def meta(request: HttpRequest, what: str) -> HttpResponse:
    if what not in KINDS:
        return HttpResponse("no such callback", status=404, content_type="text/plain")
    given, now = request.POST.get("signed_request", ""), timezone.now()
    try:
        told = signed_request.read(given, secrets=platforms.family("meta").secrets(variables()))
        known = erasure.received(KINDS[what], signed_request=given)
        if known is None and not signed_request.is_fresh(told, now=now):
            raise BadSignature("meta: a signed request of another day")
    except BadSignature:
        RejectedCount.add("meta", RejectedCount.Reason.UNSIGNED, now=now)
        return HttpResponse("unsigned", status=403, content_type="text/plain")
    try:
        user = wire.required(told.get("user_id"), "person", wire.PERSON_ID)
        if len(user) < SHORTEST:
            raise wire.Unreadable("no id of a person")
    except wire.Unreadable:
        return HttpResponse("no user_id", status=400, content_type="text/plain")
    asked = known or erasure.receive(KINDS[what], user, signed_request=given, now=now)
    if asked.kind == ErasureRequest.Kind.DEAUTHORIZED:
        return HttpResponse("ok", content_type="text/plain")
    address = settings.PUBLIC_URL + reverse("erasure", args=[asked.code])
    return JsonResponse({"url": address, "confirmation_code": asked.code})


@public
@require_safe
def status(request: HttpRequest, code: str) -> HttpResponse:
    """For whoever asked to be forgotten: what was done. Nothing of them is told."""
    asked = get_object_or_404(ErasureRequest, code=code, kind=ErasureRequest.Kind.DELETION)
    return render(request, "inbox/erasure.html", {"asked": asked})
