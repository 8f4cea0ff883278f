"""The composer: one form, drawn by the server after each step, sent by one of its buttons."""

import hashlib
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.access import Permission, requires
from accounts.locations.dates import tell_as_in
from accounts.web.posts import posted_from
from accounts.web.requests import MemberRequest
from inbox import conversations
from inbox.cases import reading as cases
from inbox.models import Conversation
from inbox.platforms.base import WindowState
from responses import replies, wording
from responses.composing import judging, moving, suggest
from responses.composing.allowed import allowed
from responses.composing.forms import Sheet, number
from responses.composing.parts import parts_of
from responses.composing.seen import Changes, Seen, changes_since
from responses.models import Reply, ReplyDraft, TemplateVersion
from responses.sending.progress import Progress


@requires(Permission.REPLY)
@vary_on_headers("HX-Request", "HX-Target")
def composer(request: MemberRequest, pk: int) -> HttpResponse:
    conversation = _conversation(request, pk)
    if request.method != "POST":
        sheet = Sheet.opened(conversation, request.membership)
        sheet.steer(request.GET)
        return _show(request, sheet, folded=not request.GET)
    sheet = Sheet.posted(conversation, request.membership, request.POST)
    if "send" in request.POST:
        return _send(request, sheet)
    if "instead" in request.POST and sheet.beside:
        replies.use_again(sheet.beside, by=request.membership, now=timezone.now(), instead=True)
        return _after(request, sheet.beside)
    _press(request, sheet)
    _keep(sheet)
    if request.htmx:
        return _show(request, sheet)
    # What no draft keeps travels in the address.
    steps = {"mode": sheet.mode, "language": sheet.language, "search": sheet.search, "own": "1" if sheet.own_words else ""}
    return redirect(f"{reverse('responses:composer', args=[pk])}?{urlencode(steps)}")


def _send(request: MemberRequest, sheet: Sheet) -> HttpResponse:
    now = timezone.now()
    drawing = judging.draw(sheet.conversation, sheet.words, by=sheet.membership, mode=sheet.mode, now=now)
    try:
        replies.compose(
            sheet.conversation,
            by=sheet.membership,
            now=now,
            words=sheet.words,
            mode=sheet.mode,
            key=sheet.key,
            seen=sheet.seen,
            acknowledged=bool(drawing.warnings) and sheet.acknowledged == _digest(drawing),
        )
    except replies.Forbidden as refusal:
        return _show(request, sheet, problems=refusal.problems, status=403)
    except replies.Stale as stale:
        _keep(sheet)
        sheet.seen = Seen.of(sheet.conversation)  # shown now: pressing Send again is "send anyway"
        return _show(request, sheet, changes=stale.changes, status=422)
    except replies.Refused as refusal:
        _keep(sheet)
        return _show(request, sheet, problems=refusal.problems, status=422)
    except replies.Unacknowledged:
        _keep(sheet)
        return _show(request, sheet, asked=True, status=422)
    if request.htmx:
        return _show(request, Sheet.opened(sheet.conversation, sheet.membership), folded=True)
    return redirect("responses:composer", sheet.conversation.pk)


def _press(request: MemberRequest, sheet: Sheet) -> None:
    """What the pressed button changes before the sheet is drawn again."""
    pressed = request.POST
    if "pick" in pressed:
        found = TemplateVersion.objects.of(sheet.membership).filter(pk=number(pressed["pick"]))
        sheet.version, sheet.own_words, sheet.search = found.select_related("template").first(), False, ""
    if "speak" in pressed and pressed["speak"] in {"fr", "en"}:
        sheet.language = pressed["speak"]
    if "turn" in pressed:
        sheet.turn(pressed["turn"])
        if (
            sheet.version
            and not suggest.fitting(sheet.conversation, by=sheet.membership, mode=sheet.mode, now=timezone.now())
            .filter(pk=sheet.version.pk)
            .exists()
        ):
            sheet.version = None
    if "clear" in pressed:
        sheet.version, sheet.own_words = None, False
    if "own" in pressed:
        sheet.version = None
        sheet.write_freely(True)


@require_POST
@requires(Permission.REPLY)
def draft(request: MemberRequest, pk: int) -> HttpResponse:
    """Keep what is typed, and say what Send would say."""
    sheet = Sheet.posted(_conversation(request, pk), request.membership, request.POST)
    _keep(sheet)
    return render(request, "responses/_composer_check.html", {"sheet": sheet} | _judged(sheet))


def _keep(sheet: Sheet) -> None:
    if Reply.objects.filter(key=sheet.key).exists():
        return  # on its way while Send was pressed, it comes too late: its words have left
    if sheet.blank:
        ReplyDraft.objects.filter(conversation=sheet.conversation, membership=sheet.membership).delete()
        return
    replies.save_draft(
        sheet.conversation,
        by=sheet.membership,
        now=timezone.now(),
        version=sheet.version,
        language=sheet.language,
        mode=sheet.mode,
        fields=sheet.typed if sheet.version or not sheet.own_words else {"text": ""} | sheet.typed,
    )


@require_safe
@requires(Permission.REPLY)
def reply_list(request: MemberRequest, pk: int) -> HttpResponse:
    """What is on its way, asked again while it is."""
    conversation = _conversation(request, pk)
    seen = Seen.read(request.GET.get("seen", ""))
    changes = changes_since(seen, conversation, by=request.membership) if seen else None
    return render(request, "responses/_replies.html", _under_way(conversation) | {"newer": changes})


@require_POST
@requires(Permission.REPLY)
def reply_undo(request: MemberRequest, pk: int) -> HttpResponse:
    reply = _reply(request, pk)
    _keep_beside(request, reply)
    undone = moving.undo(reply, by=request.membership, now=timezone.now())
    return _after(request, reply, said="undone" if undone else "too_late", offered=undone)


def _composer_of(request: MemberRequest, pk: int) -> str:
    return reverse("responses:composer", args=[_reply(request, pk).conversation_id])


@requires(Permission.REPLY)
@posted_from(_composer_of)
def reply_resolve(request: MemberRequest, pk: int) -> HttpResponse:
    reply = _reply(request, pk)
    was_sent = request.POST.get("was_sent")
    if was_sent not in {"yes", "no"}:
        return _after(request, reply, status=422)
    replies.resolve(reply, by=request.membership, now=timezone.now(), was_sent=was_sent == "yes")
    return _after(request, reply)


@require_POST
@requires(Permission.REPLY)
def reply_again(request: MemberRequest, pk: int) -> HttpResponse:
    reply = _reply(request, pk)
    usable = reply.state in {Reply.State.FAILED, Reply.State.UNDONE} or reply.did_not_arrive
    if usable:
        _keep_beside(request, reply)
        replies.use_again(reply, by=request.membership, now=timezone.now())
    return _after(request, reply, offered=usable)


def _keep_beside(request: MemberRequest, reply: Reply) -> None:
    """What is being written while a reply's own button is pressed, and may not have been kept yet."""
    sheet = Sheet.posted(reply.conversation, request.membership, request.POST)
    if not sheet.blank:
        _keep(sheet)


def _after(request: MemberRequest, reply: Reply, *, said: str = "", offered: bool = False, status: int = 200) -> HttpResponse:
    """offered: its words, beside a draft that holds others."""
    sheet = Sheet.opened(reply.conversation, request.membership)
    sheet.beside = reply if offered and not sheet.holds(reply) else None
    if not request.htmx and status == 200:
        beside = f"?beside={reply.pk}" if sheet.beside else ""
        return redirect(reverse("responses:composer", args=[reply.conversation_id]) + beside)
    return _show(request, sheet, said=said, folded=True, status=status)


# --- drawing -----------------------------------------------------------------------------------------


def _conversation(request: MemberRequest, pk: int) -> Conversation:
    related = ("channel", "location", "contact", "post", "organization")
    conversation = get_object_or_404(Conversation.objects.visible_to(request.membership).select_related(*related), pk=pk)
    tell_as_in(conversation.location)
    return conversation


def _reply(request: MemberRequest, pk: int) -> Reply:
    parts = ("channel", "location", "contact", "post", "organization")
    related = ("version", *(f"conversation__{part}" for part in parts))
    reply = get_object_or_404(Reply.objects.visible_to(request.membership).select_related(*related), pk=pk)
    tell_as_in(reply.conversation.location)
    return reply


def _show(
    request: MemberRequest,
    sheet: Sheet,
    *,
    problems: list[str] | None = None,
    changes: Changes | None = None,
    asked: bool = False,
    said: str = "",
    folded: bool = False,
    status: int = 200,
) -> HttpResponse:
    """folded: behind a button, where nothing is begun and nobody waits for another answer."""
    only = allowed(sheet.conversation, by=sheet.membership)
    context = {
        "conversation": sheet.conversation,
        "sheet": sheet,
        "modes": judging.modes(sheet.conversation),
        "suggestions": _suggestions(sheet),
        "parts": parts_of(sheet),
        "kept": _kept(sheet),
        "changes": changes,
        "asked": asked,
        "refused": problems,
        "said": said,
        "folded": folded and sheet.blank and not _needed(sheet.conversation),
        "only": only,
        "may_freely": only is None and sheet.membership.may(Permission.REPLY_FREELY),
    }
    context |= _judged(sheet) | _under_way(sheet.conversation)
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "responses/_composer.html", context, status=status)
    context["recent"] = list(
        sheet.conversation.messages.filter(removed_at=None).prefetch_related("findings").order_by("-sent_at", "-pk")[:6]
    )[::-1]
    return render(request, "responses/composer.html", context, status=status)


def _needed(conversation: Conversation) -> bool:
    """Whether somebody waits, and nothing is on its way to them."""
    on_its_way = [Reply.State.QUEUED, Reply.State.SENDING, Reply.State.UNCERTAIN]
    return conversation.due_at is not None and not conversation.replies.filter(state__in=on_its_way).exists()


def _kept(sheet: Sheet) -> dict[str, str]:
    """What was typed for a field that is not drawn now: it travels along unseen, so that no step loses it."""
    drawn = (
        set(wording.fields_in(sheet.version.body(sheet.language))) if sheet.version else {"text"} if sheet.own_words else set()
    )
    return {name: text for name, text in sheet.typed.items() if name not in drawn}


def _judged(sheet: Sheet) -> dict[str, Any]:
    drawing = judging.draw(sheet.conversation, sheet.words, by=sheet.membership, mode=sheet.mode, now=timezone.now())
    started = bool(sheet.version or sheet.typed.get("text", "").strip())
    return {
        "drawing": drawing,
        "digest": _digest(drawing),
        "started": started,
        "only_people": drawing.window.state is WindowState.HUMAN_AGENT,
    }


def _digest(drawing: judging.Drawing) -> str:
    """Ties a tick to the warnings it was given to."""
    told = "\n".join(f"{finding.code} {finding.message} {' '.join(finding.quotes)}" for finding in drawing.warnings)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _suggestions(sheet: Sheet) -> list[suggest.Suggestion]:
    hints = cases.topics(sheet.conversation) or conversations.topics(sheet.conversation)[:3]
    return suggest.suggest(
        sheet.conversation,
        by=sheet.membership,
        mode=sheet.mode,
        language=sheet.language,
        now=timezone.now(),
        search=sheet.search,
        topics=hints,
    )


def _under_way(conversation: Conversation) -> dict[str, Any]:
    now = timezone.now()
    shown = replies.under_way(conversation, now=now)
    behind = False
    for reply in shown:
        reply.progress = Progress.of(reply, conversation.channel, behind=behind, now=now)  # type: ignore[attr-defined]
        behind |= reply.in_the_way(now)
    return {"under_way": shown, "now": now, "conversation": conversation}
