"""Connecting by the platform's own dialog: leave for it, come back, choose pages, see that it works."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Permission, requires
from accounts.locations.dates import tell_as_in
from accounts.models import Location
from accounts.web.requests import MemberRequest
from inbox import channels, jobs
from inbox.channels.joining import consents, starting
from inbox.models import Channel
from inbox.platforms import consent as logins
from inbox.platforms import wire
from inbox.platforms.base import SendError, SendUncertain
from inbox.platforms.consent import Candidate, Consent, Declined


@requires(Permission.CHANNELS_MANAGE)
@require_safe
@never_cache
def leave(request: MemberRequest, slug: str) -> HttpResponse:
    consent = _consent(slug)
    state = consents.leave(request.session, slug, now=timezone.now())
    return redirect(consent.dialog(channels.variables(), redirect_uri=_way_back(slug), state=state))


@requires(Permission.CHANNELS_MANAGE)
@require_safe
@never_cache
def come_back(request: MemberRequest, slug: str) -> HttpResponse:
    consent, now = _consent(slug), timezone.now()
    try:
        consents.come_back(request.session, slug, request.GET.get("state", ""), now=now)
        code = consent.code(request.GET.dict())
        found = list(consent.candidates(channels.variables(), code, redirect_uri=_way_back(slug)))
    except consents.NotOurs:
        return _stop(request, _("This answer does not belong to what you began, or it took too long. Begin again."))
    except Declined:
        return _stop(request, _("Nothing was connected: the permission was not given. Begin again whenever you like."))
    except (SendError, SendUncertain, wire.Unreadable) as problem:
        said = getattr(problem, "detail", "") or str(problem)
        return _stop(
            request, _("%(platform)s did not hand over its pages: %(detail)s") % {"platform": consent.label, "detail": said}
        )
    if not found:
        said = _(
            "%(platform)s named no page that you may connect. Are you its administrator, and did you choose it in the dialog?"
        )
        return _stop(request, said % {"platform": consent.label})
    consents.keep(request.session, found, now=now)
    return redirect("channels:choose")


@requires(Permission.CHANNELS_MANAGE)
@require_http_methods(["GET", "POST"])
@never_cache
def choose(request: MemberRequest) -> HttpResponse:
    now = timezone.now()
    candidates = consents.kept(request.session, now=now)
    if not candidates:
        return _stop(request, _("There is nothing to choose from any more. Begin again."))
    places = list(request.membership.visible_locations())
    problem = ""
    if request.method == "POST":
        chosen = _chosen(request, candidates, places)
        if chosen:
            return _connect(request, chosen)
        problem = _("Choose at least one page, and the location of each.")
    rows = [_row(number, candidate, request) for number, candidate in enumerate(candidates)]
    context = {"rows": rows, "places": places, "problem": problem}
    return render(request, "inbox/channels/choose.html", context, status=422 if problem else 200)


@requires(Permission.CHANNELS_MANAGE)
@require_safe
def started(request: MemberRequest, pk: int) -> HttpResponse:
    """Whether all is as it must be, and whether a first event has come; asked again by itself until it has."""
    channel = get_object_or_404(Channel.objects.visible_to(request.membership).select_related("location"), pk=pk)
    tell_as_in(channel.location)
    context = {
        "channel": channel,
        "steps": starting.steps(channel),
        "awaited": starting.awaited(channel),
        "first": starting.first_event(channel),
        "now": timezone.now(),
    }
    whole = request.htmx.target != "started"
    return render(request, "inbox/channels/started.html" if whole else "inbox/channels/_started.html", context)


def _consent(slug: str) -> Consent:
    try:
        consent = logins.get(slug)
    except LookupError:
        raise Http404 from None
    if not consent.offered(channels.variables()):
        raise Http404
    return consent


def _way_back(slug: str) -> str:
    return settings.PUBLIC_URL + reverse("channels:come_back", args=[slug])


def _stop(request: HttpRequest, said: str) -> HttpResponse:
    messages.error(request, said)
    return redirect("channels:connect")


def _row(number: int, candidate: Candidate, request: MemberRequest) -> dict[str, Any]:
    same = {"platform": candidate.platform, "external_id": candidate.external_id}
    known = Channel.objects.visible_to(request.membership).filter(**same).select_related("location").first()
    elsewhere = known is None and Channel.objects.filter(**same).exists()
    return {"number": number, "candidate": candidate, "known": known, "elsewhere": elsewhere}


def _chosen(request: MemberRequest, candidates: list[Candidate], places: list[Location]) -> list[tuple[Candidate, Location]]:
    by_pk = {str(place.pk): place for place in places}
    found = []
    for number, candidate in enumerate(candidates):
        place = by_pk.get(request.POST.get(f"location-{number}", ""))
        if str(number) in request.POST.getlist("page") and place:
            found.append((candidate, place))
    return found


def _connect(request: MemberRequest, chosen: list[tuple[Candidate, Location]]) -> HttpResponse:
    connected = []
    for candidate, place in chosen:
        try:
            connected.append(starting.start(candidate, place, by=request.membership, now=timezone.now()))
        except channels.AlreadyConnected as problem:
            messages.error(request, f"{candidate.name}: {problem}")
    consents.forget(request.session)
    jobs.ring()
    if connected:
        count = len(connected)
        messages.success(
            request, ngettext("%(count)d page is connected.", "%(count)d pages are connected.", count) % {"count": count}
        )
    # Of several, the list says of each that its first event is waited for.
    return redirect("channels:started", connected[0].pk) if len(connected) == 1 else redirect("channels:list")
