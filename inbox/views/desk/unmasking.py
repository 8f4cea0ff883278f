"""What was masked, shown for a moment to who may see it. Each time stands in the audit trail, and never what was shown."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.access import Permission, requires
from accounts.web.requests import MemberRequest
from inbox.models import Conversation, Message
from inbox.screening.shown import erased, masking
from inbox.views.desk.actions import done
from inbox.views.desk.conversation import find
from inbox.views.desk.unmasked import key_of, key_of_person, remember


@requires(Permission.INBOX_IDENTIFIERS)
@require_POST
@never_cache
def unmask(request: MemberRequest, pk: int, message_pk: int) -> HttpResponse:
    conversation = find(request, pk)
    said = Message.objects.prefetch_related("findings", "versions", "kept").filter(conversation=conversation)
    message = get_object_or_404(said, pk=message_pk)
    message.conversation = conversation
    show(request, message)
    return done(request, conversation)


@requires(Permission.INBOX_IDENTIFIERS)
@require_POST
@never_cache
def unmask_person(request: MemberRequest, pk: int) -> HttpResponse:
    """The name and the number under which the platform knows them."""
    conversation = find(request, pk)
    _show(request, conversation, key_of_person(conversation), types=["contact"])
    return done(request, conversation)


def show(request: MemberRequest, message: Message) -> None:
    """Its words; and those that were erased, where they are kept."""
    texts = erased.texts(message)
    keys = [key_of(message), *([erased.key_of(message)] if texts else [])]
    _show(request, message.conversation, *keys, message=message.pk, types=masking.kinds(message, texts))


@transaction.atomic
def _show(request: MemberRequest, conversation: Conversation, *keys: str, **detail: Any) -> None:
    now, by = timezone.now(), request.membership
    audit.record("identifiers.shown", conversation, organization=by.organization_id, by=by, now=now, **detail)
    for key in keys:
        remember(request, key, now)
