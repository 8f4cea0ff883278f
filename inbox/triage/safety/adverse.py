"""Something happened to somebody who took something: recall first, a person judges."""

from collections.abc import Iterator

from inbox.triage.findings import Confidence, Cue, Family, Finding, Urgency
from inbox.triage.safety import against, relations
from inbox.triage.safety.relations.taking import Cues
from inbox.triage.safety.relations.unnamed import unnamed
from inbox.triage.safety.scene import Event, Scene
from inbox.triage.text import Span

AGAINST = (
    against.denied,
    against.is_purpose,
    against.is_reason,
    against.supposed,
    against.is_of_the_price,
    against.slept_well,
    against.was_before,
    against.was_endured,
    against.is_hearsay,
)


def reactions(scene: Scene) -> Iterator[Finding]:
    """At most one finding: the serious event before others, then the first."""
    found = [finding for event in scene.events if (finding := _reaction(scene, event))] or _unnamed(scene)
    yield from sorted(found, key=lambda finding: not finding.serious)[:1]


def _reaction(scene: Scene, event: Event) -> Finding | None:
    if any(speaks(scene, event) for speaks in AGAINST):
        return None
    for rule, cues in relations.of(scene, event):
        if _holds(scene, event, rule, cues):
            return _finding(scene, event, rule, cues)
    return _reaction_in_words(scene, event)


def _holds(scene: Scene, event: Event, rule: str, cues: Cues) -> bool:
    if rule == "AE-caused" and not scene.persons:  # “La cortisone fait enfler”
        return False
    personal = rule in relations.PERSONAL and bool(scene.persons) and not _is_of_nobody(scene, event, rule, cues)
    if not personal and (against.asked_in_general(scene, event) or against.told_of_everybody(scene, event)):
        return False
    return rule == "AE-caused" or not against.went_away(scene, event)


def _is_of_nobody(scene: Scene, event: Event, rule: str, cues: Cues) -> bool:
    """“My neighbour swears that it causes cancer”: whoever says so, it is said of nobody."""
    return rule == "AE-caused" and not scene.within("person", Span(cues[0].start, scene.text.clause(event.start).end))


def _reaction_in_words(scene: Scene, event: Event) -> Finding | None:
    """“J'ai fait une réaction à la pénicilline”."""
    if (
        "reacted" not in event.kinds
        or not scene.persons
        or against.asked_in_general(scene, event)
        or against.told_of_everybody(scene, event)
        or against.is_to_an_allergen(scene, event)
    ):
        return None
    near = [Cue("product", product.start, product.end) for product in scene.products[:1]]
    return _finding(scene, event, "AE-reacted", tuple(near)) if near else None


def _unnamed(scene: Scene) -> list[Finding]:
    if not scene.persons or not scene.products or not (told := unnamed(scene)):
        return []
    return [_finding(scene, told[0], "AE-unnamed", told[1])]


def _finding(scene: Scene, event: Event, rule: str, cues: Cues) -> Finding:
    persons = scene.persons[:1]
    all_cues = (Cue("event", event.start, event.end), *cues, *(Cue("person", cue.start, cue.end) for cue in persons))
    serious = any(other.serious and not against.denied(scene, other) for other in (event, *scene.events))
    return Finding(
        family=Family.SAFETY,
        type="adverse_event",
        start=min(cue.start for cue in all_cues[: 1 + len(cues)]),
        end=max(cue.end for cue in all_cues[: 1 + len(cues)]),
        confidence=Confidence.HIGH if persons and any(cue.kind == "product" for cue in cues) else Confidence.MEDIUM,
        rule=rule,
        cues=all_cues,
        urgency=Urgency.NOW if serious else Urgency.SOON,
        serious=serious,
    )
