"""Who took a product, or only wants it, and which products an event may be of."""

import re

from inbox.triage.findings import Cue
from inbox.triage.safety.scene import Event, Product, Scene

REACH = 8  # words between "a pris" and the product
UNDER = frozenset({"on", "sous", "sur"})  # who is “on” it takes it

# “Pepto Bismol depuis hier”: right behind what is taken.
_SINCE_WHEN = re.compile(
    r" (?:depuis|since|x|for) (?:hier|avant-hier|yesterday|last night|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:\d+|une?|deux|trois|quatre|two|three|four) "
    r"(?:jours?|semaines?|mois|days?|weeks?|months?))(?![^\W_])"
)

Cues = tuple[Cue, ...]


def taken(scene: Scene, product: Product) -> Cue | None:
    sentence = scene.text.sentence(product.start)
    near = [cue for cue in scene.within("taken", sentence) if scene.gap(cue, product) <= REACH]
    if is_wanted(scene, product):
        return None
    return next(iter(near), None) or _plainly(scene, product)


def _plainly(scene: Scene, product: Product) -> Cue | None:
    if since := _SINCE_WHEN.match(scene.text.folded, product.end):
        return Cue("taken", *since.span())
    before = [word for word in scene.text.words if word.end < product.start][-1:]
    if before and scene.text.folded[before[0].start : before[0].end] in UNDER:
        return Cue("taken", *before[0])
    return None


def is_wanted(scene: Scene, product: Product) -> bool:
    clause = scene.text.clause(product.start)
    return any(cue.start <= product.start for cue in scene.within("wanted", clause))


def is_only_asked_for(scene: Scene, product: Product) -> bool:
    """“Raw throat for a week. Lozenge?”"""
    sentence = scene.text.sentence(product.start)
    words = [word for word in scene.text.words if sentence.start <= word.start < sentence.end]
    others = [word for word in words if word.end <= product.start or product.end <= word.start]
    return len(others) <= 1 and scene.text.folded[product.end : sentence.end].lstrip().startswith("?")


def products_about(scene: Scene, event: Event) -> list[Product]:
    about = scene.about(event.start)
    return [product for product in scene.products if about.start <= product.start < about.end]


def with_product(scene: Scene, link: Cue, event: Event) -> Cues:
    near = sorted(products_about(scene, event), key=lambda product: scene.gap(product, link))
    return (Cue("link", link.start, link.end), *(product_cue(product) for product in near[:1]))


def product_cue(product: Product) -> Cue:
    return Cue("product", product.start, product.end)
