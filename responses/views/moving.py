"""One page: what hiding and moving to private does here, what it cannot do, and the button that does it."""

from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import Permission, requires
from accounts.locations.dates import tell_as_in
from accounts.web.requests import MemberRequest
from inbox import jobs
from inbox.models import Conversation
from inbox.moderation import NotPossible
from responses.composing import moving, speaking
from responses.replies import Forbidden, Refused, Unacknowledged


@requires(Permission.REPLY)
@require_http_methods(["GET", "POST"])
def move(request: MemberRequest, pk: int) -> HttpResponse:
    related = ("channel", "location", "contact", "post", "organization")
    conversation = get_object_or_404(Conversation.objects.visible_to(request.membership).select_related(*related), pk=pk)
    tell_as_in(conversation.location)
    now, by, language = timezone.now(), request.membership, speaking.asked(conversation)
    refused: list[str] = []
    if request.method == "POST":
        try:
            moving.move(conversation, by=by, language=language, key=_key(request), now=now)
        except (Forbidden, Refused) as refusal:
            refused = refusal.problems
        except Unacknowledged as asked:
            refused = [finding.message for finding in asked.warnings]
        except NotPossible as problem:
            refused = [str(problem)]
        else:
            jobs.ring_for_actions(conversation.platform)
            return redirect(conversation)
    plan = None if moving.is_under_way(conversation) else moving.plan(conversation, by=by, language=language, now=now)
    if plan is None and not refused:
        return redirect(conversation)
    context = {"conversation": conversation, "plan": plan, "refused": refused, "key": uuid4()}
    return render(request, "responses/move.html", context, status=422 if refused else 200)


def _key(request: MemberRequest) -> UUID:
    """Of the form that was sent, so that two presses are one."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()
