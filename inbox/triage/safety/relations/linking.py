"""Words that say that the one came of the other, or came after it."""

import re

from inbox.triage.findings import Cue
from inbox.triage.safety.relations.taking import Cues, is_wanted, product_cue, products_about, taken, with_product
from inbox.triage.safety.scene import OUTCOMES, Event, Product, Scene
from inbox.triage.text import Span

NEAR = 3  # words between "depuis" and the product
VERY_NEAR = 1  # between "avec", which joins much else, and the product
LOOSE = frozenset({"avec", "with", "on", "from", "post", "sous", "sur"})

_HEADING = re.compile(
    r" ?= ?(?:[^\W_]+[ '’]){0,2}"
    r"| ?(?::|=|-|–|—|,|\.{2,3}|…) ?(?:[^\W_]+ )?"
    r"(?:jours?|semaines?|mois|nuits?|days?|weeks?|months?|nights?) (?:[^\W_]+[ '’]){0,3}"
)

# “Mirena posé en juin, saigne non stop depuis”, “il a des brûlements d'estomac avec”.
_LOOKING_BACK = re.compile(
    r" (?:[^\W_]+ ){0,2}(?:depuis|since|ever since|avec(?: ca)?|with (?:it|them|that)|from (?:it|them|that))"
    r"(?= ?(?:[.,!?;:)]|$|\n))"
)


def since_taking(scene: Scene, event: Event) -> Cues:
    """“Depuis que je prends ça, j'ai …”: enough without the product's name."""
    near = scene.within("since_taking", scene.about(event.start))
    return with_product(scene, near[0], event) if near else ()


def whenever(scene: Scene, event: Event) -> Cues:
    """“Chaque fois que je prends mon sirop”, “depuis qu'on a changé ses pilules”."""
    about = scene.about(event.start)
    near = (*scene.within("whenever", about), *scene.within("since_change", about))
    if not near or not products_about(scene, event):
        return ()
    return with_product(scene, near[0], event)


def follows(scene: Scene, event: Event) -> Cues:
    """“Depuis le Cipralex”, “à cause du sirop”, “on Eliquis”."""
    sentence = scene.text.sentence(event.start)
    for link in scene.within("link", scene.about(event.start)):
        if not sentence.start <= link.start < sentence.end and not _opens_its_sentence(scene, link):
            continue
        for product in scene.products:
            if _links(scene, link, product, event):
                return (Cue("link", link.start, link.end), product_cue(product))
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


def then(scene: Scene, event: Event) -> Cues:
    """“J'ai pris une Reactine et 20 minutes après …”: taken, and soon after."""
    sentence = scene.text.sentence(event.start)
    for cue in scene.within("then", sentence):
        for product in scene.products:
            if sentence.start <= product.start < cue.start < event.start and taken(scene, product):
                return (product_cue(product), Cue("link", cue.start, cue.end))
    return ()


def looking_back(scene: Scene, event: Event) -> Cues:
    """What happened, and then that it came of what was named before."""
    link = _LOOKING_BACK.match(scene.text.folded, event.end)
    before = [product for product in products_about(scene, event) if product.end <= event.start]
    if not link or not before or event.is_treated_by(before[-1]) or is_wanted(scene, before[-1]):
        return ()
    return (product_cue(before[-1]), Cue("link", *link.span()))


def stopped(scene: Scene, event: Event) -> Cues:
    """“J'ai arrêté le Crestor à cause des crampes.”"""
    stops = scene.within("stopped", scene.text.sentence(event.start))
    return with_product(scene, stops[0], event) if stops and products_about(scene, event) else ()


def headed(scene: Scene, event: Event) -> Cues:
    """“Wegovy: trois semaines de vomissements”: the product as a heading."""
    for product in scene.products[:1]:
        heading = not scene.text.folded[: product.start].strip(" '\"#@-")
        if heading and _HEADING.fullmatch(scene.text.folded, product.end, event.start) and not event.is_treated_by(product):
            return (product_cue(product),)
    return ()
