"""What a message is about."""

from dataclasses import replace

import pytest

from inbox.triage import read, topics
from inbox.triage.findings import Confidence, Context, Family, Finding, OwnTopic
from inbox.triage.text import Text
from inbox.triage.topics.names import LABELS, Topic
from inbox.triage.words import lexicon

NOTHING = Context()
SENTENCES = [
    (topic, sentence, expected)
    for topic, table in lexicon.tables("topics", "topics").items()
    for sentences, expected in ((table["first"], True), (table.get("not_first", ()), False))
    for sentence in sentences
]


def ranked(text, context=NOTHING, findings=()):
    return [each.topic for each in topics.rank(Text(text), context, findings)]


def finding(text, words, *, family, type, confidence=Confidence.HIGH):
    start = text.index(words)
    return Finding(family, type, start, start + len(words), confidence, rule="TEST")


@pytest.mark.parametrize(("topic", "sentence", "expected"), SENTENCES)
def test_the_first_topic_is_the_one_that_the_lists_give(topic, sentence, expected):
    by_words, by_all_that_is_found = ranked(sentence)[0], read(sentence, NOTHING).topics[0]
    assert (topic in {by_words, by_all_that_is_found}) is expected


def test_every_topic_has_a_label_and_a_place_in_the_lists():
    assert set(LABELS) == set(Topic)
    assert set(lexicon.tables("topics", "topics")) == set(Topic)
    named = {group.removeprefix("topics.").rpartition("_")[0] for group in lexicon.groups() if group.startswith("topics.")}
    assert named == set(Topic) - {Topic.OTHER}


@pytest.mark.parametrize("text", ["", "   ", "…", "\u200b", "ok", "asdf", "12345"])
def test_what_says_nothing_is_something_else(text):
    assert ranked(text)[0] == Topic.OTHER


def test_a_greeting_is_the_topic_only_of_what_says_nothing_else():
    assert ranked("Bonjour!")[0] == Topic.GREETING
    assert ranked("Hi there 👋")[0] == Topic.GREETING
    assert ranked("Bonjour! Faites-vous la livraison?")[0] == Topic.DELIVERY


def test_what_endangers_somebody_leads_whatever_else_is_said():
    text = "Bonjour, vos heures d'ouverture svp, et vos prix de livraison? Il respire drôlement"
    crisis = finding(text, "respire", family=Family.CRISIS, type="emergency", confidence=Confidence.LOW)

    assert ranked(text)[0] != Topic.EMERGENCY
    assert ranked(text, findings=[crisis])[0] == Topic.EMERGENCY


def test_danger_that_a_medicine_brought_and_the_event_are_both_shown():
    text = "Mon père a fait un AVC le mois passé, trois jours après avoir commencé votre pilule"
    event = finding(text, "AVC", family=Family.SAFETY, type="adverse_event")
    crisis = finding(text, "AVC", family=Family.CRISIS, type="emergency")

    assert ranked(text, findings=[event, crisis])[:2] == [Topic.ADVERSE_EVENT, Topic.EMERGENCY]


def test_a_finding_of_another_detector_is_strong_evidence_and_its_words_are_shown():
    text = "Ma mère est tombée deux fois, elle prend sa nouvelle pilule"
    event = finding(text, "tombée", family=Family.SAFETY, type="adverse_event")

    first = topics.rank(Text(text), NOTHING, [event])[0]

    assert first.topic == Topic.ADVERSE_EVENT
    assert text[first.cues[0].start : first.cues[0].end] == "tombée"


@pytest.mark.parametrize("number", ["418-555-0199", "(450) 555-0100", "8195550173"])
def test_an_identifier_is_not_a_topic_whatever_its_digits(number):
    def of(digits):
        text = f"Vos prix ont encore monté. Mon numéro est le {digits}"
        return ranked(text, findings=[finding(text, digits, family=Family.IDENTIFIER, type="phone")])

    assert of(number) == of("514-555-0142")
    assert "phone" not in of(number)


def test_a_threat_is_abuse():
    text = "On se voit à la fermeture"
    assert ranked(text, findings=[finding(text, "On se voit", family=Family.CRISIS, type="threat")])[0] == Topic.ABUSE


def test_an_organization_finds_topics_of_its_own_by_its_words():
    context = replace(NOTHING, own_topics=(OwnTopic("orthèses", ("orthèse", "semelle  moulée")),))

    assert ranked("Combien de temps pour mes ORTHESES?", context)[0] == "orthèses"
    assert ranked("J'ai perdu ma semelle moulee", context)[0] == "orthèses"
    assert ranked("J'ai perdu mes semelles moulées", context)[0] == "orthèses"
    assert "orthèses" not in ranked("Une prothèse de genou", context)


def test_each_topic_names_the_words_that_spoke_for_it():
    text = "Allo, vous reste-tu du Tylenol pour bébé, pis c'est combien?"

    words = {each.topic: " ".join(text[cue.start : cue.end] for cue in each.cues) for each in topics.rank(Text(text), NOTHING)}

    assert "reste" in words[Topic.STOCK]
    assert "combien" in words[Topic.PRICE]
    assert all(words.values())


def test_what_is_mistyped_is_known_by_its_pieces():
    assert ranked("renouvelment de ma perscription")[0] == Topic.REFILL
    assert ranked("faites vous la livriason")[0] == Topic.DELIVERY


def test_a_word_that_takes_a_topic_away_does_not_take_away_a_danger_that_was_found():
    text = "je veux mourir lol"
    assert ranked(text)[0] != Topic.SELF_HARM
    assert ranked(text, findings=[finding(text, "mourir", family=Family.CRISIS, type="self_harm")])[0] == Topic.SELF_HARM


@pytest.mark.parametrize(
    "text", ["J'ai perdu mon emploi et je n'ai plus d'assurance collective", "finalement je pourrai pas être là mardi"]
)
def test_what_no_detector_found_dangerous_is_not_called_a_danger_lightly(text):
    assert ranked(text)[0] not in {Topic.SELF_HARM, Topic.EMERGENCY, Topic.POISONING}
