"""The cast of a message: what was taken, what happened, and where each stands in its sentence."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from inbox.triage.findings import Context, Cue
from inbox.triage.safety.misspelt import is_misspelt
from inbox.triage.text import Span, Text
from inbox.triage.words import medicines

# How the makers of medicines end their names: it tells those that no list has yet.
_MADE_NAME = re.compile(
    r"[a-z]{3,}(?:mab|nib|pril|sartan|statine?|olol|prazole?|conazole?|cilline?|mycine?|floxacine?|gliptine?|gliflozine?|glutide"
    r"|tidine?|xaban|triptan|zepam|dipine?|oxetine|setron|lukast|parine?|afil|ciclovir|tinib)"
)

# A name that no list has, where a medicine's would stand: “I'm on Tagrisso”, “je prends du Tagrisso”.
_UNKNOWN_NAME = re.compile(
    r"(?:\b(?:[Ii]['’]?m on|[Ii]s on|[Ww]as on|[Bb]een on|[Ss]tarted|[Tt]aking|[Tt]ook) "
    r"|\b(?:[Dd]ays?|[Ww]eeks?|[Mm]onths?|[Yy]ears?) on |\b(?:jours|semaines?|mois) (?:sur|sous) (?:le |la )?"
    r"|\b[Jj](?:e |['’])?(?:prends|suis) (?:du|de la|de l['’]|sur le|sur|sous) ?)"
    r"((?!Facebook|Instagram|Messenger|Google|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Canada|Qu)[A-Z][a-z]{4,})"
)

# A drug identification number: “le DIN 02242903 me donne …”.
_BY_NUMBER = re.compile(r"(?<![^\W_])(?:din(?:[ -]?hm)?|npn) ?:? ?#? ?\d{6,8}(?!\d)")

# How medicine ends its words for what goes wrong.
_CLINICAL = re.compile(
    r"(?<![^\W_])(?:prurit\w*|erythem\w*|alopeci\w*|(?!glycem|academ|pandem|epidem|nostalg|sympa|empa)[a-z]{4,}"
    r"(?:emie|emia|penie|penia|algie|algia|oedeme|edema|rrhee|rrhea|urie|uria|plegie|plegia|paresie|cytose|cytosis|phagie|phagia"
    r"|pnee|pnea|esthesie|esthesia|kinesie|kinesia|neuropathie|neuropathy|myopathie|myopathy|gueusie|geusia))(?![^\W_])"
)

# What each kind of event is commonly taken something for: who has it and took that tells no side effect.
TREATED_BY = {
    "pain": {"pain", "cold", "emoji"},
    "fever": {"pain", "cold", "infection"},
    "nausea": {"nausea", "stomach"},
    "stomach": {"stomach"},
    "bowel": {"bowel", "stomach"},
    "skin": {"skin", "allergy", "fungus", "immune"},
    "swelling": {"allergy"},
    "allergy": {"allergy", "cold", "eye"},
    "cold": {"cold", "allergy", "infection", "breath", "pain"},
    "sleep": {"sleep", "mood", "nausea"},
    "drowsy": {"attention", "hormone"},
    "dizzy": {"nausea"},
    "nerves": {"cold", "allergy", "pain"},
    "heart": {"heart"},
    "breath": {"breath"},
    "mood": {"mood", "sleep"},
    "mind": {"attention", "immune", "mood"},
    "hair": {"supplement", "skin", "hormone"},
    "weight": {"weight", "hormone"},
    "mouth": {"mouthcare", "infection"},
    "eyes": {"eye", "allergy"},
    "urine": {"infection", "hormone"},
    "sex": {"contraception", "hormone", "pain"},
    "yeast": {"fungus"},
    "sugar": {"sugar", "weight"},
    "infection": {"infection", "cold", "vaccine"},
    "brain": {"epilepsy", "heart"},
    "threatened": {"heart", "breath", "allergy"},
    "organ": {"immune"},
}
SERIOUS = ("death", "hospital", "threatened", "brain", "blood", "senses", "birth", "organ", "suicidal")
OUTCOMES = frozenset({"death", "hospital"})
VAGUE = frozenset({"pain", "skin", "swelling", "other"})  # said along with what is more exact
KINDS = (*TREATED_BY, "damage", "bruise", "fall", "other", "reacted", "effects", "emoji", *SERIOUS)
GROUPS = {f"{subject}.{name}": name for subject in ("reactions", "body") for name in KINDS}
CLASSES = (
    *(
        "pain",
        "cold",
        "allergy",
        "stomach",
        "nausea",
        "bowel",
        "infection",
        "skin",
        "sleep",
        "mood",
        "attention",
        "heart",
        "sugar",
    ),
    *("weight", "breath", "hormone", "contraception", "vaccine", "supplement", "nicotine", "bone", "immune", "eye", "mouthcare"),
    *("epilepsy", "fungus", "acne", "any", "emoji"),
)
PRODUCTS = {f"products.{name}": name for name in CLASSES}
WORDS_REMEMBERED = 20_000
MOST = 40  # of each that are weighed against each other: whoever names more plays


Named = tuple[int, int, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Product:
    start: int
    end: int
    classes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Event:
    start: int
    end: int
    kinds: frozenset[str]

    @property
    def serious(self) -> bool:
        return not self.kinds.isdisjoint(SERIOUS)

    def is_treated_by(self, product: Product) -> bool:
        """Of several things said at once, what says most must be what it is taken for."""
        told = (self.kinds - VAGUE) or self.kinds
        if "allergy" in told:
            told -= {"fever"}  # hay fever is none
        return all(not TREATED_BY.get(kind, set()).isdisjoint(product.classes) for kind in told)


class Scene:
    def __init__(self, text: Text, context: Context) -> None:
        self.text = text
        self.context = context

    @cached_property
    def products(self) -> tuple[Product, ...]:
        folded = self.text.folded
        found = self._named(PRODUCTS)
        found += [(*word, "named") for word in self.text.words if _is_name(folded[word.start : word.end])]
        found += [(start, end, "named") for start, end in self._own_products()]
        found += [(*match.span(), "named") for match in _BY_NUMBER.finditer(folded)]
        found += [(*match.span(1), "named") for match in _UNKNOWN_NAME.finditer(self.text.original)]
        merged = _merged(found)[:MOST]
        return tuple(Product(*one) for one in merged if not any(_is_part(one, event) for event in self._happenings))

    def _own_products(self) -> Iterator[tuple[int, int]]:
        if self.context.products:
            yield from (match.span() for match in medicines.called(self.context.products).finditer(self.text.folded))

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """What happened. A symptom inside a product's name (cough syrup) did not."""
        trimmed = (_after_products(one, self.products) for one in self._happenings)
        return tuple(Event(*one) for one in trimmed if not any(_overlap(one, product) for product in self.products))

    @cached_property
    def _happenings(self) -> list[Named]:
        found = self._named(GROUPS)
        found += [(*match.span(), "clinical") for match in _CLINICAL.finditer(self.text.folded)]
        return _merged(found)[:MOST]

    def _named(self, groups: Mapping[str, str]) -> list[tuple[int, int, str]]:
        places = self.text.places
        return [(*place, groups[group]) for group in groups.keys() & places.keys() for place in places[group]]

    @cached_property
    def persons(self) -> tuple[Cue, ...]:
        return self.cues("person")

    def cues(self, group: str) -> tuple[Cue, ...]:
        return self.text.cues.get(f"exposure.{group}", ())

    def within(self, group: str, span: Span) -> tuple[Cue, ...]:
        return tuple(cue for cue in self.cues(group) if span.start <= cue.start < span.end)

    def about(self, at: int) -> Span:
        """The sentence of a place with the one before and the one after it."""
        sentences = self.text.sentences
        here = sentences.index(self.text.sentence(at))
        return Span(sentences[max(0, here - 1)].start, sentences[min(len(sentences) - 1, here + 1)].end)

    def gap(self, one: Span | Cue | Product | Event, other: Span | Cue | Product | Event) -> int:
        return self.text.words_between(Span(one.start, one.end), Span(other.start, other.end))


@lru_cache(WORDS_REMEMBERED)
def _is_name(word: str) -> bool:
    """That no list has: made as makers do, or with a slip in it."""
    return bool(_MADE_NAME.fullmatch(word)) or is_misspelt(word)


def _is_part(product: Named, event: Named) -> bool:
    """“Blood pressure shot up” is no shot."""
    return (
        product[2] <= {"any"}
        and event[0] <= product[0]
        and product[1] <= event[1]
        and event[1] - event[0] > product[1] - product[0]
    )


def _after_products(event: Named, products: tuple[Product, ...]) -> Named:
    """“Eye drops sting”: the eye is the product's, the sting is not."""
    ends = [product.end for product in products if event[0] <= product.start and product.end < event[1]]
    return (max(ends, default=event[0]), event[1], event[2])


def _overlap(event: Named, product: Product) -> bool:
    return event[0] < product.end and product.start < event[1]


def _merged(found: Iterable[tuple[int, int, str]]) -> list[Named]:
    """Those that overlap are one, with the names of all."""
    merged: list[Named] = []
    for start, end, name in sorted(found):
        if merged and start < merged[-1][1]:
            before = merged.pop()
            merged.append((before[0], max(before[1], end), before[2] | {name}))
        else:
            merged.append((start, end, frozenset({name})))
    return merged
