"""What the list shows of findings: how urgent what is unanswered is, and the badges, gravest first."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from inbox.models import Conversation, Finding, Message, Rank
from inbox.models.safety.findings import digest_of
from inbox.screening.shown.words import ANOTHER_LANGUAGE, UNREADABLE, place
from inbox.triage.findings import Family

# In private a telephone number is how one asks to be called back; these need care wherever they stand.
CARE_EVERYWHERE = {"ramq", "sin", "ohip", "bc_phn"}


@dataclass(frozen=True, slots=True)
class Line:
    urgency: int = Rank.NONE
    badges: tuple[str, ...] = ()

    def __add__(self, other: Self) -> "Line":
        badges = sorted({*self.badges, *other.badges}, key=place)
        return Line(min(self.urgency, other.urgency), tuple(badges))


def of_message(message: Message, findings: Collection[Finding], conversation: Conversation) -> Line:
    """One message's part. findings: all of it, also those that stand no more."""
    current = digest_of(message, message.text)
    standing = [finding for finding in findings if finding.stands and _counts(finding, message, current)]
    badges = {finding.type for finding in standing if _is_shown(finding, conversation)}
    ranks = [finding.urgency for finding in standing]
    if message.removed_at is None:
        found = [finding for finding in findings if finding.text_digest == current and not finding.by_person]
        ranks.append(_of_the_whole(message, found, [finding for finding in standing if not finding.by_person]))
        badges |= {UNREADABLE} if message.unreadable else set()
        badges |= {ANOTHER_LANGUAGE} if message.language == "other" else set()
    return Line(min(ranks, default=Rank.NONE), tuple(sorted(badges, key=place)))


def _of_the_whole(message: Message, found: Collection[Finding], standing: Collection[Finding]) -> int:
    """What the text asks for beyond any one finding in it; nothing more where people removed all that was found. found: by rules,
    as it is they that say what the whole asks for.
    """
    explained = message.urgency >= min((finding.urgency for finding in found), default=Rank.NONE)
    return Rank.NONE if explained or (found and not standing) else message.urgency


def _counts(finding: Finding, message: Message, current: str) -> bool:
    """A number that its author took away is no longer there for everybody to read; a danger may still be."""
    return finding.family != Family.IDENTIFIER or (message.removed_at is None and finding.text_digest == current)


def _is_shown(finding: Finding, conversation: Conversation) -> bool:
    private = conversation.kind == Conversation.Kind.MESSAGE
    return finding.family != Family.IDENTIFIER or not private or finding.type in CARE_EVERYWHERE
