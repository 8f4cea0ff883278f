"""What the weights of danger add to the rules, and take back from them."""

import json
from pathlib import Path

import pytest

from inbox.triage import crisis, read, safety
from inbox.triage.crisis import in_order, learned, second_opinion
from inbox.triage.findings import Confidence, Context, Family, Urgency
from inbox.triage.text import Text
from inbox.triage.topics.weights import read as read_weights
from inbox.triage.topics.weights import write

NOT_LEARNED = Path(__file__).parent / "crisis_not_learned.jsonl"
BY_OTHERS = Path(__file__).parent / "threats_not_learned.jsonl"
UNKNOWN_TO_RULES = "my girl was into nana's tablets, six are missing and she is staggering and drooling"


def rows(paths):
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


def is_now(text):
    return read(text, Context()).urgency is Urgency.NOW


def score(text):
    """By the words alone."""
    return learned.opinion(Text(text)).danger


def together(text):
    return in_order.together(learned.opinion(Text(text)), in_order.told(Text(text)))


def test_the_weights_were_learned_from_the_corpus_as_it_is():
    assert learned.learned().digest == learned.corpus_digest(), "run: python -m inbox.triage.crisis.train"


def test_nothing_was_learned_from_what_measures_it():
    taught = {row["text"].lower() for row in rows(sorted(learned.CORPUS.glob("*.jsonl")))}
    assert not taught & {row["text"].lower() for row in rows([NOT_LEARNED, BY_OTHERS])}


def test_dangers_that_were_never_read_before_are_seen():
    told = rows([NOT_LEARNED])
    in_danger = [row["text"] for row in told if row["danger"]]
    others = [row["text"] for row in told if not row["danger"]]
    assert sum(map(is_now, in_danger)) >= 0.75 * len(in_danger)
    assert sum(map(is_now, others)) <= 0.08 * len(others)


def test_threats_and_errors_that_were_never_read_before_are_seen_half_the_time():
    told = rows([BY_OTHERS])
    done = [row["text"] for row in told if row["danger"]]
    others = [row["text"] for row in told if not row["danger"]]
    assert sum(map(is_now, done)) >= 0.46 * len(done)
    assert sum(map(is_now, others)) <= 0.1 * len(others)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Fermez vot' comptoir à méthadone ou ben on va l'fermer avec des cocktails Molotov", "threat"),
        ("L'ordonnance disait 0,5, vous avez tapé 5, mon petit prématuré en a eu deux fois déjà", "medication_error"),
    ],
)
def test_what_somebody_does_to_others_is_heard_for_itself(text, kind):
    [finding] = [finding for finding in read(text, Context()).findings if finding.rule == f"{kind}.learned"]
    assert (finding.type, finding.confidence, finding.urgency) == (kind, Confidence.LOW, Urgency.NOW)
    assert score(text) < learned.SPEAKS, "nobody tells a danger of their own"


def test_danger_in_words_that_no_list_has_must_be_surer():
    text = "crise qui dure depuis 9 minutes"
    assert not learned.is_spoken_of(Text(text)) and is_now(text)
    assert crisis.ENOUGH < crisis.UNSPOKEN <= together(text)


def test_who_waits_for_a_help_line_is_not_annoyed():
    assert is_now("I want to kill myself and the crisis line has me on hold")
    assert not is_now("on hold with you for an hour, I want to kill myself lol")


def test_what_no_rule_knows_is_found_with_little_confidence_and_shows_its_words():
    [finding] = [finding for finding in read(UNKNOWN_TO_RULES, Context()).findings if finding.family is Family.CRISIS]
    assert (finding.type, finding.rule) == ("poisoning", "poisoning.learned")
    assert (finding.confidence, finding.urgency) == (Confidence.LOW, Urgency.NOW)
    assert finding.cues and all(UNKNOWN_TO_RULES[cue.start : cue.end].strip() for cue in finding.cues)


def test_a_child_who_swallowed_a_medicine_is_an_adverse_event_as_well():
    assert read(UNKNOWN_TO_RULES, Context()).is_adverse_event


@pytest.mark.parametrize("words", ["haha {}", "{} 😂", "merci! {}", "{} lol"])
def test_a_joke_and_thanks_weigh_nothing(words):
    assert score(words.format(UNKNOWN_TO_RULES)) == pytest.approx(score(UNKNOWN_TO_RULES), abs=0.15)
    assert in_order.told(Text(words.format(UNKNOWN_TO_RULES))).danger >= in_order.told(Text(UNKNOWN_TO_RULES)).danger - 0.5


@pytest.mark.parametrize("text", ["12", "ok", "?", "💊", ""])
def test_a_word_or_a_mark_is_no_danger(text):
    assert not is_now(text)


def test_weights_are_read_as_they_were_written():
    assert read_weights(write(learned.learned())) == learned.learned()


@pytest.mark.parametrize(
    "text",
    [
        "@grandmaman viens voir ça",
        "@tante.lucie check",
        "The clerk was rude to me in front of my kids.",
        "mon fils travaille chez vous",
    ],
)
def test_where_nothing_means_danger_there_is_none(text):
    assert not learned.is_spoken_of(Text(text))
    assert not is_now(text)


def test_one_sentence_of_many_is_heard():
    about_other_things = "Bonjour, je voudrais renouveler ma crème. Êtes-vous ouverts samedi? Merci pour le calendrier."
    assert score(about_other_things) < 0
    assert is_now(f"{about_other_things} {UNKNOWN_TO_RULES}.")


def test_danger_does_not_depend_on_adverse_events():
    text = Text(UNKNOWN_TO_RULES)
    harms = tuple(safety.find(Text("Depuis que je prends Nuvexa j'ai mal au coeur"), Context()))
    assert harms and tuple(second_opinion(text, harms)) == tuple(second_opinion(text, ()))


def test_words_of_danger_told_long_afterwards_are_no_danger_of_today():
    afterwards = "Three years ago {}. Today I ran my first 10k, thank you all"
    assert not is_now(afterwards.format("I was gasping in your chairs, my lips blue"))
    assert is_now("I am gasping in your chairs, my lips are blue")


def test_what_ended_well_long_ago_is_over_unless_it_began_again():
    told = "En janvier ma fille a convulsé dans votre allée. Elle va très bien."
    assert not is_now(f"{told} À qui est-ce que je paye l'ambulance?")
    assert is_now(f"{told} Mais là elle convulse encore, venez vite!")
