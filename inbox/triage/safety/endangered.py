"""Who was endangered by a medicine: the crisis is an adverse event as well, whoever swallowed it and whoever erred."""

import re
from collections.abc import Iterable, Iterator

from inbox.triage import abroad
from inbox.triage.findings import Confidence, Cue, Family, Finding, Urgency
from inbox.triage.safety import against
from inbox.triage.safety.scene import Scene

SPECIAL = {"poisoning": "overdose", "medication_error": "medication_error"}
HOUSEHOLD = "poisoning.toxic"
MEDICINES_ABROAD = (".pills", ".too_many")  # groups of lexicons/abroad_*.toml
ANIMALS = "people.pet"
PEOPLE = ("people.child", "people.adult")
WITH_ANIMALS = {
    *("AE-together", "AE-follows", "AE-while-taking", "AE-looking-back", "AE-unnamed"),
    *("AE-child-took", "AE-endangered", "AE-drank", "AE-struck", "AE-learned"),
}
OF_DANGERS = {"AE-child-took", "AE-endangered", "AE-drank", "AE-struck"}
STRUCK = {"emergency", "poisoning"}
TOOK = {"exposure.taken", "special.got_into", "special.swallowed", "special.reached", "poisoning.taken"}
PLANNED = {"AE-together", "AE-overdose", "AE-lack-of-effect", "AE-misuse"}
BEGAN = ("exposure.since_taking", "exposure.since_change", "exposure.begun", "exposure.caused", "exposure.stopped")
# “Took my dog's pills”, “pris la pilule du chien”: what it owns, not what it suffers.
_OF_THE_ANIMAL = re.compile(
    r"(?<![^\W_])(?:comme|took|taken|taking|swallowed|(?:pris|avale|prenais|bu) (?:[^\W_]+['’ ]+){1,3}(?:de|a|d')) ?\Z"
)
NEAR = 3  # words between what began and the product
NOBODY_TOOK_IT = {
    "medication_errors.anothers-bag",
    "medication_errors.handed-out",
    "medication_errors.caught",
}


def by_medicines(scene: Scene, crises: Iterable[Finding]) -> Iterator[Finding]:
    """At most one finding: of the first danger that came of a medicine."""
    for crisis in crises:
        if crisis.type == "medication_error" and against.was_caught(scene):
            continue
        if crisis.type in SPECIAL and crisis.rule not in NOBODY_TOOK_IT and _is_of_a_persons_medicine(scene, crisis):
            products = tuple(Cue("product", product.start, product.end) for product in scene.products[:1])
            yield _finding(crisis, "AE-endangered-abroad" if _is_abroad(crisis) else "AE-endangered", products)
            return


def by_what_is_sold(scene: Scene, crises: Iterable[Finding]) -> Iterator[Finding]:
    """“Drank the hand sanitizer, she's wobbly”: no medicine, but sold for health, and it shows what it did."""
    sold, shown = (scene.text.cues.get(f"special.{group}", ()) for group in ("for_health", "it_shows"))
    poisoned = next((crisis for crisis in crises if crisis.type == "poisoning" and crisis.special != "animal"), None)
    if poisoned is not None and sold and (shown or scene.events):
        yield _finding(poisoned, "AE-drank", (Cue("product", sold[0].start, sold[0].end),))


def struck(scene: Scene, crises: Iterable[Finding]) -> Iterator[Finding]:
    """“Y'a pris son insuline, y'est tout trempe pis y dit n'importe quoi”: what was taken strikes just so."""
    cues = scene.text.cues
    by, shown = (cues.get(f"special.{group}", ()) for group in ("strikes", "shows_in_the_head"))
    danger = next((crisis for crisis in crises if crisis.type in STRUCK), None)
    if danger is not None and by and shown and not TOOK.isdisjoint(cues):
        yield _finding(danger, "AE-struck", (Cue("product", by[0].start, by[0].end),))


def darkened(scene: Scene, crises: Iterable[Finding]) -> Iterator[Finding]:
    """“Started Accutane in January and now I think about …”: somebody wants to die since a medicine began."""
    despair = next((crisis for crisis in crises if crisis.type == "self_harm"), None)
    if despair is None or not (began := _beginning(scene)):
        return
    yield _finding(despair, "AE-darkened", began)


def _beginning(scene: Scene) -> tuple[Cue, ...]:
    """A product, newly taken or more of it."""
    for product in scene.products:
        for group in ("begun", "since_taking", "since_change"):
            near = [cue for cue in scene.cues(group) if cue.start <= product.start and scene.gap(cue, product) <= NEAR]
            if near:
                return (Cue("link", near[0].start, near[0].end), Cue("product", product.start, product.end))
    return ()


def is_only_planned(scene: Scene, finding: Finding, crises: Iterable[Finding]) -> bool:
    """Pills put aside to die of them are a danger, and nothing that they did."""
    types = {crisis.type for crisis in crises}
    swallowed = "poisoning" in types or "special.swallowed" in scene.text.cues
    planned = PLANNED if any(group in scene.text.cues for group in BEGAN) else PLANNED | {"AE-learned"}
    return "self_harm" in types and not swallowed and finding.rule in planned


def _is_of_a_persons_medicine(scene: Scene, crisis: Finding) -> bool:
    cues = scene.text.cues
    if HOUSEHOLD in cues or crisis.special == "animal":
        return False
    return _is_abroad(crisis) or bool(scene.products) or "poisoning.thing" in cues or crisis.type == "medication_error"


def _is_abroad(crisis: Finding) -> bool:
    """Told in a language that only its own word list knows."""
    return abroad.is_told(crisis) and any(cue.kind.endswith(MEDICINES_ABROAD) for cue in crisis.cues)


def is_an_animals(scene: Scene, finding: Finding) -> bool:
    """What befalls a pet is no person's adverse event: “mon chat a vomi après sa pilule”, not “moi depuis ce probiotique …”."""
    cues = scene.text.cues
    pets = [cue for cue in cues.get(ANIMALS, ()) if not _OF_THE_ANIMAL.search(scene.text.folded, 0, cue.start)]
    if not pets or any(not _is_an_owner(scene, person) for person in scene.text.any_of(PEOPLE)):
        return False
    happened = finding.cues[0].start
    owners = {cue.start for cue in pets}
    speakers = [cue.start for cue in cues.get("people.self", ()) if cue.start <= happened and cue.start not in owners]
    befallen = max((cue.start for cue in pets if cue.start <= happened), default=-1)
    if (
        finding.rule not in OF_DANGERS
        and finding.cues[0].kind == "event"
        and any(_is_i(scene, start) for start in speakers if start > befallen)
    ):
        return False  # “Depuis le Norvasc je tombe, mon chien me regarde bizarre”
    return finding.rule in WITH_ANIMALS or befallen > max(speakers, default=-1)


def _is_i(scene: Scene, start: int) -> bool:
    """“I”, “je”; not “my”, whose the animal may be."""
    return scene.text.folded[start:].startswith(("i ", "i'", "im ", "ive ", "j", "chu"))


def _is_an_owner(scene: Scene, person: Cue) -> bool:
    """“Mon chat a mangé une pilule de ma fille”: named for what is hers alone."""
    return scene.text.folded[: person.start].endswith((" de ", " a ", " of ")) or scene.text.folded.startswith("'s ", person.end)


def _finding(crisis: Finding, rule: str, cues: tuple[Cue, ...]) -> Finding:
    return Finding(
        family=Family.SAFETY,
        type="adverse_event",
        start=crisis.start,
        end=crisis.end,
        confidence=Confidence.MEDIUM,
        rule=rule,
        cues=(Cue("event", crisis.start, crisis.end), *cues),
        urgency=Urgency.SOON,
        special=SPECIAL.get(crisis.type, ""),
    )
