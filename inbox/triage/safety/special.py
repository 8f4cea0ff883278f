"""What is owed a record though nobody felt anything: “special situations”."""

import re
from collections.abc import Callable, Iterator

from inbox.triage.findings import Confidence, Cue, Family, Finding, Urgency
from inbox.triage.safety.relations.taking import Cues, is_wanted, taken
from inbox.triage.safety.scene import Product, Scene
from inbox.triage.text import Span

NEAR = 5  # words
WIDE = 8
MANY = 7  # at once is no dose of anything that is sold in pills
ABUSED = frozenset({"pain", "sleep", "mood", "attention", "any", "cold", "supplement"})
UNNAMED = frozenset({"any", "vaccine", "supplement", "skin", "cold", "eye"})  # words for many products
NEVER_OFFERED = frozenset({"supplement", "mouthcare"})  # taken by nearly all who expect a child
_UNITS = "mg|ml|mcg|g|ui|iu|jours?|days?|fois|times|h|heures?|hours?|ans|mois|semaines?|weeks?|months?|years?|min|minutes?|lbs?|%"
_COUNT = re.compile(
    r"(?:pris|avale|mange|gobe|took|taken|swallowed|ate|popped)[^\d.!?]{0,25}?(?<![\d,.])(\d{1,3})(?![\d,.])"
    rf"(?! ?(?:{_UNITS}))"
)
_OWN = re.compile(r"(?<![^\W_])(?:ma|mon|mes|my)(?: [^\W_]+)? ?\Z")
_WHETHER = re.compile(r"(?<![^\W_])(?:est[- ]ce(?: qu['’e])?|should|can|could|may|do) ?\Z")

Special = Callable[[Scene], Cues]


def expecting(scene: Scene) -> Cues:
    """A child on the way or at the breast, and a product taken."""
    if _cues(scene, "not_expecting"):
        return ()
    for cue in _cues(scene, "expecting"):
        for product in scene.products:
            took = taken(scene, product)
            if (
                took
                and not product.classes <= NEVER_OFFERED
                and "contraception" not in product.classes
                and not _is_asked_whether(scene, took)
            ):
                return (Cue("event", cue.start, cue.end), _product(product), Cue("taken", took.start, took.end))
    return ()


def unawares(scene: Scene) -> Cues:
    """“Enceinte de 11 semaines, je viens de réaliser que ma crème Tazorac …”: found out, of what is one's own."""
    found_out = _cues(scene, "unawares")
    if not found_out or _cues(scene, "not_expecting") or scene.cues("asks"):
        return ()
    for cue in _cues(scene, "expecting"):
        for product in scene.products:
            if product.classes.isdisjoint({*NEVER_OFFERED, "contraception"}) and _is_ones_own(scene, product):
                return (Cue("event", cue.start, cue.end), _product(product))
    return ()


def _is_ones_own(scene: Scene, product: Product) -> bool:
    return bool(_OWN.search(scene.text.folded, 0, product.start))


def _is_asked_whether(scene: Scene, took: Cue) -> bool:
    """“Est-ce que je prends ça chez vous?”: not taken yet."""
    return bool(_WHETHER.search(scene.text.folded, 0, took.start))


def no_effect(scene: Scene) -> Cues:
    for cue in _cues(scene, "no_effect"):
        sentence = scene.text.sentence(cue.start)
        if scene.within("asks", sentence) or _supposed(scene, cue) or _is_of_something_else(scene, cue):
            continue
        nearest = _near(scene, cue)[:1]
        if nearest and _is_somebodys(scene, nearest[0]):
            return (Cue("event", cue.start, cue.end), _product(nearest[0]))
    return ()


def _is_somebodys(scene: Scene, product: Product) -> bool:
    if "vaccine" in product.classes and scene.text.folded[product.start : product.end].endswith("s"):
        return taken(scene, product) is not None
    pointed_at = any(scene.gap(cue, product) == 0 and cue.start <= product.start for cue in _cues(scene, "this"))
    return bool(scene.persons) or taken(scene, product) is not None or pointed_at or not product.classes <= UNNAMED


def _is_of_something_else(scene: Scene, cue: Cue) -> bool:
    """“Votre site marche pas”: what stands nearest before it is no product."""
    sentence = scene.text.sentence(cue.start)
    others = [
        other.start
        for other in (*scene.within("other_cause", sentence), *scene.text.cues.get("devices.device", ()))
        if other.start < cue.end
    ]
    products = [product.start for product in scene.products if sentence.start <= product.start < cue.end]
    return bool(others) and max(others) > max(products, default=-1)


def unwanted_child(scene: Scene) -> Cues:
    """With child in spite of a contraceptive."""
    for cue in _cues(scene, "expecting"):
        for product in scene.products:
            failed = taken(scene, product) is not None or bool(_cues(scene, "no_effect"))
            if (
                failed
                and "contraception" in product.classes
                and not is_wanted(scene, product)
                and not _cues(scene, "not_expecting")
                and not _was_stopped(scene, product)
            ):
                return (Cue("event", cue.start, cue.end), _product(product))
    return ()


def _was_stopped(scene: Scene, product: Product) -> bool:
    return any(scene.gap(cue, product) <= 1 for cue in scene.cues("stopped"))


def too_much(scene: Scene) -> Cues:
    return _said_of_a_taken_product(scene, "too_much") or _counted(scene)


def _counted(scene: Scene) -> Cues:
    for match in _COUNT.finditer(scene.text.folded):
        count = Span(*match.span(1))
        after = [product for product in scene.products if product.start >= count.end and scene.gap(count, product) <= NEAR]
        if int(match[1]) >= MANY and after and not _supposed(scene, Cue("", match.start(), match.end())):
            return (Cue("event", *match.span()), _product(after[0]))
    return ()


def error(scene: Scene) -> Cues:
    """Given or taken wrongly, and swallowed: what was noticed in time is no event."""
    if _cues(scene, "intercepted") or not _cues(scene, "reached"):
        return ()
    return _said_of_a_taken_product(scene, "error")


def got_into(scene: Scene) -> Cues:
    """A child that helped itself: what is named in a later sentence is what is thought of for it."""
    cues = _said_of_a_taken_product(scene, "got_into") if _cues(scene, "small") else ()
    return cues if cues and cues[1].start < scene.text.sentence(cues[0].start).end else ()


def misuse(scene: Scene) -> Cues:
    for cue in _cues(scene, "misused"):
        for product in _near(scene, cue):
            if product.classes & ABUSED and scene.persons and not _supposed(scene, cue):
                return (Cue("event", cue.start, cue.end), _product(product))
    return ()


def another_persons(scene: Scene) -> Cues:
    """Prescribed to one and taken by another."""
    for cue in _cues(scene, "others_own"):
        for took in _cues(scene, "swallowed"):
            near = [
                product
                for product in scene.products
                if scene.gap(product, cue) <= 1 and took.end <= product.end and scene.gap(took, product) <= 3
            ]
            if near and not is_wanted(scene, near[0]) and not _supposed(scene, took) and not _cues(scene, "intercepted"):
                return (Cue("event", cue.start, cue.end), _product(near[0]), Cue("taken", took.start, took.end))
    return ()


def fake(scene: Scene) -> Cues:
    for cue in _cues(scene, "fake"):
        near = [product for product in scene.products if scene.gap(product, cue) <= WIDE]
        if near and scene.persons and not _supposed(scene, cue) and not scene.within("asks", scene.text.sentence(cue.start)):
            return (Cue("event", cue.start, cue.end), _product(near[0]))
    return ()


def reported(scene: Scene) -> Cues:
    """“Où déclarer”: with a product, what happened or a person it happened to."""
    for cue in _cues(scene, "reported"):
        happened = scene.events or _cues(scene, "expecting")
        told = not scene.within("hypothetical", scene.text.sentence(cue.start)) and "speech.fiction" not in scene.text.cues
        if happened and scene.products and told:
            return (Cue("event", cue.start, cue.end), _product(scene.products[0]))
    return ()


def _said_of_a_taken_product(scene: Scene, group: str) -> Cues:
    for cue in _cues(scene, group):
        for product in _near(scene, cue):
            took = taken(scene, product) is not None or (cue.start <= product.start and bool(_cues(scene, "reached")))
            if took and not is_wanted(scene, product) and not _supposed(scene, cue):
                return (Cue("event", cue.start, cue.end), _product(product))
    return ()


def _supposed(scene: Scene, cue: Cue) -> bool:
    """If, perhaps, or in a film."""
    if any(story.start < cue.start for story in scene.text.cues.get("speech.fiction", ())):
        return True
    sentence = scene.text.sentence(cue.start)
    groups = ("hypothetical", "wanted", "asks")
    return any(other.start <= cue.start for group in groups for other in scene.within(group, sentence))


def _near(scene: Scene, cue: Cue) -> list[Product]:
    about = scene.about(cue.start)
    near = [product for product in scene.products if about.start <= product.start < about.end]
    return sorted(near, key=lambda product: scene.gap(product, cue))


def _cues(scene: Scene, group: str) -> tuple[Cue, ...]:
    return scene.text.cues.get(f"special.{group}", ())


def _product(product: Product) -> Cue:
    return Cue("product", product.start, product.end)


SPECIALS: dict[str, tuple[str, Special]] = {
    "AE-pregnancy": ("pregnancy", expecting),
    "AE-unawares": ("pregnancy", unawares),
    "AE-contraceptive-failed": ("lack_of_effect", unwanted_child),
    "AE-overdose": ("overdose", too_much),
    "AE-child-took": ("overdose", got_into),
    "AE-error-reached": ("medication_error", error),
    "AE-misuse": ("misuse", misuse),
    "AE-anothers": ("misuse", another_persons),
    "AE-lack-of-effect": ("lack_of_effect", no_effect),
    "AE-counterfeit": ("counterfeit", fake),
    "AE-reported": ("", reported),
}


def situations(scene: Scene) -> Iterator[Finding]:
    for rule, (special, find) in SPECIALS.items():
        if scene.products and (cues := find(scene)):
            yield Finding(
                family=Family.SAFETY,
                type="adverse_event",
                start=min(cue.start for cue in cues),
                end=max(cue.end for cue in cues),
                confidence=Confidence.MEDIUM,
                rule=rule,
                cues=(*cues, *(Cue("person", cue.start, cue.end) for cue in scene.persons[:1])),
                urgency=Urgency.SOON,
                special=special,
            )
