"""Somebody died while on a product: whatever they died of, its maker has to know."""

import re
from collections.abc import Iterator

from inbox.triage.findings import Confidence, Cue, Family, Finding, Urgency
from inbox.triage.safety.scene import Event, Scene
from inbox.triage.text import Span

NEAR = 8  # words between a death and a trial
# “Passed away on your”, “mort sous”: what follows was taken until then.
_WHILE_ON = re.compile(
    r" (?:(?:while|when|still|pendant qu'(?:il|elle) (?:etait|prenait)) ?)?(?:(?:he|she|they) was )?"
    r"(?:on|taking|using|sous|sur|en prenant)(?: (?:your|the|this|that|votre|vos|le|la|un|une|du))?(?: [^\W_]+)? ?"
)
_NEVER = re.compile(r"(?<![^\W_])(?:avant|before|long before)(?![^\W_])")


def died(scene: Scene) -> Iterator[Finding]:
    """At most one finding."""
    for event in scene.events:
        if "death" in event.kinds and (cue := _on_a_product(scene, event) or _in_a_trial(scene, event)):
            yield _finding(event, cue)
            return


def _on_a_product(scene: Scene, event: Event) -> Cue | None:
    for product in scene.products:
        if product.start >= event.end and _WHILE_ON.fullmatch(scene.text.folded, event.end, product.start):
            return Cue("product", product.start, product.end)
    return None


def _in_a_trial(scene: Scene, event: Event) -> Cue | None:
    if not scene.persons:
        return None
    for cue in scene.text.cues.get("special.on_trial", ()):
        between = Span(min(cue.end, event.end), max(cue.start, event.start))
        if scene.gap(cue, event) <= NEAR and not _NEVER.search(scene.text.folded, *between):
            return Cue("product", cue.start, cue.end)
    return None


def _finding(event: Event, cue: Cue) -> Finding:
    return Finding(
        family=Family.SAFETY,
        type="adverse_event",
        start=min(event.start, cue.start),
        end=max(event.end, cue.end),
        confidence=Confidence.MEDIUM,
        rule="AE-died",
        cues=(Cue("event", event.start, event.end), cue),
        urgency=Urgency.NOW,
        serious=True,
    )
