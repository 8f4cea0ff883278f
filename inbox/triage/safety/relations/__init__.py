"""Ways in which a product and an event belong together. Each takes an event and gives the cues that say so, or none."""

from collections.abc import Callable, Iterator

from inbox.triage.safety.relations.acting import acts_by_itself, caused, does_to_somebody
from inbox.triage.safety.relations.beside import and_now, in_pictures, together, while_taking
from inbox.triage.safety.relations.linking import follows, headed, looking_back, since_taking, stopped, then, whenever
from inbox.triage.safety.relations.taking import Cues
from inbox.triage.safety.scene import Event, Scene

Relation = Callable[[Scene, Event], Cues]

# Those that say it of somebody in so many words come first.
PERSONAL: dict[str, Relation] = {
    "AE-since": since_taking,
    "AE-caused": caused,
    "AE-acts": acts_by_itself,
    "AE-does": does_to_somebody,
}
OTHERS: dict[str, Relation] = {
    "AE-whenever": whenever,
    "AE-follows": follows,
    "AE-then": then,
    "AE-headed": headed,
    "AE-looking-back": looking_back,
    "AE-stopped": stopped,
    "AE-while-taking": while_taking,
    "AE-together": together,
    "AE-and-now": and_now,
    "AE-pictures": in_pictures,
}


def of(scene: Scene, event: Event) -> Iterator[tuple[str, Cues]]:
    for name, relation in (PERSONAL | OTHERS).items():
        if cues := relation(scene, event):
            yield name, cues
