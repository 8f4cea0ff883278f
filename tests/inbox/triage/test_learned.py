"""The second net beneath the rules of adverse events."""

from inbox.triage.findings import Confidence, Context, Urgency
from inbox.triage.safety import learned
from inbox.triage.safety.scene import Scene
from inbox.triage.text import Text

WORDY = "Since starting the pills I feel awful, dizzy and my stomach is wrecked every morning"


def found(text):
    return list(learned.find(Scene(Text(text), Context())))


def test_a_complaint_about_a_product_is_found_with_little_confidence_and_shows_its_words():
    [finding] = found(WORDY)
    assert (finding.confidence, finding.urgency, finding.rule) == (Confidence.LOW, Urgency.SOON, "AE-learned")
    assert finding.cues and all(WORDY[cue.start : cue.end].strip() for cue in finding.cues)


def test_without_a_product_or_without_words_nothing_is_found():
    assert not found("I feel awful, dizzy and my stomach is wrecked every morning")
    assert not found("💊")


def test_what_is_asked_for_is_no_complaint():
    assert not found("Do you have any cough syrup in stock?")
    assert not found("Est-ce que mes pilules sont prêtes?")


def test_weights_are_read_as_they_were_written():
    weights = learned.Weights(-0.25, {"_word_": 0.5, "one two": -1.0})
    assert learned.read(learned.write(weights)) == weights
