import secrets
from datetime import datetime

from django.db import transaction

from simulator import faults, options, platforms
from simulator.acts.people import acted, worded
from simulator.faults import Kind
from simulator.models import Comment, Message, Page, Person, Source
from simulator.web import media
from simulator.webhooks import deliveries
from simulator.wire import Json


@transaction.atomic
def write_message(
    page: Page,
    person: Person,
    *,
    text: str = "",
    attachments: list[Json] | None = None,
    by_page: bool = False,
    source: str = Source.CUSTOMER,
    reply_to: str = "",
    metadata: str = "",
    tag: str = "",
    comment: Comment | None = None,
    extra: Json | None = None,
    external_id: str = "",
    at: datetime | None = None,
) -> Message:
    at = at or options.now()
    message = Message.objects.create(
        page=page,
        person=person,
        external_id=external_id or platforms.of(page).message_id(),
        by_page=by_page,
        source=source,
        text=text if by_page else worded(page, text),
        attachments=[_hosted(each) for each in attachments or []],
        reply_to=reply_to,
        metadata=metadata,
        tag=tag,
        comment=comment,
        extra=extra or {},
        created_at=at,
    )
    platforms.of(page).written(message)
    if not by_page:
        acted(person, at)
    if comment:
        Comment.objects.filter(pk=comment.pk).update(privately_replied_at=at)
    if source != Source.API or not faults.take(page, Kind.NO_ECHO):
        _tell_message(message, "add", at)
    return message


def _hosted(attachment: Json) -> Json:
    """What was attached without an address is a file of ours."""
    if attachment["type"] in media.BY_TYPE and not attachment.keys() & {"url", "content"}:
        return attachment | media.attachment(attachment["type"], secrets.token_hex(4))
    return attachment


def _tell_message(message: Message, verb: str, at: datetime) -> None:
    tells = platforms.of(message.page).message_event
    if tells is None:
        raise ValueError(f"{message.page.platform_label} carries no messages")
    what = f"{'écho' if message.by_page else 'message'} {verb}: {message.text[:60]}"
    deliveries.emit(message.page, tells(message, verb, at), what, about=message.external_id, verb=verb)


@transaction.atomic
def edit_message(message: Message, text: str, *, at: datetime | None = None) -> None:
    message.text, message.edits = text, message.edits + 1
    message.save(update_fields=["text", "edits"])
    _tell_message(message, "edit", at or options.now())


@transaction.atomic
def delete_message(message: Message, *, at: datetime | None = None) -> None:
    at = at or options.now()
    message.deleted_at = at
    message.save(update_fields=["deleted_at"])
    _tell_message(message, "delete", at)


@transaction.atomic
def react_to_message(message: Message, reaction: str, *, at: datetime | None = None) -> None:
    """A person's reaction, which opens the window as a message does; an empty one takes it back."""
    at = at or options.now()
    message.reaction = reaction
    message.save(update_fields=["reaction"])
    acted(message.person, at)
    _tell_message(message, "react" if reaction else "unreact", at)
