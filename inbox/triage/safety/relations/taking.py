"""Who took a product, or only wants it, and which products an event may be of."""

from inbox.triage.findings import Cue
from inbox.triage.safety.scene import Event, Product, Scene

REACH = 8  # words between "a pris" and the product
UNDER = frozenset({"on", "sous", "sur"})  # who is “on” it takes it

Cues = tuple[Cue, ...]


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


def products_about(scene: Scene, event: Event) -> list[Product]:
    about = scene.about(event.start)
    return [product for product in scene.products if about.start <= product.start < about.end]


def with_product(scene: Scene, link: Cue, event: Event) -> Cues:
    near = sorted(products_about(scene, event), key=lambda product: scene.gap(product, link))
    return (Cue("link", link.start, link.end), *(product_cue(product) for product in near[:1]))


def product_cue(product: Product) -> Cue:
    return Cue("product", product.start, product.end)
