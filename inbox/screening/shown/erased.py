"""Words that were erased, as those read them who answer for the case or the crisis that keeps them."""

from dataclasses import dataclass

from django.utils.translation import ngettext

from inbox.models import KeptWords, Message, Removal, SafetyCase
from inbox.models.safety.findings import digest_of
from inbox.models.safety.kept import Content, Said
from inbox.screening.shown import masking
from inbox.triage.identifiers.unread import masked


@dataclass(frozen=True, slots=True)
class Kept:
    """What was erased at one moment, as one reader may see it."""

    row: KeptWords
    message: Message
    versions: list[Said]  # as it could be read last at the end
    author: str
    permalink: str
    masked: bool  # something in it points to a person
    unmasked: bool  # and is shown all the same, for a moment
    unreadable: bool = False  # no key opens it

    @property
    def earlier(self) -> list[Said]:
        return self.versions[:-1]

    @property
    def last(self) -> Said | None:
        return self.versions[-1] if self.versions else None

    @property
    def attached(self) -> str:
        """That there was something, of which nothing was stored."""
        count = sum(self.row.attachments.values())
        return ngettext("%(n)d attachment, not kept", "%(n)d attachments, not kept", count) % {"n": count} if count else ""


def shown(message: Message, *, unmasked: bool = False) -> list[Kept]:
    """Without what can be read in the message all the same, as it came back."""
    kept = [_shown(row, message, unmasked) for row in message.kept.all()]
    return [each for each in kept if each.unreadable or each.versions]


def texts(message: Message) -> list[str]:
    return [text for row in message.kept.all() for text in row.texts]


def key_of(message: Message) -> str:
    """Of just these words, for who may see them unmasked; what comes to them is masked again."""
    return f"kept:{message.pk}:{digest_of(message, ' '.join(texts(message)))}"


def held_by(case: SafetyCase) -> bool:
    """Whether its words are kept for this case: not where a person said that it is none."""
    found = (finding for finding in case.message.findings.all() if finding.type == case.type)
    return any(finding.removed_at is None or finding.removal == Removal.RECORDED for finding in found)


def _shown(row: KeptWords, message: Message, unmasked: bool) -> Kept:
    content = Content([]) if row.is_unreadable else row.content
    gone = [said for said in content.versions if said.text != message.text]
    safe = [Said(masking.erased(message, said.text), said.at) for said in gone]
    author = masked(content.author)
    return Kept(
        row,
        message,
        gone if unmasked else safe,
        content.author if unmasked else author,
        content.permalink,
        (safe, author) != (gone, content.author),
        unmasked,
        row.is_unreadable,
    )
