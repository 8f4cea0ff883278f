"""Links so strong that what follows from them need not be in any list."""

from inbox.triage.findings import Cue
from inbox.triage.safety import against
from inbox.triage.safety.relations.linking import LOOSE
from inbox.triage.safety.relations.taking import Cues, product_cue
from inbox.triage.safety.scene import Event, Scene
from inbox.triage.text import Span

NEAR = 3  # words between the link and the product
MORE_THAN_A_LINK = 6  # words of a sentence


def unnamed(scene: Scene) -> tuple[Event, Cues] | None:
    """A link so strong that what follows from it need not be in any list: “depuis qu’il prend ça, il marche à reculons”."""
    if against.all_is_well(scene) or against.told_no_harm(scene):
        return None
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
            return (Cue("link", link.start, link.end), product_cue(after[0]))
    for link in scene.within("link", sentence):
        after = [product for product in near if product.start >= link.end and scene.gap(link, product) <= NEAR]
        if after and scene.text.folded[link.start : link.end].strip() not in LOOSE:
            return (Cue("link", link.start, link.end), product_cue(after[0]))
    return ()


def _acting(scene: Scene, sentence: Span) -> Cues:
    """The product is what gives, makes or hurts, and nobody stands between."""
    for cause in (*scene.within("caused", sentence), *scene.within("on_me", sentence)):
        before = [product for product in scene.products if sentence.start <= product.start and product.end <= cause.start]
        if before and scene.gap(before[-1], cause) <= NEAR and not scene.within("giver", Span(before[-1].end, cause.start)):
            return (product_cue(before[-1]), Cue("link", cause.start, cause.end))
    return ()
