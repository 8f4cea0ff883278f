"""What a reply would say, and what stands in its way. Nothing is written here: the composer asks it, and Send asks it again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import Permission
from accounts.locations import dates
from accounts.models import Membership
from inbox import crises, platforms
from inbox.cases import answers
from inbox.crises import reading
from inbox.models import Conversation, Message
from inbox.platforms.base import Kind, Limit, Window, WindowState
from responses import guard, outbox, wording
from responses.composing import holidays, speaking, values
from responses.composing.allowed import allowed
from responses.composing.around import Beside
from responses.composing.values import Week
from responses.models import Reply, TemplateVersion
from responses.models.templates import MOVE, Audience
from responses.sending import doors, hourly, reasons

PUBLIC, PRIVATE = "public", "private"
SHORT_PAUSE = timedelta(minutes=1)  # that a platform asks for: what is sent meanwhile leaves after it, and nobody need know
State = Reply.State


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wants to say: approved words with what they fill in, or their own."""

    version: TemplateVersion | None = None
    language: str = "fr"
    filled: Mapping[str, str] = field(default_factory=dict)  # answer, first_name
    text: str = ""  # own words, where there is no version


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule of the guard, and the words it stumbled over."""

    level: guard.Level
    code: str
    message: str
    quotes: list[str]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A reply as it would leave, and what stands in its way."""

    text: str
    limit: Limit
    window: Window
    problems: list[str]
    findings: list[Finding]
    twin: str = ""  # the language in which the picked words would be understood better

    @property
    def length(self) -> int:
        return self.limit.length(self.text)

    @property
    def left(self) -> int:
        return self.limit.size - self.length

    @property
    def tight(self) -> bool:
        """Whether the room that is left begins to matter."""
        return self.length > self.limit.size // 2

    @property
    def blocks(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.level == guard.Level.BLOCK]

    @property
    def warnings(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.level == guard.Level.WARN]


def modes(conversation: Conversation) -> list[str]:
    """The ways to answer here, the usual one first."""
    if conversation.kind == Conversation.Kind.MESSAGE:
        return [PRIVATE]
    return [PUBLIC, PRIVATE] if conversation.may_be_private else [PUBLIC]


def kind_of(conversation: Conversation, mode: str) -> Kind:
    return Kind.MESSAGE if mode == PRIVATE else Kind(conversation.kind)


def draw(conversation: Conversation, words: Words, *, by: Membership, mode: str, now: datetime) -> Drawing:
    """Render a reply and judge it, without sending: what the composer shows before Send, and what Send itself asks."""
    kind = kind_of(conversation, mode)
    limit = platforms.get(conversation.platform).limit(kind)
    window = outbox.window_of(conversation, kind, now)
    week = Week(conversation.location, now)
    text, problems = _render(conversation, words, week, by=by, mode=mode)
    problems = [*_forbidden(conversation, words.version, by), *_closed_doors(conversation, mode, window, now), *problems]
    if limit.length(text) > limit.size:
        over = limit.length(text) - limit.size
        problems.append(
            ngettext("%(over)d character too long for this platform.", "%(over)d characters too long for this platform.", over)
            % {"over": over}
        )
    beside = Beside.of(conversation, words.version)
    findings = _guarded(text, words, conversation, beside, mode, by, now)
    typed = words.filled.get("answer", "") if words.version else text
    if unconfirmed := holidays.unconfirmed(words.version, words.language, typed, week):
        findings.append(Finding(guard.Level.WARN, holidays.HOLIDAY, unconfirmed, []))
    # What is called the same in every language says nothing of the language.
    theirs = speaking.written_in(conversation, beside.said)
    unlike, twin = speaking.unlike(theirs, words.version, words.language, guard.without(typed, beside.ours))
    if unlike:
        findings.append(Finding(guard.Level.WARN, guard.LANGUAGE, unlike, []))
    return Drawing(text, limit, window, problems, findings, twin)


def _guarded(
    text: str, words: Words, conversation: Conversation, beside: Beside, mode: str, by: Membership, now: datetime
) -> list[Finding]:
    """What the guard says, each rule once. It does not warn of words that were approved as they stand; it still blocks them."""
    body = words.version.body(words.language) if words.version else ""
    told: dict[tuple[str, guard.Level], Finding] = {}
    told_of_harm, advises = answers.tells_of_harm(conversation), by.may(Permission.ADVISE)
    in_danger = words.version is not None and words.version.topic in crises.ANSWERED
    elsewhere = reading.of_other_places(conversation.location, now=now) if in_danger else []
    for found in guard.check(
        text,
        public=mode == PUBLIC,
        allowed=beside.ours,
        advises=advises,
        of_harm=told_of_harm,
        elsewhere=elsewhere,
        around=beside.around,
    ):
        quote = text[slice(*found.span)].strip()
        level, approved = found.level, quote in body
        if in_danger and approved and found.code in _NOT_OF_DANGER:
            level = guard.Level.WARN
        elif level == guard.Level.WARN and approved:
            continue
        told.setdefault((found.code, level), Finding(level, found.code, str(found.message), [])).quotes.append(quote)
    return list(told.values())


# A number that was approved and is right no more, or not here, and what approved words become below others: told to who sends
# them, and never what leaves somebody in danger without an answer, as nothing else may be sent to them.
_NOT_OF_DANGER = frozenset({"phone", "name", "own_claim", "own_linked", "own_use", "own_compared", guard.HELP_LINE})


def _forbidden(conversation: Conversation, version: TemplateVersion | None, by: Membership) -> list[str]:
    """Where only some approved words may leave, nothing else does; and where somebody else answers, nothing of what they say."""
    only = allowed(conversation, by=by)
    if only is None or only.holds(version):
        return []
    if not only.topics or only.not_mine:
        return [_said(only.why)]
    more = _("The only templates that may be sent: %(topics)s.") % {"topics": only.named}
    return [f"{_said(only.why)} {more}"]


def _closed_doors(conversation: Conversation, mode: str, window: Window, now: datetime) -> list[str]:
    """What stands in the way whatever the words: the channel, the place, the time."""
    channel, kind = conversation.channel, kind_of(conversation, mode)
    if code := doors.closed(channel, kind, now=now):
        return [_said(code)]
    if channel.throttled_until and channel.throttled_until > now + SHORT_PAUSE:
        at = dates.hour_of(channel.throttled_until, now)
        return [_("The platform asks us to wait until %(at)s. If the matter is urgent, call the person.") % {"at": at}]
    if mode not in modes(conversation):
        return [_said(reasons.Reason.NOT_ALLOWED)]
    if code := doors.closed_here(conversation, kind):
        return [_said(code)]
    private_reply = mode == PRIVATE and conversation.kind == Conversation.Kind.COMMENT
    if private_reply and _private_reply_used(conversation):
        return [_said(reasons.Reason.ALREADY_REPLIED)]
    if private_reply and (room_at := hourly.full_until(conversation, now=now)) and room_at > now + SHORT_PAUSE:
        return [_full(room_at, now)]
    if window.state is WindowState.CLOSED:
        more = platforms.get(conversation.platform).once_closed
        said = _said(doors.window_closed(conversation, private_reply=private_reply))
        return [f"{said} {more}" if more else said]
    return []


def _full(until: datetime, now: datetime) -> str:
    what = _("The platform takes only so many private messages to comments an hour, and has no room for another until %(at)s.")
    advice = _("Answer in public, or call the person if the matter is urgent.")
    return f"{what % {'at': dates.hour_of(until, now)}} {advice}"


def _said(code: str) -> str:
    explanation = reasons.explain(code)
    return f"{explanation.what} {explanation.advice}"


def _private_reply_used(conversation: Conversation) -> bool:
    comment = answered_id(conversation)
    used = Reply.objects.filter(conversation=conversation, private_reply=True, reply_to=comment)
    return used.exclude(state__in=[State.FAILED, State.UNDONE]).exists()


def _render(conversation: Conversation, words: Words, week: Week, *, by: Membership, mode: str) -> tuple[str, list[str]]:
    if words.version is None:
        if not by.may(Permission.REPLY_FREELY):
            return "", [_("Choose an approved template.")]
        text = wording.clean(words.text, lines=True)
        return text, [] if text else [_("Write your answer.")]
    if problem := _unfit(words.version, conversation, mode, week.now):
        return "", [problem]
    body = words.version.body(words.language)
    today = week.days[0]
    known = values.of(conversation, language=words.language, now=week.now, filled=words.filled, today=today)
    if missing := values.missing(body, known):
        return "", [str(values.why_missing(name, today)) for name in missing]
    return wording.render(body, known), [str(problem) for problem in wording.check_values(body, known)]


def _unfit(version: TemplateVersion, conversation: Conversation, mode: str, now: datetime) -> str:
    usable = TemplateVersion.objects.usable(now).filter(pk=version.pk, template__organization=conversation.organization_id)
    if not usable.exists():
        return _("This template may no longer be used: it was withdrawn, replaced or has expired. Choose another one.")
    if version.audience not in {Audience.BOTH, Audience.PUBLIC if mode == PUBLIC else Audience.PRIVATE}:
        return (
            _("This template is not for a public reply.") if mode == PUBLIC else _("This template is not for a private message.")
        )
    if version.platforms and conversation.platform not in version.platforms:
        return _("This template is not for %(platform)s.") % {"platform": conversation.get_platform_display()}
    if version.holds and version.topic != MOVE and doors.takes_one_answer(conversation):
        return _("There is room for one answer here: words that do not answer yet would take its place.")
    return ""


def answered_id(conversation: Conversation) -> str:
    """The platform's id of what a reply answers: the newest comment or message of the person that is still there."""
    theirs = conversation.messages.filter(direction=Message.Direction.IN, removed_at=None)
    return theirs.order_by("-sent_at", "-pk").values_list("external_id", flat=True).first() or ""
