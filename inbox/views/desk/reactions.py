"""What people did without words: which hearts and thumbs stand on a message or a post, and how many. Never a turn."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from inbox.models import Channel, Reaction

VARIANT = "\ufe0f"  # asks for the coloured drawing; some platforms send it, some do not


@dataclass(frozen=True, slots=True)
class Kind:
    shown: str
    label: str | Promise = ""  # in words; "": nobody told us what it is called


# As the connectors name them, see `Reacted`: Facebook's, Messenger's and LinkedIn's own names.
KINDS = {
    "like": Kind("👍", pgettext_lazy("reaction", "like")),
    "dislike": Kind("👎", pgettext_lazy("reaction", "dislike")),
    "love": Kind("❤️", pgettext_lazy("reaction", "love")),
    "care": Kind("🤗", pgettext_lazy("reaction", "care")),
    "haha": Kind("😆", pgettext_lazy("reaction", "haha")),
    "wow": Kind("😮", pgettext_lazy("reaction", "wow")),
    "sad": Kind("😢", pgettext_lazy("reaction", "sad")),
    "angry": Kind("😠", pgettext_lazy("reaction", "angry")),
    "thankful": Kind("🌸", pgettext_lazy("reaction", "thankful")),
    "pride": Kind("🏳️‍🌈", pgettext_lazy("reaction", "pride")),
    "share": Kind("🔁", pgettext_lazy("reaction", "share")),
}
KINDS["smile"] = KINDS["haha"]  # Messenger's name of it
BY_EMOJI = {kind.shown.replace(VARIANT, ""): kind for kind in KINDS.values()}


@dataclass(frozen=True, slots=True)
class Reactions:
    """Those to one thing, the most frequent kind first."""

    kinds: list[tuple[Kind, int]]

    @property
    def people(self) -> int:
        return sum(count for _kind, count in self.kinds)  # a person has one reaction to a thing


def reactions_to(targets: Collection[str], channel: Channel) -> dict[str, Reactions]:
    """By the platform's id of what they stand on; nothing for what nobody reacted to."""
    # Our page's own is no person's.
    standing = Reaction.objects.filter(channel=channel, target_id__in=targets).exclude(reaction="")
    rows = standing.exclude(actor_id=channel.external_id).values_list("target_id", "reaction").annotate(Count("pk"))
    found: defaultdict[str, Counter[Kind]] = defaultdict(Counter)
    for target, name, count in rows:
        found[target][kind_of(name)] += count
    return {target: Reactions(sorted(kinds.items(), key=_most_first)) for target, kinds in found.items()}


def kind_of(name: str) -> Kind:
    """What a platform calls it, or the emoji that it sends; of neither that we know, as it came."""
    return KINDS.get(name.lower()) or BY_EMOJI.get(name.replace(VARIANT, "")) or Kind(name)


def _most_first(counted: tuple[Kind, int]) -> tuple[int, str]:
    kind, count = counted
    return -count, kind.shown
