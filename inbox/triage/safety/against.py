"""What takes the weight from an event: it did not happen, it might, it went away, it is what the product is for."""

import re

from inbox.triage.findings import Cue
from inbox.triage.safety.scene import OUTCOMES, Event, Product, Scene
from inbox.triage.text import Span

ASKING = frozenset({"is", "do", "does", "can", "could", "will", "would"})
# “Ça me gratte pus”; not “ça me gratte plus qu'avant”, nor “constipation pas possible”.
_NO_MORE = re.compile(
    r" (?:plus|pu|pus|pas)(?![^\W_])"
    r"(?! (?:que|qu|fort|en|encore|pire|mal|souvent|longtemps|capable|bien|juste|rien|mon|ma|mes"
    r"|possible|croyable|normale?s?|endurable)(?![^\W_]))"
)
# “Ma peau a arrêté de saigner”; to stop eating or breathing is no good end.
_STOPPED = re.compile(
    r"(?:arret\w+|fini\w*) (?:de |d')(?:me |lui |m')?(?:saigner|gratter|piquer|bruler|faire mal|enfler|couler|vomir"
    r"|tousser|trembler|elancer)"
    r"|(?:stopped|quit) (?:bleeding|itching|burning|hurting|swelling|vomiting|coughing|shaking|throbbing)"
)
# What is said before a product of which the price, the want or the praise is what is felt.
_PRICE_OF = re.compile(
    r"(?<![^\W_])(?:prix|factures?|couts?|penurie|rupture(?: de stock)?|prices?|costs?|bill|shortage|copay"
    r"|pubs?|publicites?|annonces?|infolettres?|circulaires?|ads?|adverts?|commercials?"
    r"|reportages?|documentaires?|articles?|emissions?|balados?|documentary|documentaries|story|stories|podcasts?)(?: d'hier)?"
    r" (?:de|des|du|d'|pour|of|for|sur|about|on)(?: ?(?:mes|mon|ma|vos|votre|le|la|les|l'|the|my|your|this|these))? ?\Z"
)
# “Avant de commencer le”, “before my”: what follows in the sentence was there first, but for what came “now”, or “since”.
_BEFORE = re.compile(r"(?<![^\W_])(?:avant|before)(?: [^\W_]+['’]?){0,4}['’ ]\Z")
_SINCE_THEN = re.compile(
    r"(?<![^\W_])(?:maintenant|asteure|astheure|depuis|pis|et|mais|now|then|and|but|since|after|apres)(?![^\W_])"
)
# “Parce qu'elle ”, “because my ”: what follows is why it is taken.
_REASON = re.compile(
    r"(?<![^\W_])(?:parce? qu['’e]|pcq|vu qu['’e]|puisqu['’e]|a cause (?:de|d['’]|du|des)"
    r"|because|since (?:i|he|she|my|his|her)(?![^\W_]))"
    r"(?: ?(?!et |pis |mais |and |but |now )[^\W_]+['’]?){0,4} ?\Z"
)
_CHANGED = re.compile(
    r"(?<![^\W_])(?:chang|lach|arret|stop|quit|switch|rapport|retourn|refus|hopital|urgence|hospital|baiss|diminu|couch|appel)"
)
ASLEEP = frozenset({"drowsy", "sleep", "other"})
DENYING = ("negated", "not_a_bit")
REACH = 2  # words between "no" and what it denies
NEAR_CAUSE = 3  # words between what gives, “gives”, and what it gives
REACHED = {"special.reached", "special.swallowed", "medication_errors.reached"}
FAR = 8  # words over which "if", "afraid of" and "may cause" reach


def denied(scene: Scene, event: Event) -> bool:
    return any(_just_before(scene, group, event, REACH) for group in DENYING) or is_no_more(scene, event)


def is_no_more(scene: Scene, event: Event) -> bool:
    folded, clause = scene.text.folded, scene.text.clause(event.start)
    return bool(_NO_MORE.match(folded, event.end) or _STOPPED.search(folded, clause.start, event.end))


def went_away(scene: Scene, event: Event) -> bool:
    """“Mes migraines ont disparu”, not “j'ai eu des nausées mais c'est passé”."""
    clause = scene.text.clause(event.start)
    return any(
        cue.end > event.end and scene.gap(event, cue) <= REACH
        for cue in scene.within("improved", clause)
        if cue.start >= event.start
    )


def is_purpose(scene: Scene, event: Event) -> bool:
    """“Du sirop pour ma toux”, not “la pilule contre l'arthrite me détruit l'estomac”."""
    if any(cue.start < event.end and event.start < cue.end for cue in scene.cues("on_me")):
        return False
    if any(other.kinds & OUTCOMES for other in scene.events if other.start < event.start):  # “hospitalisé pour une pancréatite”
        return False
    return _just_before(scene, "purpose", event, REACH)


def supposed(scene: Scene, event: Event) -> bool:
    """“Si je fais de la fièvre”, “peur d'avoir”, “may cause”."""
    sentence = scene.text.sentence(event.start)
    if scene.within("unwarned", sentence):
        return False
    return any(cue.start < event.start and scene.gap(cue, event) <= FAR for cue in scene.within("hypothetical", sentence))


def asked_in_general(scene: Scene, event: Event) -> bool:
    sentence = scene.text.sentence(event.start)
    if scene.within("unwarned", sentence):
        return False
    return any(_asks(scene, cue, sentence) for cue in scene.within("asks", sentence))


def _asks(scene: Scene, cue: Cue, sentence: Span) -> bool:
    """“Is” asks where it opens a clause, or where there is a question mark: not in “my pee is orange”."""
    folded = scene.text.folded
    if folded[cue.start : cue.end].partition(" ")[0] not in ASKING or "?" in folded[sentence.start : sentence.end]:
        return True
    return not folded[scene.text.clause(cue.start).start : cue.start].strip()


def told_of_everybody(scene: Scene, event: Event) -> bool:
    sentence = scene.text.sentence(event.start)
    return any(cue.start < event.start for cue in scene.within("generality", sentence))


def has_another_cause(scene: Scene, event: Event) -> bool:
    """“La file d'attente me donne mal à la tête”: something else than a product stands nearest before it."""
    sentence = scene.text.sentence(event.start)
    before = Span(sentence.start, event.start)
    causes = [cue.start for cue in scene.within("other_cause", before)]
    products = [product.start for product in scene.products if before.start <= product.start < before.end]
    since = [cue.start for cue in scene.within("then", before) if products]  # “commencé lundi et depuis …”
    return bool(causes) and max(causes) > max((*products, *since), default=-1)


def is_of_the_price(scene: Scene, event: Event) -> bool:
    """“La facture du Humira m'a donné …”, “the bill for my Trulicity”: no product did it."""
    sentence = scene.text.sentence(event.start)
    before = [product.start for product in scene.products if sentence.start <= product.start < event.start]
    return bool(before) and all(_PRICE_OF.search(scene.text.folded, sentence.start, start) for start in before)


def was_before(scene: Scene, event: Event) -> bool:
    """“Avant Zolvaria je me grattais au sang”: the one product of the sentence came later."""
    sentence, folded = scene.text.sentence(event.start), scene.text.folded
    products = [product for product in scene.products if sentence.start <= product.start < sentence.end]
    if len(products) != 1 or products[0].end > event.start or not _BEFORE.search(folded, sentence.start, products[0].start):
        return False
    between = Span(products[0].end, event.start)
    turned = _SINCE_THEN.search(folded, *between) or scene.within("then", between)
    return not turned and not denied(scene, event)


def was_endured(scene: Scene, event: Event) -> bool:
    """“Ça faisait des années que je me grattais. Zolvaria a réglé ça”: it was there before what came for it."""
    sentence = scene.text.sentence(event.start)
    endured = any(cue.start < event.end for cue in scene.within("endured", sentence))
    after = [product for product in scene.products if product.start >= event.end]
    if not endured or not after or len(after) != len(scene.products):
        return False
    return not scene.within("link", Span(event.end, after[0].start))


def is_reason(scene: Scene, event: Event) -> bool:
    """“Elle prend du Lasix parce qu'elle enflait”: why it is taken."""
    folded, sentence = scene.text.folded, scene.text.sentence(event.start)
    before = [product for product in scene.products if sentence.start <= product.start and product.end <= event.start]
    if not before or _CHANGED.search(folded, sentence.start, event.start) or scene.within("stopped", sentence):
        return False
    return bool(_REASON.search(folded, before[-1].end, event.start)) and bool(scene.within("taken", sentence))


def slept_well(scene: Scene, event: Event) -> bool:
    """“Left me groggy, I slept like a baby”: what was taken to sleep."""
    to_sleep = any("sleep" in product.classes for product in scene.products)
    return to_sleep and event.kinds <= ASLEEP and bool(scene.cues("positive"))


def is_to_an_allergen(scene: Scene, event: Event) -> bool:
    """“Une réaction aux arachides”: what else is named was not what did it."""
    sentence = scene.text.sentence(event.start)
    return any(scene.gap(event, cue) <= REACH for cue in scene.within("allergen", Span(event.start, sentence.end)))


def is_hearsay(scene: Scene, event: Event) -> bool:
    """“Her friend lost her hair on some pill, she doesn't know which”: of somebody whom somebody knows."""
    sentence = scene.text.sentence(event.start)
    told = any(cue.start < event.start for cue in scene.within("third_hand", sentence))
    return told and bool(scene.within("of_hearsay", scene.about(event.start)))


def is_of_no_product(scene: Scene, event: Event) -> bool:
    """“Le nouveau site me donne la nausée”, “waiting for my x-ray, the foot is purple”: nothing was taken that could do it."""
    if scene.products:
        return False
    return bool(scene.cues("injury")) or any(_is_done_by(scene, cause, event) for cause in scene.cues("caused"))


def _is_done_by(scene: Scene, cause: Cue, event: Event) -> bool:
    """Something else than a product is what gives, and what it gives is this."""
    if cause.start > event.start or scene.gap(cause, event) > NEAR_CAUSE:
        return False
    before = Span(scene.text.sentence(event.start).start, cause.start)
    return any(scene.gap(other, cause) <= NEAR_CAUSE for other in scene.within("other_cause", before))


def told_no_harm(scene: Scene) -> bool:
    """Changed for convenience, taken for long without trouble, or caught before it was taken; and nothing happened."""
    if scene.events:
        return False
    if scene.cues("for_convenience") or scene.cues("untroubled"):
        return True
    return was_caught(scene)


def was_caught(scene: Scene) -> bool:
    """Before anybody took it."""
    return "special.seen_in_time" in scene.text.cues and REACHED.isdisjoint(scene.text.cues)


def all_is_well(scene: Scene) -> bool:
    """“Y pète le feu depuis son Vyvanse”, “pas une miette d'effet secondaire”: and nothing else is said of the body."""
    if not scene.events:
        return bool(scene.cues("thriving") or scene.cues("disgust")) and not scene.cues("ablaze")
    return all(_just_before(scene, "not_a_bit", event, REACH) for event in scene.events)


def not_begun(scene: Scene) -> bool:
    """What was read, feared or asked of something that nobody has taken yet."""
    return bool(scene.cues("not_taken"))


def _just_before(scene: Scene, group: str, event: Event, reach: int) -> bool:
    clause = scene.text.clause(event.start)
    return any(_precedes(scene, cue, event, reach) for cue in scene.within(group, Span(clause.start, event.start)))


def _precedes(scene: Scene, cue: Cue, event: Event, reach: int) -> bool:
    """Near enough, and no part of a product's name (pilule pour la pression)."""
    if any(product.start < cue.end and cue.start < product.end for product in scene.products):
        return False
    return cue.end <= event.start + 1 and scene.gap(cue, event) <= reach


def told_in_a_story(scene: Scene) -> bool:
    """“Dans la série, la soeur a pris trop de Tylenol.”"""
    return "speech.story" in scene.text.cues


def is_sought_for(scene: Scene, event: Event) -> bool:
    """“Il fait de la fièvre, Tylenol ou Advil?”: asked what to take for it, and nothing taken yet."""
    asked = bool(scene.products) and all(_is_asked_about(scene, product) for product in scene.products)
    return asked and all(event.is_treated_by(product) for product in scene.products)


def _is_asked_about(scene: Scene, product: Product) -> bool:
    sentence = scene.text.sentence(product.start)
    if "?" not in scene.text.folded[sentence.start : sentence.end] or scene.cues("since_taking"):
        return False
    caused = scene.within("caused", Span(product.start, sentence.end))
    return not caused and not scene.within("taken", sentence)
