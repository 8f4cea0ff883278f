"""Somebody else's work: compliance, privacy, managers. The rules are in the lexicons; what depends on the page stands here."""

from collections.abc import Iterator
from itertools import chain

from inbox.triage import engine
from inbox.triage.findings import Confidence, Context, Cue, Family, Finding, Urgency
from inbox.triage.safety.scene import Product, Scene
from inbox.triage.text import Text

SUBJECTS = ("devices", "quality", "misinformation", "advertising", "privacy", "legal", "media", "spam", "abuse", "off_label")
# Sold to everybody for everything: a question about them is a question, and no new use.
EVERYDAY = frozenset(
    {
        "pain",
        "cold",
        "allergy",
        "stomach",
        "bowel",
        "nausea",
        "supplement",
        "skin",
        "vaccine",
        "any",
        "eye",
        "mouthcare",
        "emoji",
        "breath",
    }
)


def find(text: Text, context: Context) -> Iterator[Finding]:
    found = list(chain.from_iterable(engine.findings(subject, text) for subject in SUBJECTS))
    yield from found
    if not any(finding.type == "off_label" for finding in found):
        yield from _off_label(Scene(text, context), context)


def _off_label(scene: Scene, context: Context) -> Iterator[Finding]:
    """A use or a dose that is asked about: of a prescription medicine, or of anything on its maker's page."""
    asking, business = scene.text.cues.get("off_label.asking", ()), scene.text.cues.get("off_label.business", ())
    uses = scene.text.any_of(("off_label.new_use",))
    if context.page_kind == "manufacturer":
        uses = scene.text.any_of(("off_label.new_use", "off_label.who_or_dose"))
    if not asking or not uses or business:
        return
    for product in scene.products:
        if context.page_kind == "manufacturer" or not product.classes <= EVERYDAY:
            yield _finding(product, uses[0], asking[0])
            return


def _finding(product: Product, use: Cue, asking: Cue) -> Finding:
    return Finding(
        family=Family.ROUTE,
        type="off_label",
        start=min(product.start, use.start),
        end=max(product.end, use.end),
        confidence=Confidence.MEDIUM,
        rule="off_label.asked",
        cues=(
            Cue("product", product.start, product.end),
            Cue("use", use.start, use.end),
            Cue("question", asking.start, asking.end),
        ),
        urgency=Urgency.NONE,
    )
