"""What staff do with a conversation. Each is a small form; each answers with the conversation as it is then."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import Permission, requires
from accounts.web.posts import posted_from
from accounts.web.requests import MemberRequest
from inbox import conversations, crises, waits
from inbox.forms import AssignForm, CloseForm, ExcludeForm, NoteForm
from inbox.models import Conversation, Wait
from inbox.views.desk.conversation import find, show


def address(request: MemberRequest, conversation: Conversation) -> str:
    """Of its page, beside the list that is open."""
    query = request.GET.urlencode()
    return conversation.get_absolute_url() + (f"?{query}" if query else "")


def _found(request: MemberRequest, pk: int) -> str:
    return address(request, find(request, pk))


@requires(Permission.INBOX_HAND_ON)
@posted_from(_found)
def assign(request: MemberRequest, pk: int) -> HttpResponse:
    conversation = find(request, pk)
    form = AssignForm(request.POST, conversation=conversation)
    if not form.is_valid():
        return show(request, conversation, status=422, assign_form=form)
    conversations.assign(conversation, form.cleaned_data["member"], by=request.membership, now=timezone.now())
    return done(request, conversation)


@requires(Permission.INBOX_HAND_ON)
@posted_from(_found)
def note(request: MemberRequest, pk: int) -> HttpResponse:
    conversation = find(request, pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return show(request, conversation, status=422, note_form=form)
    conversations.add_note(conversation, form.cleaned_data["text"], by=request.membership, now=timezone.now())
    return done(request, conversation)


@requires(Permission.INBOX_WORK)
@posted_from(_found)
def close(request: MemberRequest, pk: int) -> HttpResponse:
    conversation = find(request, pk)
    form = CloseForm(request.POST, conversation=conversation)
    if not form.is_valid():
        return show(request, conversation, status=422, close_form=form)
    try:
        conversations.close(conversation, form.cleaned_data["outcome"], by=request.membership, now=timezone.now())
    except crises.NotPossible as problem:
        form.add_error("outcome", str(problem))
        return show(request, conversation, status=422, close_form=form)
    return done(request, conversation)


@requires(Permission.INBOX_WORK)
@require_POST
def reopen(request: MemberRequest, pk: int) -> HttpResponse:
    conversation = find(request, pk)
    conversations.reopen(conversation, by=request.membership, now=timezone.now())
    return done(request, conversation)


@requires(Permission.INBOX_EXCLUDE)
@posted_from(_found)
def exclude(request: MemberRequest, pk: int) -> HttpResponse:
    """Take the running wait of a conversation out of the figures."""
    conversation, form = find(request, pk), ExcludeForm(request.POST)
    if not form.is_valid():
        return show(request, conversation, status=422, exclude_form=form)
    running = waits.running(conversation)
    try:
        if running is None:
            raise waits.NotPossible(_("This wait has already ended."))
        waits.exclude(running, reason=form.cleaned_data["reason"], by=request.membership, now=timezone.now())
    except waits.NotPossible as problem:
        form.add_error(None, str(problem))
        return show(request, conversation, status=422, exclude_form=form)
    return done(request, conversation)


@requires(Permission.INBOX_EXCLUDE)
@require_POST
def reopen_wait(request: MemberRequest, pk: int) -> HttpResponse:
    """Put a wait back that a person had ended: it is due when it always was."""
    wait = get_object_or_404(Wait.objects.visible_to(request.membership), pk=pk)
    try:
        waits.reopen(wait, by=request.membership, now=timezone.now())
    except waits.NotPossible as problem:
        messages.error(request, str(problem))
    return done(request, find(request, wait.conversation_id))


def done(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    if request.htmx.target == "conversation":
        return show(request, find(request, conversation.pk))
    return redirect(address(request, conversation))
