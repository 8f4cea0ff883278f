"""One page: the words as they stand, to be corrected."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Permission, requires
from accounts.locations.dates import tell_as_in
from accounts.web.requests import MemberRequest
from inbox import jobs
from inbox.models import Conversation, Message
from responses.composing import corrections
from responses.composing.judging import Finding
from responses.replies import Forbidden, Refused, Unacknowledged


@requires(Permission.REPLY_FREELY)
@require_http_methods(["GET", "POST"])
def correct(request: MemberRequest, pk: int) -> HttpResponse:
    ours = Message.objects.filter(direction=Message.Direction.OUT, removed_at=None)
    ours = ours.filter(conversation__in=Conversation.objects.visible_to(request.membership))
    related = (
        "channel",
        "conversation__channel",
        "conversation__location",
        "conversation__contact",
        "conversation__organization",
    )
    message = get_object_or_404(ours.select_related(*related), pk=pk)
    tell_as_in(message.conversation.location)
    text = request.POST.get("text", message.text)
    problems: list[str] = []
    warnings: list[Finding] = []
    status = 200
    if request.method == "POST":
        try:
            acknowledged = request.POST.get("acknowledged") == "yes"
            corrections.correct(message, text, by=request.membership, now=timezone.now(), acknowledged=acknowledged)
        except Forbidden as refusal:
            problems, status = refusal.problems, 403
        except Refused as refusal:
            problems, status = refusal.problems, 422
        except Unacknowledged as asked:
            warnings, status = asked.warnings, 422
        else:
            jobs.ring_for_actions(message.conversation.platform)
            messages.success(request, _("The correction is on its way."))
            return redirect(message.conversation)
    context = {"message": message, "conversation": message.conversation, "text": text, "problems": problems, "warnings": warnings}
    return render(request, "responses/correct.html", context, status=status)
