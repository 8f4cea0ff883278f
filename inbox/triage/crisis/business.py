"""What is asked at the counter beside a danger: the hours, a delivery, an order.

It neither tells the danger nor makes it smaller, but to those that learned how people ask for such things: so what is left
without it is judged as well.
"""

from math import log

from inbox.triage import network
from inbox.triage.crisis import in_order
from inbox.triage.crisis.asides import only
from inbox.triage.network import Heard
from inbox.triage.network.inputs import Input
from inbox.triage.text import Span, Text
from inbox.triage.topics.names import Topic

ASKED = (
    *(Topic.HOURS, Topic.LOCATION, Topic.SERVICE_INFO, Topic.STOCK, Topic.PRICE, Topic.INSURANCE, Topic.BILLING, Topic.VACCINE),
    *(Topic.APPOINTMENT, Topic.REFILL, Topic.ORDER_STATUS, Topic.DELIVERY, Topic.CALLBACK, Topic.LANGUAGE, Topic.GREETING),
)
LIKELY = 0.85  # that a sentence asks for one of these
HARMLESS = -2.0  # and no more than so much of danger


def beside(text: Text) -> Text | None:
    """What is said beside such questions; None where there are none, or where nothing else is said."""
    if len(text.sentences) == 1:
        return None
    pieces = network.in_pieces(text)
    if len(pieces) > 1:  # a long message is judged piece by piece
        return None
    [(_heard, whole)] = pieces
    rest = [sentence for sentence in text.sentences if not _is_asked(_within(whole, sentence))]
    return only(text, rest) if 0 < len(rest) < len(text.sentences) else None


def _is_asked(said: Input) -> bool:
    if not said.words:
        return False
    heard = network.learned().heard(said)
    return network.odds(heard.danger) < HARMLESS and _asks(heard)


def _asks(heard: Heard) -> bool:
    return any(heard.topics[topic] > log(LIKELY) for topic in ASKED)


def _within(whole: Input, sentence: Span) -> Input:
    return in_order.only(whole, [at for at, (start, _end) in enumerate(whole.spans) if sentence.start <= start < sentence.end])
