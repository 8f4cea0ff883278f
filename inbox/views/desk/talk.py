"""What was said in a conversation, in order and by day, as the page shows it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone

from accounts.models import Membership, Organization
from inbox import moderation, platforms
from inbox.cases import TYPES
from inbox.cases import words as to_do
from inbox.fetching.attachments import Shown, shown
from inbox.forms import RemovalForm
from inbox.keeping import retention
from inbox.models import Conversation, Finding, Message, MessageAction, SafetyCase
from inbox.models.safety.findings import digest_of
from inbox.platforms.base import Action
from inbox.screening.by_people import adding, judging
from inbox.screening.shown import erased, marking, masking, routes, words
from inbox.screening.shown.explaining import Badge, Seen, badges, seen
from inbox.screening.shown.exposure import exposed_among
from inbox.triage.findings import Family
from inbox.views.desk.reactions import Reactions, reactions_to
from inbox.views.desk.unmasked import key_of

SHOWN = 100
SHOWN_AT_MOST = 2000


@dataclass(frozen=True, slots=True)
class Stands:
    """A badge that stands on a message: what to do, and who may take it off."""

    badge: Badge
    steps: Sequence[object]
    forms: list[tuple[Seen, RemovalForm]]  # one for all of it; of what points to a person, one for each place
    judges: list[str]  # who may take it off, where the reader may not
    mine: Finding | None = None  # what the reader reported, and may still take back


@dataclass(frozen=True, slots=True)
class Turn:
    message: Message
    answers: Message | None  # what it replies to, where that is not simply what stands above it
    nested: bool
    earlier: list[str] = field(default_factory=list)  # how an edited message read before, oldest first
    attachments: list[Shown] = field(default_factory=list)
    offered: list[Action] = field(default_factory=list)
    asked: list[MessageAction] = field(default_factory=list)  # on their way, or not done the last time
    pieces: list[marking.Piece] = field(default_factory=list)  # the words, with what was seen in them
    seen: list[Stands] = field(default_factory=list)
    removed: list[Badge] = field(default_factory=list)  # by people, those at once together
    quoted: str = ""  # of what it answers
    masked: bool = False  # something in it points to a person
    unmasked: bool = False  # and is shown all the same, for a moment
    reactions: Reactions | None = None
    may_add: bool = False  # what was not seen in it
    kept: bool = False  # its words were erased, and are kept where harm or a danger is looked after: not here

    @property
    def place_of_form(self) -> str:
        return place_of_form(self.message)

    @property
    def cases(self) -> list[tuple[SafetyCase, str]]:
        """What it tells of harm, a defect or an error, as long as nobody said that it is not so."""
        types = {finding.type for finding in self.message.findings.all() if finding.removed_at is None} & TYPES
        return [(case, words.label(case.type)) for case in self.message.cases.all() if case.type in types] if types else []

    @property
    def may_be_read_again(self) -> bool:
        return retention.may_be_read_again(self.message)

    @property
    def kept_for(self) -> list[SafetyCase]:
        """The cases with which its erased words are kept; none: they are with the danger alone."""
        return [case for case in self.message.cases.all() if erased.held_by(case)]

    @property
    def for_good(self) -> bool:
        """Whether a refusal cannot be taken back."""
        return platforms.get(self.message.channel.platform).rejects_for_good

    @property
    def ours(self) -> bool:
        return self.message.direction == Message.Direction.OUT


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    turns: list[Turn]


@dataclass(frozen=True, slots=True)
class Talk:
    days: list[Day]
    more: bool  # older messages are not shown
    exposed: bool = False  # something that points to a person stands in public
    reactions: Reactions | None = None  # to the post


def read(conversation: Conversation, *, by: Membership, everything: bool, unmasked: Collection[str] = ()) -> Talk:
    limit = SHOWN_AT_MOST if everything else SHOWN
    newest = (
        conversation.messages.select_related("sent_by__user")
        .prefetch_related(
            "versions",
            Prefetch("actions", MessageAction.objects.select_related("by__user").order_by("pk")),
            Prefetch("findings", Finding.objects.select_related("removed_by__user", "added_by__user", "crisis")),
        )
        .order_by("-sent_at", "-pk")[: limit + 1]
    )
    messages = list(newest)[::-1]
    telling = [message for message in messages if any(finding.type in TYPES for finding in message.findings.all())]
    prefetch_related_objects(telling, "cases")  # seldom any: then nothing is asked
    prefetch_related_objects([message for message in messages if _may_be_kept(message)], "kept")
    more = len(messages) > limit
    for message in messages:  # known already: not asked for again by each
        message.conversation, message.channel = conversation, conversation.channel
    post = conversation.post.external_id if conversation.post else ""
    reacted = reactions_to({post, *(message.external_id for message in messages if not message.removed_at)}, conversation.channel)
    turns = list(_turns(messages[1:] if more else messages, conversation.thread_id, by, unmasked, reacted))
    by_day = groupby(turns, key=lambda turn: timezone.localdate(turn.message.sent_at))
    days = [Day(day, list(those)) for day, those in by_day]
    return Talk(days, more, exposed_among(conversation, messages) is not None, reacted.get(post))


def _turns(
    messages: list[Message], root: str, by: Membership, unmasked: Collection[str], reacted: Mapping[str, Reactions]
) -> Iterable[Turn]:
    known = {message.external_id: message for message in messages}
    before: Message | None = None
    for message in messages:
        parent = known.get(message.parent_id) if message.parent_id else None
        # Under a comment everything answers that comment: only what answers something else says so.
        told = parent is not None and parent is not before and parent.external_id != root
        bare = key_of(message) in unmasked
        seen_here = _seen(message, by, bare)
        yield Turn(
            message,
            parent if told else None,
            parent is not None,
            _earlier(message, bare),
            list(shown(message, unmasked=bare)),
            moderation.offered(message, by),
            _asked(message),
            _pieces(message, bare),
            [_stands(badge, message, by) for badge in badges(each for each in seen_here if each.stands)],
            _removed(seen_here),
            masking.words(parent) if told and parent else "",
            bool(masking.kinds(message)),
            bare,
            reacted.get(message.external_id),
            adding.may_add(message, by),
            _may_be_kept(message) and bool(message.kept.all()),
        )
        before = message


def place_of_form(message: Message) -> str:
    """The id of where one reports what was not seen: another one once somebody did, so that what was sent is not kept there."""
    return f"unseen-{message.pk}-in-{sum(finding.by_person for finding in message.findings.all())}"


def _may_be_kept(message: Message) -> bool:
    return not message.text and bool(message.findings.all())


def _pieces(message: Message, unmasked: bool) -> list[marking.Piece]:
    current = digest_of(message, message.text)
    found = [finding for finding in message.findings.all() if not finding.about_all]
    here = [finding for finding in found if finding.stands and finding.text_digest == current]
    return marking.pieces(message.text, here, [] if unmasked else masking.hidden_in(message, message.text))


def _seen(message: Message, by: Membership, unmasked: bool) -> list[Seen]:
    found = message.findings.all()
    return [seen(finding, message, may_judge=judging.may_judge(finding, by), unmasked=unmasked) for finding in found]


def _stands(badge: Badge, message: Message, by: Membership) -> Stands:
    maker = message.conversation.location.organization.kind == Organization.Kind.MANUFACTURER
    steps = to_do.steps(badge.finding.type, duty=maker) or routes.steps(badge.finding.type, maker=maker)
    mine = next((each.finding for each in badge.all if adding.may_take_back(each.finding, by)), None)
    if not badge.may_judge:
        return Stands(badge, steps, [], judging.who_may(badge.finding), mine)
    apart = badge.all if badge.finding.family == Family.IDENTIFIER else [badge.first]
    return Stands(badge, steps, [(each, RemovalForm(finding=each.finding)) for each in apart], [], mine)


def _removed(found: Iterable[Seen]) -> list[Badge]:
    """What one person took off at one moment is put back together."""
    at_once: dict[Any, list[Seen]] = {}
    for each in found:
        if each.finding.removed_at:
            at_once.setdefault((each.finding.removed_at, each.finding.removed_by_id), []).append(each)
    return [badge for those in at_once.values() for badge in badges(those)]


def _asked(message: Message) -> list[MessageAction]:
    """The last of each kind, where it is not simply done."""
    last = {action.kind: action for action in message.actions.all()}
    return [action for action in last.values() if action.is_open or action.state == MessageAction.State.FAILED]


def _earlier(message: Message, unmasked: bool) -> list[str]:
    if not message.edited_at or message.removed_at:
        return []
    texts = [version.text for version in message.versions.all()]
    return [text if unmasked else masking.version(message, text) for text in texts if text != message.text]
