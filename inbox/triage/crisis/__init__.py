"""Somebody may be in danger: self-harm, emergency, poisoning, a medication error, a threat. The rules are in the lexicons.

What they do not know is for a second opinion, learned from many messages: what the words say together (learned.py), in their
order and by what they mean (in_order.py). It adds where these speak of danger, and takes back what was said where all else is
harmless.
"""

from collections.abc import Collection, Iterable, Iterator
from itertools import chain

from inbox.triage import engine
from inbox.triage.crisis import business, in_order, learned
from inbox.triage.crisis.asides import is_of_the_writer, nameless, only, without
from inbox.triage.findings import Finding, Urgency
from inbox.triage.network.inputs import LONGEST
from inbox.triage.text import Text
from inbox.triage.words import goods

SUBJECTS = (
    *("self_harm", "farewells", "ways_out", "emergency", "wounds", "poisoning", "signs"),
    *("medication_errors", "threats", "care"),
)
CALM = ("farewells.", "ways_out.", "wounds.")  # all around them is kind, or a question at the counter, and says nothing
LITERAL = "signs."  # hardly anybody says them of anything else
ANNOYANCE = ("speech.annoyance", "idioms.")
ROUTINE = "light.routine"
TOLD_PLAINLY = 2  # more cues than these tell it in so many words
STORY, SLIGHTLY, WORSE = "speech.fiction", "slight.", "beyond.worse"
LONG_AGO, GOOD_END, AGAIN = "light.long_ago", "light.ended_well", "light.begun_again"
# What words, order and meaning together must say. By measuring: docs/decisions/0024-a-ready-made-transformer.md.
ENOUGH = 0.0
UNSPOKEN = 0.3  # where no word of the lists means any danger
ANNOYED = 3.0  # where the rules heard that somebody is annoyed, or a figure of speech
AFTERWARDS = 1.0  # where what is told was long ago and ended well
NOTHING_HAPPENS = 9.0  # where they heard a film, a song; or where a product is named and nothing is told of it
SLIGHT = 6.0  # where they heard what is hardly ever a danger: a crayon that was eaten, 37.2 degrees
OVER = -0.5  # less than this, and what is told of long ago, with its good end, is over
# Less than these, and what a rule knows is not meant as it says.
FAR = -2.0  # a phrase or two
FURTHER = -4.2  # said in several ways
FURTHEST = -6.0  # in words that leave no doubt
MORE = 2.0  # what is left without what is asked at the counter must say so much more: that may be why it is harmless
UNMARKED = 2.8  # the same, where no mark parts them: “can't wake up without coffee do you sell pods”
AMID = 1.0  # the same, of what stands among two sentences or more about other things
ROUTINELY = 4.0  # the same, where it is told of every day: “Ma mère prend 14 pilules par jour, faites-vous des dispill?”
MEANT_BY_ITSELF = 4.0  # what a sentence says more than this, no other sentence takes back


def find(text: Text, pointing: Iterable[Finding] = ()) -> Iterator[Finding]:
    """What the rules find, but for figures of speech. pointing: what points to a person, which makes no danger smaller."""
    text = without(text)
    found = tuple(chain.from_iterable(engine.findings(subject, text) for subject in SUBJECTS))
    if found:
        text = nameless(text, pointing)
        if not _is_over(text):
            yield from (finding for finding in found if not _is_figure_of_speech(finding, found, text))


def _is_over(text: Text) -> bool:
    """Nothing else beside what is told afterwards."""
    return _is_told_afterwards(text) and _danger(text) < OVER


def _is_told_afterwards(text: Text) -> bool:
    """Of long ago, with the good end that it had."""
    return LONG_AGO in text.cues and GOOD_END in text.cues and AGAIN not in text.cues


def _is_figure_of_speech(finding: Finding, found: Collection[Finding], text: Text) -> bool:
    """Everything around it is harmless: the less, the more was said, and the plainer.

    In a long message that says nothing of it; and what others do, is told calmly, or must be taken today, is never taken back.
    """
    if finding.type not in learned.KINDS or finding.rule.startswith(CALM) or len(text.tokens) > LONGEST:
        return False
    if any(one.rule.startswith(LITERAL) for one in found):
        return _danger(text) < FURTHEST
    limit = FURTHER if len(found) > 1 or len(finding.cues) > TOLD_PLAINLY else FAR
    return _danger(text) < limit and not _is_meant_by_itself(finding, text)


def _is_meant_by_itself(finding: Finding, text: Text) -> bool:
    """A sentence that leaves no doubt, whatever is asked beside it: “Je veux mourir. Ouvrez-vous le dimanche?”"""
    said = {text.sentence(cue.start) for cue in finding.cues}
    return len(said) < len(text.sentences) and _danger(only(text, said)) > MEANT_BY_ITSELF


def second_opinion(text: Text, found: Collection[Finding], pointing: Iterable[Finding] = ()) -> Iterator[Finding]:
    """Where no rule saw danger. pointing: as above."""
    if any(finding.urgency is Urgency.NOW for finding in found):
        return
    text = nameless(without(text), pointing)
    opinion = _opinion(text) or next(filter(None, _of_parts(text)), None)
    if opinion and not any(finding.type == opinion.type for finding in found):  # a rule knows of that: an error that was caught
        yield opinion


def _opinion(text: Text, more: float = 0.0) -> Finding | None:
    """more: how much surer it must be."""
    if not text.words or not in_order.may_be_danger(text) or _danger(text) < _threshold(text) + more:
        return None
    return _learned(text)


def _of_parts(text: Text) -> Iterator[Finding | None]:
    for rest, marked in business.beside(text):
        yield _of_the_rest(rest, MORE if marked else UNMARKED)
    hidden = business.amid(text)
    if hidden and LONG_AGO not in hidden.cues:  # its good end may stand in what was left out
        yield _of_the_rest(hidden, AMID)
    yield from _of_sentences(text)


def _of_the_rest(rest: Text, more: float) -> Finding | None:
    return _opinion(rest, max(more, ROUTINELY) if ROUTINE in rest.cues else more)


def _of_sentences(text: Text) -> Iterator[Finding | None]:
    """Of each that the writer says of themself, where another tells a story or what is slight: that one leaves no doubt."""
    if len(text.sentences) == 1 or not _is_elsewhere(text):
        return
    for sentence in text.sentences:
        said = only(text, [sentence])
        if not _is_elsewhere(said) and is_of_the_writer(said):
            yield _opinion(said, MEANT_BY_ITSELF)


def _is_elsewhere(text: Text) -> bool:
    return STORY in text.cues or _is_slight(text)


def _is_slight(text: Text) -> bool:
    return WORSE not in text.cues and any(group.startswith(SLIGHTLY) for group in text.cues)


def _danger(text: Text) -> float:
    return in_order.together(in_order.by_words(text), in_order.told(text))


def _learned(text: Text) -> Finding:
    """The words are shown that spoke loudest of it; where it is their order that speaks, those without which it would not."""
    said, told = in_order.by_words(text), in_order.told(text)
    kind = in_order.kind_of(said, told)
    by_words = said.scores[kind] >= learned.SPEAKS
    return learned.finding(kind, learned.cues(said, kind) if by_words else in_order.cues(told))


def _threshold(text: Text) -> float:
    if STORY in text.cues or goods.are_named_alone(text):
        return NOTHING_HAPPENS
    if _is_slight(text):
        return SLIGHT
    if _is_told_afterwards(text):
        return AFTERWARDS
    if any(group.startswith(ANNOYANCE) for group in text.cues):
        return ANNOYED
    return ENOUGH if learned.is_spoken_of(text) else UNSPOKEN
