"""What is asked at the counter beside a danger: the hours, a delivery, an order.

It neither tells the danger nor makes it smaller, but to those that learned how people ask for such things: so what is left
without it is judged as well. Where two sentences or more are about other things, of whichever kind, what they stand around is.
"""

from collections.abc import Collection, Iterator
from itertools import pairwise
from math import exp, log

from inbox.triage import network
from inbox.triage.crisis import in_order
from inbox.triage.crisis.asides import only
from inbox.triage.network import Heard, Piece
from inbox.triage.text import Span, Text
from inbox.triage.topics.names import Topic

ASKED = (
    *(Topic.HOURS, Topic.LOCATION, Topic.SERVICE_INFO, Topic.STOCK, Topic.PRICE, Topic.INSURANCE, Topic.BILLING, Topic.VACCINE),
    *(Topic.APPOINTMENT, Topic.REFILL, Topic.ORDER_STATUS, Topic.DELIVERY, Topic.CALLBACK, Topic.LANGUAGE, Topic.GREETING),
)
OTHERWISE = (*ASKED, Topic.COMPLIMENT, Topic.JOB, Topic.OTHER)
ASKS, COURTESY = "business.asks", "business.courtesy"
LIKELY = 0.85  # that a sentence asks for one of these
HARMLESS = -2.0  # and no more than so much of danger
RATHER = 0.7  # that a sentence is about any other things
AROUND = 2  # sentences about other things, where what they stand around is judged for itself


def beside(text: Text) -> Iterator[tuple[Text, bool]]:
    """What is said beside such questions, where that may be a danger, and whether marks part it: as they do, then as people who
    set none mean it."""
    courtesies = text.cues.get(COURTESY, ())
    asked = {cue.start for cue in text.cues.get(ASKS, ())}
    if len(text.sentences) == 1 and not asked and not courtesies:
        return
    pieces = network.in_pieces(text)
    if len(pieces) > 1:  # a long message is judged piece by piece
        return
    [whole] = pieces
    edges = {0, len(text.original), *(sentence.start for sentence in text.sentences)}
    edges |= {edge for cue in courtesies for edge in (cue.start, cue.end)}
    if rest := _rest(text, whole, edges):
        yield rest, True
    if asked - edges and (rest := _rest(text, whole, edges | asked)):
        yield rest, False


def amid(text: Text) -> Text | None:
    """What stands among sentences about other things, where that may be a danger: a plan between two questions on a delivery."""
    if len(text.sentences) <= AROUND:
        return None
    whole = network.put_together(network.in_pieces(text))
    heard = {part: said.heard for part in text.sentences if _says_anything(said := _within(whole, part))}
    rest = [part for part, said in heard.items() if _speaks_of_danger(said) or not _is_otherwise(said)]
    if len(heard) - len(rest) < AROUND or not any(_speaks_of_danger(heard[part]) for part in rest):
        return None
    return only(text, rest)


def _rest(text: Text, whole: Piece, edges: Collection[int]) -> Text | None:
    """Of the parts between these edges; None where nothing is left out, nothing is left, or nothing is heard in it."""
    parts = [Span(start, end) for start, end in pairwise(sorted(edges))]
    rest = [part for part in parts if not _is_courtesy(text, part) and not _is_nothing_else(_within(whole, part))]
    if not 0 < len(rest) < len(parts):
        return None
    kept = [at for at, (start, _end) in enumerate(whole.spans) if any(part.start <= start < part.end for part in rest)]
    return only(text, rest) if in_order.is_heard(whole.only(kept).heard) else None


def _is_courtesy(text: Text, part: Span) -> bool:
    return any(cue.start <= part.start and part.end <= cue.end for cue in text.cues.get(COURTESY, ()))


def _is_nothing_else(said: Piece) -> bool:
    return not _says_anything(said) or (not _speaks_of_danger(said.heard) and _asks(said.heard))


def _says_anything(said: Piece) -> bool:
    return any(word.isalnum() for word in said.words)


def _speaks_of_danger(heard: Heard) -> bool:
    return network.odds(heard.danger) >= HARMLESS


def _asks(heard: Heard) -> bool:
    return any(heard.topics[topic] > log(LIKELY) for topic in ASKED)


def _is_otherwise(heard: Heard) -> bool:
    return sum(exp(heard.topics[topic]) for topic in OTHERWISE) > RATHER


def _within(whole: Piece, sentence: Span) -> Piece:
    return whole.only([at for at, (start, _end) in enumerate(whole.spans) if sentence.start <= start < sentence.end])
