"""What words together say of adverse events, beside the rules."""

import json
from pathlib import Path

import pytest

from inbox.triage import read, safety
from inbox.triage.findings import Confidence, Context, Urgency
from inbox.triage.safety import adverse, learned
from inbox.triage.safety.scene import Scene
from inbox.triage.text import Text

NOT_LEARNED = [
    json.loads(line) for line in (Path(__file__).parent / "adverse_not_learned.jsonl").read_text(encoding="utf-8").splitlines()
]

WORDY = "Since starting the pills I feel awful, dizzy and my stomach is wrecked every morning"


def found(text):
    return list(learned.find(Scene(Text(text), Context())))


def test_a_complaint_about_a_product_is_found_with_little_confidence_and_shows_its_words():
    [finding] = found(WORDY)
    assert (finding.confidence, finding.urgency, finding.rule) == (Confidence.LOW, Urgency.SOON, "AE-learned")
    assert finding.cues and all(WORDY[cue.start : cue.end].strip() for cue in finding.cues)


def test_who_is_ill_without_having_taken_anything_tells_no_event():
    assert not found("I feel awful, dizzy and my stomach is wrecked every morning")
    assert not found("💊")


def test_what_is_asked_for_is_no_complaint():
    assert not found("Do you have any cough syrup in stock?")
    assert not found("Est-ce que mes pilules sont prêtes?")


def test_hearsay_and_what_is_asked_beforehand_take_the_word_from_a_rule():
    for said in ("Les anovulants causent des caillots, tout le monde le sait", "my wallet is in pain after these vitamins"):
        scene = Scene(Text(said), Context())
        assert [*adverse.reactions(scene)] and learned.denies(scene, "AE-caused")
        assert not [*safety.find(scene.text, Context())]
    assert not learned.denies(Scene(Text(WORDY), Context()), "AE-follows")


def test_messages_that_taught_nothing_are_told_apart():
    taught = {
        json.loads(line)["text"].lower()
        for path in (learned.HERE / "corpus").glob("*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
    }
    assert not taught & {row["text"].lower() for row in NOT_LEARNED}

    found = {row["text"]: read(row["text"], Context()).is_adverse_event for row in NOT_LEARNED}

    missed = [row["text"] for row in NOT_LEARNED if row["adverse_event"] and not found[row["text"]]]
    taken_for = [row["text"] for row in NOT_LEARNED if not row["adverse_event"] and found[row["text"]]]
    assert len(missed) <= 0.12 * sum(row["adverse_event"] for row in NOT_LEARNED), missed
    assert len(taken_for) <= 0.1 * sum(not row["adverse_event"] for row in NOT_LEARNED), taken_for


def test_weights_are_read_as_they_were_written():
    weights = learned.Weights(-0.25, {"_word_": 0.5, "one two": -1.0})
    assert learned.read(learned.write(weights)) == weights


@pytest.mark.parametrize(
    "text",
    [
        "Thanks for checking on me. No swelling, no itching, nothing strange since the penicillin. Day 4 today.",
        "Saxenda + gym = moins 30lb en 5 mois zero regret pis zero mal de coeur",
    ],
)
def test_where_all_that_happened_is_denied_or_supposed_more_must_be_said(text):
    scene = Scene(Text(text), Context())
    words, _heard = learned.suspicion(scene, learned.learned())
    said = words + learned.beside(scene, words)
    assert scene.events and learned.FOUND < said < learned.OPEN
    assert not found(text)


def test_what_is_told_of_everybody_is_nobodys():
    assert not found("Common side effects of GLP-1 medicines may include nausea, vomiting, diarrhea and constipation.")


@pytest.mark.parametrize("text", ["Xareltho: bleus partout sur les bras", "metforman, the runs for 9 days"])
def test_a_name_with_a_slip_in_it_is_the_name(text):
    assert len(Scene(Text(text), Context()).products) == 1 and found(text)


@pytest.mark.parametrize("word", ["voisine", "concert", "reaction", "diabete", "station", "xarlto", "tarelto"])
def test_an_everyday_word_is_no_slip_nor_are_two_letters_wrong(word):
    assert not Scene(Text(f"ma {word} a des bleus"), Context()).products


def test_names_come_from_the_plain_list_too():
    [product] = Scene(Text("Exforge me fait enfler les jambes"), Context()).products
    assert product.classes == {"heart"}


def test_who_asks_where_a_case_is_reported_has_one_to_report():
    told = "Je souhaite déclarer un cas : nourrisson exposé in utero à la sertraline, détresse respiratoire à la naissance."
    assert "AE-reported" in {finding.rule for finding in read(told, Context()).findings}
    asked = "Où est-ce qu'on déclare un effet secondaire?"
    assert not read(asked, Context()).is_adverse_event
