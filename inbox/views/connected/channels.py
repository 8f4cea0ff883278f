from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Permission, requires
from accounts.models import Location
from accounts.web.requests import MemberRequest
from inbox import channels, jobs, platforms
from inbox.channels.joining import shared_secrets
from inbox.models import Channel
from inbox.platforms.base import SendError, SendUncertain
from inbox.platforms.consent import CONSENTS
from inbox.views.connected import refused
from inbox.views.connected.forms import ChooseForm, ConnectForm

GUIDE = settings.BASE_DIR / "docs" / "website-webhook.md"
SHOWN_ONCE = "shown_once"  # in the session: the channel whose new secret the next page shows


@requires(Permission.CHANNELS_MANAGE)
@require_http_methods(["GET", "POST"])
def connect(request: MemberRequest) -> HttpResponse:
    """First the platform and the location, then what that platform asks."""
    given = request.POST or request.GET
    choice = ChooseForm(given if given.get("location") else None, initial=request.GET.dict(), membership=request.membership)
    if not choice.is_valid():
        offered = [consent for consent in CONSENTS if consent.offered(channels.variables())]
        context = {"form": choice, "choosing": True, "consents": offered, "external_id": given.get("external_id", "")}
        return render(request, "inbox/channels/connect.html", context, status=422 if choice.is_bound else 200)
    connector = platforms.get(choice.cleaned_data["platform"])
    form = ConnectForm(request.POST or None, connector=connector, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        known = Channel(platform=connector.slug, external_id=form.cleaned_data.get("external_id") or shared_secrets.identifier())
        if channel := _connect(request, form, known, choice.cleaned_data["location"]):
            return _connected(request, channel)
    context = {"form": form, "connector": connector, "choice": choice.cleaned_data}
    return render(request, "inbox/channels/connect.html", context, status=422 if form.is_bound else 200)


@requires(Permission.CHANNELS_MANAGE)
@require_http_methods(["GET", "POST"])
def reconnect(request: MemberRequest, pk: int) -> HttpResponse:
    """Give a connected page a new token, or other settings."""
    channel = get_object_or_404(Channel.objects.visible_to(request.membership).select_related("location"), pk=pk)
    connector = platforms.get(channel.platform)
    form = ConnectForm(request.POST or None, connector=connector, channel=channel, initial=channel.settings)
    if request.method == "POST" and form.is_valid() and _connect(request, form, channel, channel.location):
        return _connected(request, channel)
    context = {"form": form, "channel": channel, "connector": connector}
    return render(request, "inbox/channels/connect.html", context, status=422 if form.is_bound else 200)


def _connected(request: MemberRequest, channel: Channel) -> HttpResponse:
    messages.success(request, _("“%(name)s” is connected.") % {"name": channel.name})
    # A secret that we made is to be copied first; that page leads on to the same.
    return redirect("channels:webhook" if channel.shares_secret else "channels:started", channel.pk)


@requires(Permission.CHANNELS_MANAGE)
@require_http_methods(["GET", "POST"])
def disconnect(request: MemberRequest, pk: int) -> HttpResponse:
    channel = get_object_or_404(Channel.objects.visible_to(request.membership).connected(), pk=pk)
    if request.method != "POST":
        return render(request, "inbox/channels/disconnect.html", {"channel": channel})
    channels.disconnect(channel, by=request.membership, now=timezone.now())
    messages.success(request, _("“%(name)s” is disconnected. Its conversations stay.") % {"name": channel.name})
    return redirect("channels:list")


def _connect(request: MemberRequest, form: ConnectForm, known: Channel, place: Location) -> Channel | None:
    """Connect what a valid form describes, after the platform said that the token is this page's own."""
    asked = form.connector.proven_by
    draft = Channel(platform=known.platform, external_id=known.external_id, settings=form.settings)
    secret = "" if asked else shared_secrets.kept(known)
    draft.token = form.cleaned_data["token"] if asked else secret or shared_secrets.secret()
    try:
        name = _ask(draft)
    except (SendError, SendUncertain) as error:
        form.add_error(*refused.told(error, form.connector, form.fields))
        return None
    name = form.cleaned_data.get("name") or known.name or name
    if not name:
        form.add_error("name" if "name" in form.fields else None, _("The platform tells no name: give it one."))
        return None
    try:
        channel = channels.connect(
            place,
            draft.platform,
            external_id=draft.external_id,
            name=name,
            token=draft.token,
            settings=draft.settings,
            by=request.membership,
            now=timezone.now(),
        )
    except channels.AlreadyConnected as error:
        form.add_error("external_id" if "external_id" in form.fields else None, str(error))
        return None
    if not asked and not secret:
        request.session[SHOWN_ONCE] = channel.pk
    jobs.ring()
    return channel


def _ask(draft: Channel) -> str:
    """The platform's name for the page. Keeps the settings that the platform accepts. Raises the last refusal."""
    connector, last = platforms.get(draft.platform), None
    for variant in connector.variants(draft.settings):
        draft.settings = dict(variant)
        try:
            with channels.calling(draft, now=timezone.now()) as connection:
                return connector.identity(connection)
        except (SendError, SendUncertain) as error:
            last = error
    raise last or SendUncertain("no settings to try")


# --- pages that share a secret with us ---------------------------------------------------------------


@requires(Permission.CHANNELS_MANAGE)
@require_safe
def webhook(request: MemberRequest, pk: int) -> HttpResponse:
    """Where a site sends its webhooks, and with which secret: shown once."""
    channel = _sharing(request, pk)
    shown = request.session.pop(SHOWN_ONCE, None) == channel.pk
    context = {
        "channel": channel,
        "address": shared_secrets.receiver_of(channel),
        "secret": shared_secrets.newest(channel) if shown else "",
        "valid": shared_secrets.count(channel),
        "answers": platforms.get(channel.platform).can_answer(channel.settings),
    }
    return render(request, "inbox/channels/webhook.html", context)


@requires(Permission.CHANNELS_MANAGE)
@require_safe
def guide(request: MemberRequest) -> HttpResponse:
    """The document for whoever writes the site's side, as it is: it is read by people who write code."""
    return HttpResponse(GUIDE.read_bytes(), content_type="text/plain; charset=utf-8")


@requires(Permission.CHANNELS_MANAGE)
@require_POST
def renew_secret(request: MemberRequest, pk: int) -> HttpResponse:
    channel = _sharing(request, pk)
    shared_secrets.renew(channel, by=request.membership, now=timezone.now())
    request.session[SHOWN_ONCE] = channel.pk
    return redirect("channels:webhook", channel.pk)


@requires(Permission.CHANNELS_MANAGE)
@require_POST
def forget_secret(request: MemberRequest, pk: int) -> HttpResponse:
    channel = _sharing(request, pk)
    shared_secrets.forget_older(channel, by=request.membership, now=timezone.now())
    messages.success(request, _("Only the newest secret is valid now."))
    return redirect("channels:webhook", channel.pk)


def _sharing(request: MemberRequest, pk: int) -> Channel:
    sharing = [connector.slug for connector in platforms.connectors() if connector.proven_by is None]
    mine = Channel.objects.visible_to(request.membership).connected().filter(platform__in=sharing)
    return get_object_or_404(mine.select_related("location"), pk=pk)
