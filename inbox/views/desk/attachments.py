"""One attachment, through us: the browser never calls a platform, and nothing is kept of what passes."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import Permission, requires
from accounts.web.requests import MemberRequest
from inbox.fetching import attachments
from inbox.fetching.attachments import Gone, Unfit, Unreachable
from inbox.models import Conversation, Message

# Whatever it turns out to be, it runs nothing and loads nothing.
SEALED = "default-src 'none'; media-src 'self'; img-src 'self'; sandbox"


@requires(Permission.INBOX_VIEW)
@require_safe
def attachment(request: MemberRequest, pk: int, message_pk: int, number: int) -> HttpResponse:
    conversation = get_object_or_404(Conversation.objects.visible_to(request.membership), pk=pk)
    message = get_object_or_404(Message.objects.select_related("channel"), pk=message_pk, conversation=conversation)
    if number >= len(message.attachments):
        raise Http404
    try:
        found = attachments.fetch(message, number, now=timezone.now())
    except Gone:
        said = _("%(platform)s no longer has this. Ask the person to send it again.") % {"platform": _name(conversation)}
        return _without(request, said, 410)
    except Unfit:
        said = _("This cannot be shown here. Look at it on %(platform)s.") % {"platform": _name(conversation)}
        return _without(request, said, 422)
    except Unreachable:
        said = _("%(platform)s does not answer just now. Try again in a moment.") % {"platform": _name(conversation)}
        return _without(request, said, 503)
    response = HttpResponse(found.body, content_type=found.content_type)
    kind = "attachment" if found.content_type.startswith("application/") else "inline"
    response.headers["Content-Disposition"] = f'{kind}; filename="{message.pk}-{number}.{found.content_type.partition("/")[2]}"'
    response.headers["Cache-Control"] = "private, max-age=300"
    return _sealed(response)


def _name(conversation: Conversation) -> str:
    return conversation.get_platform_display()


def _without(request: MemberRequest, said: str, status: int) -> HttpResponse:
    """Why there is nothing to see: a picture where the page wants a picture, else a page."""
    if request.headers.get("Sec-Fetch-Dest") != "image":
        return render(request, "inbox/attachment.html", {"said": said}, status=status)
    lines = [(50 + 20 * number, line) for number, line in enumerate(_lines(said))]
    drawn = render_to_string("inbox/no_picture.svg", {"lines": lines})
    response = HttpResponse(drawn, content_type="image/svg+xml", status=status)
    response.headers["Cache-Control"] = "no-store"
    return _sealed(response)


def _lines(said: str, width: int = 34) -> list[str]:
    lines = [""]
    for word in said.split(" "):
        if len(lines[-1]) + len(word) > width and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _sealed(response: HttpResponse) -> HttpResponse:
    response.headers["Content-Security-Policy"] = SEALED
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
