from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count, Max, Min
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Permission, requires
from accounts.requests import MemberRequest
from inbox import channels, jobs, platforms
from inbox.channel_forms import ConnectForm, TokenForm
from inbox.models import Channel, RejectedCount, UnhandledEvent
from inbox.platforms.base import Connection, SendError, SendUncertain


@requires(Permission.CHANNELS_MANAGE)
@require_safe
def channel_list(request: MemberRequest) -> HttpResponse:
    mine = Channel.objects.visible_to(request.membership).select_related("location")
    since = timezone.now().date() - timedelta(days=7)
    context = {
        "channels": mine.order_by("disconnected_at", "location__name", "platform"),
        "unknown": _unknown_pages(),
        "unrecognised": _unrecognised(request),
        "rejected": RejectedCount.objects.filter(day__gte=since).order_by("-day", "endpoint"),
    }
    return render(request, "inbox/channels/list.html", context)


@requires(Permission.CHANNELS_MANAGE)
@require_http_methods(["GET", "POST"])
def connect(request: MemberRequest) -> HttpResponse:
    first = {name: request.GET.get(name, "") for name in ("platform", "external_id")}
    form = ConnectForm(request.POST or None, initial=first, membership=request.membership)
    if request.method == "POST" and form.is_valid() and (channel := _connect(request, form)):
        messages.success(request, _("“%(name)s” is connected.") % {"name": channel.name})
        return redirect("channels:list")
    return render(request, "inbox/channels/connect.html", {"form": form}, status=422 if form.is_bound else 200)


@requires(Permission.CHANNELS_MANAGE)
@require_http_methods(["GET", "POST"])
def reconnect(request: MemberRequest, pk: int) -> HttpResponse:
    """Give a connected page a new token."""
    channel = get_object_or_404(Channel.objects.visible_to(request.membership), pk=pk)
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        known = {"platform": channel.platform, "external_id": channel.external_id, "name": channel.name}
        form.cleaned_data |= known | {"location": channel.location}
        if _connect(request, form):
            messages.success(request, _("“%(name)s” is connected.") % {"name": channel.name})
            return redirect("channels:list")
    context = {"form": form, "channel": channel}
    return render(request, "inbox/channels/connect.html", context, status=422 if form.is_bound else 200)


@requires(Permission.CHANNELS_MANAGE)
@require_http_methods(["GET", "POST"])
def disconnect(request: MemberRequest, pk: int) -> HttpResponse:
    channel = get_object_or_404(Channel.objects.visible_to(request.membership).connected(), pk=pk)
    if request.method != "POST":
        return render(request, "inbox/channels/disconnect.html", {"channel": channel})
    channels.disconnect(channel, by=request.membership, now=timezone.now())
    messages.success(request, _("“%(name)s” is disconnected. Its conversations stay.") % {"name": channel.name})
    return redirect("channels:list")


@requires(Permission.CHANNELS_MANAGE)
@require_safe
def unhandled(request: MemberRequest) -> HttpResponse:
    """The last parts of deliveries for our pages that we could not read."""
    events = UnhandledEvent.objects.filter(channel__in=Channel.objects.visible_to(request.membership))
    context = {"events": events.select_related("channel").order_by("-received_at", "-pk")[:100]}
    return render(request, "inbox/channels/unhandled.html", context)


@requires(Permission.CHANNELS_MANAGE)
@require_POST
def check(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask the platform whether the token still works."""
    channel = get_object_or_404(Channel.objects.visible_to(request.membership).connected(), pk=pk)
    problem = _ask(channel.platform, channels.connection_of(channel))[1]
    Channel.objects.filter(pk=channel.pk).update(problem=problem[:300], problem_at=timezone.now() if problem else None)
    if problem:
        messages.error(request, problem)
    else:
        messages.success(request, _("The platform knows “%(name)s”: the connection works.") % {"name": channel.name})
    return redirect("channels:list")


def _connect(request: MemberRequest, form: Any) -> Channel | None:
    """Connect what a valid form describes, after the platform said that the token is this page's own."""
    data = form.cleaned_data
    draft = Channel(platform=data["platform"], external_id=data["external_id"])
    draft.token = data["token"]
    name, problem = _ask(draft.platform, channels.connection_of(draft))
    if problem:
        form.add_error("token", problem)
        return None
    try:
        channel = channels.connect(
            data["location"],
            data["platform"],
            external_id=data["external_id"],
            name=data["name"] or name,
            token=data["token"],
            by=request.membership,
            now=timezone.now(),
        )
    except channels.AlreadyConnected as error:
        form.add_error("external_id" if "external_id" in form.fields else None, str(error))
        return None
    jobs.ring()
    return channel


def _ask(platform: str, connection: Connection) -> tuple[str, str]:
    """(the platform's name for the page, "") or ("", what is wrong, in words)."""
    try:
        return platforms.get(platform).identity(connection), ""
    except (SendError, SendUncertain) as error:
        detail = getattr(error, "detail", "") or str(error)
        return "", _("The platform does not accept this token for this page: %(detail)s") % {"detail": detail}


def _unknown_pages() -> Any:
    # Numbers and dates only: what was said belongs to whoever proves, by its token, that the page is theirs.
    kept = UnhandledEvent.objects.filter(reason=UnhandledEvent.Reason.UNKNOWN_CHANNEL)
    pages = kept.values("platform", "page_id").annotate(count=Count("pk"), first=Min("received_at"), last=Max("received_at"))
    return pages.order_by("-last")[:50]


def _unrecognised(request: MemberRequest) -> int:
    mine = Channel.objects.visible_to(request.membership)
    return UnhandledEvent.objects.filter(channel__in=mine, reason=UnhandledEvent.Reason.UNRECOGNISED).count()
