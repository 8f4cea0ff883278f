"""Words that may not be kept, shown once more from the platform itself; nothing of them is stored."""

from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.access import Permission, requires
from accounts.locations.dates import tell_as_in
from accounts.web.requests import MemberRequest
from inbox import channels, platforms
from inbox.keeping import retention
from inbox.models import Conversation, Message
from inbox.models.channels import TokenUnreadable
from inbox.platforms import wire
from inbox.platforms.base import SendError, SendUncertain, Turn
from inbox.screening.shown import masking


@requires(Permission.INBOX_VIEW)
@require_GET
@never_cache
def reread(request: MemberRequest, pk: int, message_pk: int) -> HttpResponse:
    conversation = get_object_or_404(Conversation.objects.visible_to(request.membership).select_related("contact"), pk=pk)
    messages = Message.objects.select_related("channel", "conversation__location", "conversation__contact")
    message = get_object_or_404(messages, pk=message_pk, conversation=conversation)
    if not retention.may_be_read_again(message):
        raise Http404
    tell_as_in(message.conversation.location)
    words, problem = _ask(message, timezone.now())
    context = {"conversation": conversation, "message": message, "words": words, "problem": problem}
    return render(request, "inbox/reread.html", context)


def _ask(message: Message, now: datetime) -> tuple[str, str]:
    """(what the platform shows now, "") or ("", why it shows nothing)."""
    connector = platforms.get(message.channel.platform)
    try:
        with channels.calling(message.channel, now=now) as connection:
            items = list(connector.fetch(message.external_id, connection))
        events = [event for item in items for event in connector.read_listed(message.channel.external_id, item)]
    except (SendError, SendUncertain, TokenUnreadable, wire.Unreadable):
        return "", _("The platform does not show it just now. Try again in a moment, or look there yourself.")
    turns = [event for event in events if isinstance(event, Turn) and event.external_id == message.external_id]
    return (masking.told(turns[0].text, message.conversation), "") if turns else ("", _("It is no longer there."))
