"""What triage saw in a message, as people judge it: removed with a reason, or put back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import Permission, requires
from accounts.web.posts import posted_from
from accounts.web.requests import MemberRequest
from inbox.desk import summaries
from inbox.forms import RemovalForm
from inbox.models import Finding
from inbox.screening import judging
from inbox.screening.explaining import badges, seen
from inbox.views.desk.actions import address, done
from inbox.views.desk.conversation import find, last_wait, show


@requires(Permission.INBOX_VIEW)
@require_GET
def why(request: MemberRequest, pk: int) -> HttpResponse:
    """Why badges stand on a line of the list. Of what points to a person, only that there is some."""
    conversation = find(request, pk)
    wait = last_wait(conversation) or summaries.last_wait(conversation)  # it may have gone to the private half
    said = list(wait.messages.prefetch_related("versions", "findings")) if wait else []
    found = [seen(finding, message, may_judge=False) for message in said for finding in message.findings.all()]
    there = [message for message in said if message.removed_at is None]
    context = {
        "seen": badges(each for each in found if each.stands),
        "unreadable": any(message.unreadable for message in there),
        "another_language": any(message.language == "other" for message in there),
    }
    return render(request, "inbox/_why.html", context)


def _said_in(request: MemberRequest, pk: int) -> str:
    return address(request, find(request, _judged(request, pk).message.conversation_id))


@requires(Permission.FINDINGS_ROUTES)  # whoever may remove anything may remove these; the others by their family
@posted_from(_said_in)
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    finding = _judged(request, pk)
    conversation, form = find(request, finding.message.conversation_id), RemovalForm(request.POST, finding=finding)
    if not form.is_valid():
        return show(request, conversation, status=422, removal_form=form)
    said = form.cleaned_data
    try:
        judging.remove(finding, reason=said["reason"], note=said["note"], by=request.membership, now=timezone.now())
    except judging.NotPossible as problem:
        messages.error(request, str(problem))
    return done(request, conversation)


@requires(Permission.FINDINGS_ROUTES)
@require_POST
def put_back(request: MemberRequest, pk: int) -> HttpResponse:
    finding = _judged(request, pk)
    try:
        judging.put_back(finding, by=request.membership, now=timezone.now())
    except judging.NotPossible as problem:
        messages.error(request, str(problem))
    return done(request, find(request, finding.message.conversation_id))


def _judged(request: MemberRequest, pk: int) -> Finding:
    finding = get_object_or_404(Finding.objects.visible_to(request.membership).select_related("message"), pk=pk)
    if not judging.may_judge(finding, request.membership):
        raise PermissionDenied
    return finding
