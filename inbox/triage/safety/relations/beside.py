"""Nothing says that they belong together but that they are told together: less is needed to doubt it."""

import re

from inbox.triage.findings import Cue
from inbox.triage.safety import against
from inbox.triage.safety.relations.taking import Cues, product_cue, products_about, taken
from inbox.triage.safety.scene import OUTCOMES, Event, Product, Scene
from inbox.triage.text import Span

# What people have without having taken anything, and ask about while taking something else.
EVERYDAY = frozenset(
    {"pain", "fever", "cold", "allergy", "stomach", "bowel", "nausea", "infection", "sleep", "skin", "urine", "eyes", "mood"}
)

_AND_NOW = re.compile(r"(?<![^\W_])(?:et|pis|puis|fak|faque|and|so|now)(?![^\W_])")


def while_taking(scene: Scene, event: Event) -> Cues:
    """“Je suis sur Xarelto et je saigne du nez”: taken, and not what it is taken for."""
    for product in products_about(scene, event):
        took = taken(scene, product)
        if took and not event.is_treated_by(product) and not _only_aside(scene, event, product):
            return (product_cue(product), Cue("taken", took.start, took.end))
    return ()


def together(scene: Scene, event: Event) -> Cues:
    """A product and what it is not taken for, in one sentence that asks for nothing and praises nothing."""
    sentence = scene.text.sentence(event.start)
    if (
        not scene.persons
        or scene.cues("wanted")
        or "special.intercepted" in scene.text.cues
        or scene.within("positive", sentence)
        or event.kinds <= {"death", "hospital", "effects"}
        or _is_long_ago(scene, sentence)
    ):
        return ()
    asked = "?" in scene.text.folded[sentence.start : sentence.end] and event.kinds <= EVERYDAY
    if asked or against.asked_in_general(scene, event) or against.has_another_cause(scene, event):
        return ()
    near = [product for product in scene.products if _is_told_with(scene, product, event) and not event.is_treated_by(product)]
    return (product_cue(near[0]),) if near else ()


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
            return (product_cue(product), Cue("link", *joined.span()), Cue("taken", took.start, took.end))
    return ()


def in_pictures(scene: Scene, event: Event) -> Cues:
    """💊🤮"""
    pills = [product for product in scene.products if product.classes == {"emoji"} and product.start < event.start]
    return (product_cue(pills[0]),) if pills and "emoji" in event.kinds and not scene.text.words else ()
