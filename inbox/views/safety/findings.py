"""What triage saw in a message, as people judge it: removed with a reason, or put back; and what they add to it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import reswap, retarget

from accounts.access import Permission, requires
from accounts.web.posts import posted_from
from accounts.web.requests import MemberRequest
from inbox.desk import summaries
from inbox.forms import RemovalForm, UnseenForm
from inbox.models import Conversation, Finding, Message
from inbox.screening.by_people import adding, judging
from inbox.screening.shown import masking
from inbox.screening.shown.explaining import badges, seen
from inbox.views.desk import talk
from inbox.views.desk.actions import address, done
from inbox.views.desk.conversation import find, last_wait, show
from inbox.views.desk.unmasked import key_of, unmasked


@requires(Permission.INBOX_VIEW)
@require_GET
def why(request: MemberRequest, pk: int) -> HttpResponse:
    """Why badges stand on a line of the list. Of what points to a person, only that there is some."""
    conversation = find(request, pk)
    wait = last_wait(conversation) or summaries.last_wait(conversation)  # it may have gone to the private half
    said = list(wait.messages.prefetch_related("versions", "findings__added_by__user")) if wait else []
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


@requires(Permission.FINDINGS_ROUTES)  # whoever may remove these may add anything: see adding.may_add
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def add(request: MemberRequest, pk: int, message_pk: int) -> HttpResponse:
    """Report what was not seen: a page of its own, and a part of the menu of the message for who asks for that."""
    conversation = find(request, pk)
    rows = Message.objects.select_related("channel").prefetch_related("findings").filter(conversation=conversation)
    message = get_object_or_404(rows, pk=message_pk)
    message.conversation = conversation
    if not adding.may_add(message, request.membership):
        raise Http404
    form = UnseenForm(request.POST if request.method == "POST" else None, message=message)
    if request.method != "POST" or not form.is_valid():
        return _unseen(request, conversation, message, form)
    said, now = form.cleaned_data, timezone.now()
    bare = key_of(message) in unmasked(request, now)
    try:
        adding.add(message, said["type"], words=said["words"], note=said["note"], unmasked=bare, by=request.membership, now=now)
    except adding.NotThere as problem:
        form.add_error("words", str(problem))
    except judging.NotPossible as problem:
        form.add_error(None, str(problem))
    return done(request, conversation) if form.is_valid() else _unseen(request, conversation, message, form)


def _unseen(request: MemberRequest, conversation: Conversation, message: Message, form: UnseenForm) -> HttpResponse:
    """What was typed stays, with what is wrong with it."""
    status = 422 if form.is_bound else 200
    query = request.GET.urlencode()
    context = {"conversation": conversation, "message": message, "form": form, "query": f"?{query}" if query else ""}
    if not request.htmx:
        return render(request, "inbox/unseen.html", context | {"words": masking.words(message)}, status=status)
    answer = render(request, "inbox/_unseen.html", context, status=status)
    return reswap(retarget(answer, f"#{talk.place_of_form(message)}"), "innerHTML")


@requires(Permission.FINDINGS_ROUTES)
@require_POST
def take_back(request: MemberRequest, pk: int) -> HttpResponse:
    rows = Finding.objects.visible_to(request.membership).select_related("message__conversation")
    finding = get_object_or_404(rows, pk=pk, added_by=request.membership)
    try:
        adding.take_back(finding, by=request.membership, now=timezone.now())
    except judging.NotPossible as problem:
        messages.error(request, str(problem))
    return done(request, find(request, finding.message.conversation_id))


def _judged(request: MemberRequest, pk: int) -> Finding:
    finding = get_object_or_404(Finding.objects.visible_to(request.membership).select_related("message"), pk=pk)
    if not judging.may_judge(finding, request.membership):
        raise PermissionDenied
    return finding
