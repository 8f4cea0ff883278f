"""The dead letters, and every other delivery: looked for, read, and taken in once more."""

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts import audit
from accounts.access import Permission, requires
from accounts.web.posts import posted_from
from accounts.web.requests import MemberRequest
from inbox import jobs
from inbox.intake import letters
from inbox.models import Channel, Delivery, UnhandledEvent
from inbox.triage.identifiers.unread import masked

SHOWN = 100
MOST_SHOWN = 20_000  # characters of a body
REPLAYED = "replayed"  # in the session: the deliveries whose progress is shown


@requires(Permission.CHANNELS_MANAGE)
@require_safe
@vary_on_headers("HX-Target")
def delivery_list(request: MemberRequest) -> HttpResponse:
    if request.htmx.target == "progress":
        return render(request, "inbox/deliveries/_progress.html", {"progress": _progress(request)})
    by, number = request.membership, request.GET.get("number", "").strip()
    if number.isdecimal() and letters.find(int(number[:18]), by):
        return redirect("channels:delivery", int(number[:18]))
    pages = Channel.objects.visible_to(by).select_related("location")
    chosen = pages.filter(pk=request.GET["page"]).first() if request.GET.get("page", "").isdecimal() else None
    unknown = _unknown(request)
    context = {
        "rows": _lines(request, chosen, unknown),
        "pages": pages,
        "chosen": chosen,
        "unknown_pages": UnhandledEvent.unknown_pages()[:SHOWN] if letters.operates(by) else [],
        "unknown": unknown,
        "all": "all" in request.GET,
        "number": number,
        "progress": _progress(request),
        "now": timezone.now(),
    }
    return render(request, "inbox/deliveries/list.html", context)


@requires(Permission.CHANNELS_MANAGE)
@require_safe
def delivery(request: MemberRequest, pk: int) -> HttpResponse:
    return render(request, "inbox/deliveries/delivery.html", _context(request, _find(request, pk)))


def _page_of(request: MemberRequest, pk: int) -> str:
    return reverse("channels:delivery", args=[_find(request, pk).pk])


@requires(Permission.CHANNELS_MANAGE)
@posted_from(_page_of)
def body(request: MemberRequest, pk: int) -> HttpResponse:
    """What was sent. Who looked is kept: it may hold what people wrote, though what points to a person is masked."""
    found = _find(request, pk)
    if not letters.may_read(found, request.membership):
        raise Http404
    organization = request.membership.organization_id
    audit.record("delivery.read", found, organization=organization, by=request.membership, now=timezone.now())
    text = _readable(bytes(found.body))
    context = _context(request, found) | {"body": text[:MOST_SHOWN], "cut": len(text) > MOST_SHOWN}
    return render(request, "inbox/deliveries/delivery.html", context)


@requires(Permission.CHANNELS_MANAGE)
@require_POST
def replay(request: MemberRequest, pk: int) -> HttpResponse:
    found = _find(request, pk)
    _queue(request, [found.pk])
    return redirect("channels:delivery", found.pk)


@requires(Permission.CHANNELS_MANAGE)
@require_POST
def replay_all(request: MemberRequest) -> HttpResponse:
    """The dead letters, as many as are taken in at once."""
    _queue(request, letters.to_retry(request.membership))
    return redirect("channels:deliveries")


def _unknown(request: MemberRequest) -> tuple[str, str] | None:
    """The platform and the identifier of a page that nobody has connected, chosen by whoever may know of it."""
    platform, slash, page_id = request.GET.get("page", "").replace("\x00", "").partition("/")
    return (platform, page_id) if slash and letters.operates(request.membership) else None


def _lines(request: MemberRequest, chosen: Channel | None, unknown: tuple[str, str] | None) -> list[letters.Line]:
    by = request.membership
    if unknown:
        return letters.lines(letters.of_unknown_page(*unknown, by), by)
    if "all" in request.GET:
        found = letters.lines(letters.of_channel(chosen) if chosen else letters.of_all(by), by)
        return [(row, [chosen], parts) for row, _pages, parts in found] if chosen else found
    dead = letters.lines(list(letters.dead(by).defer("body").order_by("-pk")[:SHOWN]), by, failed=True)
    return [line for line in dead if chosen is None or chosen in line[1]]


def _queue(request: MemberRequest, pks: list[int]) -> None:
    asked = letters.replay(pks, by=request.membership, now=timezone.now())
    if not asked and pks:
        messages.warning(request, _("So many are being taken in again already. Ask once more when these are done."))
        return
    jobs.ring()
    request.session[REPLAYED] = {"by": request.membership.pk, "deliveries": asked}
    words = ngettext("%(number)d delivery is taken in again.", "%(number)d deliveries are taken in again.", len(asked))
    messages.success(request, words % {"number": len(asked)})


def _progress(request: MemberRequest) -> letters.Progress | None:
    """Of what this member asked for, in the organization that they work in now."""
    held = request.session.get(REPLAYED) or {}
    return letters.progress(held["deliveries"]) if held.get("by") == request.membership.pk else None


def _find(request: MemberRequest, pk: int) -> Delivery:
    found = letters.find(pk, request.membership)
    if found is None:
        raise Http404
    return found


def _context(request: MemberRequest, found: Delivery) -> dict[str, Any]:
    return {
        "delivery": found,
        "channels": letters.channels_of(found, request.membership),
        "parts": letters.parts_of(found, request.membership)[:SHOWN],
        "readable": letters.may_read(found, request.membership),
        "size": len(found.body),
        "now": timezone.now(),
    }


def _readable(raw: bytes) -> str:
    """With its lines set out where it is JSON; as it is otherwise. No more of it than is shown: deep ones would grow for ever."""
    text, pieces, length = raw.decode(errors="replace"), [], 0
    try:
        for piece in json.JSONEncoder(ensure_ascii=False, indent=2).iterencode(_masked(json.loads(text))):
            pieces.append(piece)
            length += len(piece)
            if length > MOST_SHOWN:
                break
    except (ValueError, RecursionError):
        return masked(text[: MOST_SHOWN + 1])
    return "".join(pieces)


def _masked(node: Any, key: str = "") -> Any:
    """Ids are left, as without them nothing can be looked for; WhatsApp's are telephone numbers."""
    match node:
        case str():
            return node if key.endswith("id") and key != "wa_id" else masked(node)
        case dict():
            return {name: _masked(value, name) for name, value in node.items()}
        case list():
            return [_masked(value, key) for value in node]
        case _:
            return node
