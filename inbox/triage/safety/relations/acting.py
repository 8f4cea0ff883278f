"""The product is what acts, and somebody is what it acts on."""

from inbox.triage.findings import Cue
from inbox.triage.safety import against
from inbox.triage.safety.relations.taking import Cues, product_cue, products_about
from inbox.triage.safety.scene import Event, Product, Scene
from inbox.triage.text import Span

NEAR = 3  # words between the product and what it does
REACH = 8  # words between "m'a donné" and what it gave
PRONOUNS = frozenset(
    {"ca", "sa", "cela", "elle", "il", "y", "ils", "elles", "it", "that", "this", "they", "those", "these", "which", "qui"}
)
LOCAL = {
    "acne": {"skin", "swelling", "eyes", "mouth"},
    "skin": {"skin", "swelling", "eyes", "mouth"},
    "eye": {"eyes", "skin", "swelling"},
    "mouthcare": {"mouth", "skin", "swelling"},
}


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
        before = [product for product in products_about(scene, event) if product.start < event.start]
        after = [
            product
            for product in products_about(scene, event)
            if product.start > event.start and _is_said_by_pronoun(scene, cause)
        ]
        if (before or after) and not any(cause.end <= product.start for product in before):
            return (Cue("link", cause.start, cause.end), product_cue((before or after)[-1]))
    return ()


def _is_said_by_pronoun(scene: Scene, cause: Cue) -> bool:
    """“Ça m'a donné des boutons, votre crème.”"""
    return scene.text.folded[: cause.start].rstrip(" '").rpartition(" ")[2] in PRONOUNS


def acts_by_itself(scene: Scene, event: Event) -> Cues:
    """“Les gouttes me brûlent les yeux”, “tearing up my stomach”."""
    sentence = scene.text.sentence(event.start)
    acting = [cue for cue in scene.within("on_me", sentence) if cue.start < event.end and event.start < cue.end]
    said_after = bool(acting) and _is_said_by_pronoun(scene, acting[0])
    products = [product for product in scene.products if sentence.start <= product.start < sentence.end]
    before = [product for product in products if product.start <= event.start or said_after]
    if not before or against.has_another_cause(scene, event):
        return ()
    if acting or _is_local(before[-1], event):
        return (product_cue(before[-1]), *(Cue("link", cue.start, cue.end) for cue in acting[:1]))
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
    return (product_cue(before[-1]), Cue("link", done_to[0].start, done_to[0].end)) if done_to else ()


def _is_local(product: Product, event: Event) -> bool:
    return any(event.kinds & LOCAL[name] for name in product.classes & LOCAL.keys()) and not event.is_treated_by(product)
