"""Who was endangered by a medicine: the crisis is an adverse event as well, whoever swallowed it and whoever erred."""

from collections.abc import Iterable, Iterator

from inbox.triage.findings import Confidence, Cue, Family, Finding, Urgency
from inbox.triage.safety.scene import Scene

SPECIAL = {"poisoning": "overdose", "medication_error": "medication_error"}
HOUSEHOLD = "poisoning.toxic"
ANIMALS = "people.pet"
PEOPLE = ("people.child", "people.adult")
WITH_ANIMALS = {"AE-together", "AE-follows", "AE-while-taking", "AE-unnamed", "AE-child-took", "AE-endangered"}
NOBODY_TOOK_IT = {
    "medication_errors.anothers-bag",
    "medication_errors.handed-out",
    "medication_errors.caught",
}


def by_medicines(scene: Scene, crises: Iterable[Finding]) -> Iterator[Finding]:
    """At most one finding: of the first danger that came of a medicine."""
    for crisis in crises:
        if crisis.type in SPECIAL and crisis.rule not in NOBODY_TOOK_IT and _is_of_a_persons_medicine(scene, crisis):
            yield _finding(scene, crisis)
            return


def _is_of_a_persons_medicine(scene: Scene, crisis: Finding) -> bool:
    cues = scene.text.cues
    if HOUSEHOLD in cues or crisis.special == "animal":
        return False
    return bool(scene.products) or "poisoning.thing" in cues or crisis.type == "medication_error"


def is_an_animals(scene: Scene, finding: Finding) -> bool:
    """What befalls a pet is no person's adverse event: “mon chat a vomi après sa pilule”, not “moi depuis ce probiotique …”."""
    cues = scene.text.cues
    pets = [cue for cue in cues.get(ANIMALS, ()) if not scene.text.folded[: cue.start].endswith("comme ")]
    if not pets or any(group in cues for group in PEOPLE):
        return False
    happened = finding.cues[0].start
    owners = {cue.start for cue in pets}
    speakers = [cue.start for cue in cues.get("people.self", ()) if cue.start <= happened and cue.start not in owners]
    befallen = max((cue.start for cue in pets if cue.start <= happened), default=-1)
    return finding.rule in WITH_ANIMALS or befallen > max(speakers, default=-1)


def _finding(scene: Scene, crisis: Finding) -> Finding:
    products = tuple(Cue("product", product.start, product.end) for product in scene.products[:1])
    return Finding(
        family=Family.SAFETY,
        type="adverse_event",
        start=crisis.start,
        end=crisis.end,
        confidence=Confidence.MEDIUM,
        rule="AE-endangered",
        cues=(Cue("event", crisis.start, crisis.end), *products),
        urgency=Urgency.SOON,
        special=SPECIAL[crisis.type],
    )
