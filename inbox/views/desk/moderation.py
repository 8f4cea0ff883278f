"""The buttons on a message, and on a whole thread, beside answering."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import Permission, requires
from accounts.web.requests import MemberRequest
from inbox import jobs, moderation
from inbox.models import Conversation, Message, MessageAction
from inbox.moderation import ON_THREADS, NotPossible
from inbox.platforms.base import Action
from inbox.views.desk.actions import done
from inbox.views.desk.conversation import find


@requires(Permission.INBOX_WORK)
@require_POST
def act(request: MemberRequest, pk: int, message_pk: int, action: str) -> HttpResponse:
    conversation = find(request, pk)
    message = get_object_or_404(
        Message.objects.select_related("channel", "conversation"), pk=message_pk, conversation=conversation
    )
    return _ask(request, conversation, message, _named(action, on_thread=False))


@requires(Permission.INBOX_WORK)
@require_POST
def act_on_thread(request: MemberRequest, pk: int, action: str) -> HttpResponse:
    return _ask(request, find(request, pk), None, _named(action, on_thread=True))


@requires(Permission.INBOX_WORK)
@require_POST
def act_again(request: MemberRequest, pk: int) -> HttpResponse:
    asked = get_object_or_404(MessageAction.objects.visible_to(request.membership).select_related("conversation"), pk=pk)
    try:
        if moderation.ask_again(asked, by=request.membership, now=timezone.now()):
            jobs.ring_for_actions(asked.conversation.platform)
    except NotPossible as problem:
        messages.error(request, str(problem))
    return done(request, find(request, asked.conversation_id))


def _named(action: str, *, on_thread: bool) -> Action:
    if action not in set(Action) - {Action.EDIT} or (action in ON_THREADS) is not on_thread:
        raise Http404  # a correction goes by the guard: see responses.composing.corrections
    return Action(action)


def _ask(request: MemberRequest, conversation: Conversation, message: Message | None, action: Action) -> HttpResponse:
    try:
        moderation.ask(
            conversation, message, action, by=request.membership, now=timezone.now(), reason=request.POST.get("reason", "")
        )
        jobs.ring_for_actions(conversation.platform)
    except NotPossible as problem:
        messages.error(request, str(problem))
    return done(request, conversation)
