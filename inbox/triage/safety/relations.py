"""Ways in which a product and an event belong together. Each takes an event and gives the cues that say so, or none."""

import re
from collections.abc import Callable, Iterator

from inbox.triage.findings import Cue
from inbox.triage.safety import against
from inbox.triage.safety.scene import OUTCOMES, Event, Product, Scene
from inbox.triage.text import Span

NEAR = 3  # words between "depuis" and the product
VERY_NEAR = 1  # between "avec", which joins much else, and the product
MORE_THAN_A_LINK = 6  # words of a sentence
REACH = 8  # words between "m'a donné" and what it gave
PRONOUNS = frozenset(
    {"ca", "sa", "cela", "elle", "il", "y", "ils", "elles", "it", "that", "this", "they", "those", "these", "which", "qui"}
)
LOOSE = frozenset({"avec", "with", "on", "from", "post", "sous", "sur"})
UNDER = frozenset({"on", "sous", "sur"})  # who is “on” it takes it
# What people have without having taken anything, and ask about while taking something else.
EVERYDAY = frozenset(
    {"pain", "fever", "cold", "allergy", "stomach", "bowel", "nausea", "infection", "sleep", "skin", "urine", "eyes", "mood"}
)
LOCAL = {
    "acne": {"skin", "swelling", "eyes", "mouth"},
    "skin": {"skin", "swelling", "eyes", "mouth"},
    "eye": {"eyes", "skin", "swelling"},
    "mouthcare": {"mouth", "skin", "swelling"},
}

_AND_NOW = re.compile(r"(?<![^\W_])(?:et|pis|puis|fak|faque|and|so|now)(?![^\W_])")

_HEADING = re.compile(
    r" ?(?::|=|-|–|—|,|\.{2,3}|…) ?(?:[^\W_]+ )?"
    r"(?:jours?|semaines?|mois|nuits?|days?|weeks?|months?|nights?) (?:[^\W_]+[ '’]){0,3}"
)

Cues = tuple[Cue, ...]
Relation = Callable[[Scene, Event], Cues]


def since_taking(scene: Scene, event: Event) -> Cues:
    """“Depuis que je prends ça, j'ai …”: enough without the product's name."""
    near = scene.within("since_taking", scene.about(event.start))
    return _with_product(scene, near[0], event) if near else ()


def whenever(scene: Scene, event: Event) -> Cues:
    """“Chaque fois que je prends mon sirop”, “depuis qu'on a changé ses pilules”."""
    about = scene.about(event.start)
    near = (*scene.within("whenever", about), *scene.within("since_change", about))
    if not near or not _products(scene, event):
        return ()
    return _with_product(scene, near[0], event)


def follows(scene: Scene, event: Event) -> Cues:
    """“Depuis le Cipralex”, “à cause du sirop”, “on Eliquis”."""
    sentence = scene.text.sentence(event.start)
    for link in scene.within("link", scene.about(event.start)):
        if not sentence.start <= link.start < sentence.end and not _opens_its_sentence(scene, link):
            continue
        for product in scene.products:
            if _links(scene, link, product, event):
                return (Cue("link", link.start, link.end), _cue(product))
    return ()


def _opens_its_sentence(scene: Scene, link: Cue) -> bool:
    """“Losing my hair. On methotrexate for 3 months.”"""
    return not scene.text.folded[scene.text.sentence(link.start).start : link.start].strip()


def _links(scene: Scene, link: Cue, product: Product, event: Event) -> bool:
    loose = scene.text.folded[link.start : link.end].strip() in LOOSE
    if product.start < link.end or scene.text.clause(link.start) != scene.text.clause(product.start):
        return False
    if scene.gap(link, product) > (VERY_NEAR if loose else NEAR):
        return False
    between = Span(link.end, product.start)
    if link.end <= event.start < product.start or scene.within("purpose", between):
        return False
    return not loose or not (event.is_treated_by(product) or event.kinds & OUTCOMES or is_wanted(scene, product))


def caused(scene: Scene, event: Event) -> Cues:
    """“Votre sirop m'a donné …”, “it made my …”."""
    clause = scene.text.clause(event.start)
    for cause in scene.within("caused", clause):
        if (
            cause.start > event.start
            or cause.end > event.end
            or scene.gap(cause, event) > REACH
            or against.has_another_cause(scene, event)
        ):
            continue
        before = [product for product in _products(scene, event) if product.start < event.start]
        after = [product for product in _products(scene, event) if product.start > event.start and _has_pronoun(scene, cause)]
        if (before or after) and not any(cause.end <= product.start for product in before):
            return (Cue("link", cause.start, cause.end), _cue((before or after)[-1]))
    return ()


def _has_pronoun(scene: Scene, cause: Cue) -> bool:
    """“Ça m'a donné des boutons, votre crème.”"""
    return scene.text.folded[: cause.start].rstrip(" '").rpartition(" ")[2] in PRONOUNS


def acts_by_itself(scene: Scene, event: Event) -> Cues:
    """“Les gouttes me brûlent les yeux”, “tearing up my stomach”."""
    sentence = scene.text.sentence(event.start)
    acting = [cue for cue in scene.within("on_me", sentence) if cue.start < event.end and event.start < cue.end]
    said_after = bool(acting) and _has_pronoun(scene, acting[0])
    products = [product for product in scene.products if sentence.start <= product.start < sentence.end]
    before = [product for product in products if product.start <= event.start or said_after]
    if not before or against.has_another_cause(scene, event):
        return ()
    if acting or _is_local(before[-1], event):
        return (_cue(before[-1]), *(Cue("link", cue.start, cue.end) for cue in acting[:1]))
    return ()


def does_to_somebody(scene: Scene, event: Event) -> Cues:
    """“Le metamucil m'a bloqué ben dur”, “that strap left a sore on my nose”: the product does it, to somebody."""
    sentence = scene.text.sentence(event.start)
    before = [product for product in scene.products if sentence.start <= product.start and product.end <= event.start]
    if not before or scene.gap(before[-1], event) > NEAR:
        return ()
    between = Span(before[-1].end, event.start)
    if scene.within("giver", between) or scene.within("purpose", between) or scene.within("link", between):
        return ()
    done_to = scene.within("done_to", Span(before[-1].end, event.end))
    return (_cue(before[-1]), Cue("link", done_to[0].start, done_to[0].end)) if done_to else ()


def _is_local(product: Product, event: Event) -> bool:
    return any(event.kinds & LOCAL[name] for name in product.classes & LOCAL.keys()) and not event.is_treated_by(product)


def then(scene: Scene, event: Event) -> Cues:
    """“J'ai pris une Reactine et 20 minutes après …”: taken, and soon after."""
    sentence = scene.text.sentence(event.start)
    for cue in scene.within("then", sentence):
        for product in scene.products:
            if sentence.start <= product.start < cue.start < event.start and taken(scene, product):
                return (_cue(product), Cue("link", cue.start, cue.end))
    return ()


def and_now(scene: Scene, event: Event) -> Cues:
    """“J'ai mis votre crème pis j'ai des boutons”: even what it is for, if it came after."""
    sentence = scene.text.sentence(event.start)
    folded = scene.text.folded
    if scene.within("positive", sentence) or "?" in folded[sentence.start : sentence.end] or scene.cues("wanted"):
        return ()
    for product in scene.products:
        if not sentence.start <= product.start < product.end <= event.start:
            continue
        joined, took = _AND_NOW.search(folded, product.end, event.start), taken(scene, product)
        if joined and took and took.start <= product.start:
            return (_cue(product), Cue("link", *joined.span()), Cue("taken", took.start, took.end))
    return ()


def in_pictures(scene: Scene, event: Event) -> Cues:
    """💊🤮"""
    pills = [product for product in scene.products if product.classes == {"emoji"} and product.start < event.start]
    return (_cue(pills[0]),) if pills and "emoji" in event.kinds and not scene.text.words else ()


def headed(scene: Scene, event: Event) -> Cues:
    """“Wegovy: trois semaines de vomissements”: the product as a heading."""
    for product in scene.products[:1]:
        heading = not scene.text.folded[: product.start].strip(" '\"#@-")
        if heading and _HEADING.fullmatch(scene.text.folded, product.end, event.start) and not event.is_treated_by(product):
            return (_cue(product),)
    return ()


def stopped(scene: Scene, event: Event) -> Cues:
    """“J'ai arrêté le Crestor à cause des crampes.”"""
    stops = scene.within("stopped", scene.text.sentence(event.start))
    return _with_product(scene, stops[0], event) if stops and _products(scene, event) else ()


def while_taking(scene: Scene, event: Event) -> Cues:
    """“Je suis sur Xarelto et je saigne du nez”: taken, and not what it is taken for."""
    for product in _products(scene, event):
        took = taken(scene, product)
        if took and not event.is_treated_by(product) and not _only_aside(scene, event, product):
            return (_cue(product), Cue("taken", took.start, took.end))
    return ()


def together(scene: Scene, event: Event) -> Cues:
    """A product and what it is not taken for, in one sentence that asks for nothing and praises nothing."""
    sentence = scene.text.sentence(event.start)
    if (
        not scene.persons
        or scene.cues("wanted")
        or scene.within("positive", sentence)
        or event.kinds <= {"death", "hospital", "effects"}
        or _is_long_ago(scene, sentence)
    ):
        return ()
    asked = "?" in scene.text.folded[sentence.start : sentence.end] and event.kinds <= EVERYDAY
    if asked or against.asked_in_general(scene, event) or against.has_another_cause(scene, event):
        return ()
    near = [product for product in scene.products if _is_told_with(scene, product, event) and not event.is_treated_by(product)]
    return (_cue(near[0]),) if near else ()


def _is_told_with(scene: Scene, product: Product, event: Event) -> bool:
    """In one sentence; or in the one before, when nobody has that every day."""
    sentence = scene.text.sentence(event.start)
    if sentence.start <= product.start < sentence.end:
        return True
    here = scene.about(event.start)
    return bool(event.kinds - EVERYDAY - OUTCOMES) and here.start <= product.start < sentence.start


def _is_long_ago(scene: Scene, sentence: Span) -> bool:
    return any(sentence.start <= cue.start < sentence.end for cue in scene.text.cues.get("speech.past", ()))


def _only_aside(scene: Scene, event: Event, product: Product) -> bool:
    """Both are said, but the one explains, or is asked about, and not the other."""
    first = product.start < event.start
    if event.kinds & OUTCOMES:
        return not first or scene.text.sentence(product.start) != scene.text.sentence(event.start) or bool(scene.cues("wanted"))
    if event.kinds <= EVERYDAY and scene.cues("wanted"):
        return True
    return not first and product.classes <= {"any", "supplement", "vaccine"} and event.kinds <= EVERYDAY


def taken(scene: Scene, product: Product) -> Cue | None:
    sentence = scene.text.sentence(product.start)
    near = [cue for cue in scene.within("taken", sentence) if scene.gap(cue, product) <= REACH]
    if is_wanted(scene, product):
        return None
    return next(iter(near), None) or _under(scene, product)


def _under(scene: Scene, product: Product) -> Cue | None:
    before = [word for word in scene.text.words if word.end < product.start][-1:]
    if before and scene.text.folded[before[0].start : before[0].end] in UNDER:
        return Cue("taken", *before[0])
    return None


def is_wanted(scene: Scene, product: Product) -> bool:
    clause = scene.text.clause(product.start)
    return any(cue.start <= product.start for cue in scene.within("wanted", clause))


def _products(scene: Scene, event: Event) -> list[Product]:
    about = scene.about(event.start)
    return [product for product in scene.products if about.start <= product.start < about.end]


def _with_product(scene: Scene, link: Cue, event: Event) -> Cues:
    near = sorted(_products(scene, event), key=lambda product: scene.gap(product, link))
    return (Cue("link", link.start, link.end), *(_cue(product) for product in near[:1]))


def _cue(product: Product) -> Cue:
    return Cue("product", product.start, product.end)


def unnamed(scene: Scene) -> tuple[Event, Cues] | None:
    """A link so strong that what follows from it need not be in any list: “depuis qu’il prend ça, il marche à reculons”."""
    for sentence in scene.text.sentences:
        about = scene.about(sentence.start)
        judged = any(sentence.start <= event.start < sentence.end for event in scene.events)
        if judged or _too_little(scene, sentence) or scene.within("positive", about) or _is_open(scene, sentence):
            continue
        for cues in (_strong_links(scene, sentence), _acting(scene, sentence)):
            if cues:
                return Event(*sentence, kinds=frozenset({"unnamed"})), cues
    return None


def _too_little(scene: Scene, sentence: Span) -> bool:
    """Nothing but the link and the product."""
    return sum(1 for word in scene.text.words if sentence.start <= word.start < sentence.end) < MORE_THAN_A_LINK


def _is_open(scene: Scene, sentence: Span) -> bool:
    """Asked, wanted, supposed or told of everybody."""
    groups = ("wanted", "hypothetical", "asks", "generality", "other_cause")
    return any(scene.within(group, sentence) for group in groups) or "?" in scene.text.folded[sentence.start : sentence.end]


def _strong_links(scene: Scene, sentence: Span) -> Cues:
    links = [
        *scene.within("since_taking", sentence),
        *scene.within("whenever", sentence),
        *scene.within("since_change", sentence),
    ]
    near = [product for product in scene.products if sentence.start <= product.start < sentence.end]
    for link in links:
        after = [product for product in near if product.end > link.start and scene.gap(link, product) <= NEAR]
        if after:
            return (Cue("link", link.start, link.end), _cue(after[0]))
    for link in scene.within("link", sentence):
        after = [product for product in near if product.start >= link.end and scene.gap(link, product) <= NEAR]
        if after and scene.text.folded[link.start : link.end].strip() not in LOOSE:
            return (Cue("link", link.start, link.end), _cue(after[0]))
    return ()


def _acting(scene: Scene, sentence: Span) -> Cues:
    """The product is what gives, makes or hurts, and nobody stands between."""
    for cause in (*scene.within("caused", sentence), *scene.within("on_me", sentence)):
        before = [product for product in scene.products if sentence.start <= product.start and product.end <= cause.start]
        if before and scene.gap(before[-1], cause) <= NEAR and not scene.within("giver", Span(before[-1].end, cause.start)):
            return (_cue(before[-1]), Cue("link", cause.start, cause.end))
    return ()


# Those that say it of somebody in so many words come first.
PERSONAL: dict[str, Relation] = {
    "AE-since": since_taking,
    "AE-caused": caused,
    "AE-acts": acts_by_itself,
    "AE-does": does_to_somebody,
}
OTHERS: dict[str, Relation] = {
    "AE-whenever": whenever,
    "AE-follows": follows,
    "AE-then": then,
    "AE-headed": headed,
    "AE-stopped": stopped,
    "AE-while-taking": while_taking,
    "AE-together": together,
    "AE-and-now": and_now,
    "AE-pictures": in_pictures,
}


def of(scene: Scene, event: Event) -> Iterator[tuple[str, Cues]]:
    for name, relation in (PERSONAL | OTHERS).items():
        if cues := relation(scene, event):
            yield name, cues
