"""What is said beside a danger is left out before the danger is judged: a series that is on, praise for a campaign, the same
thing in another year. A clause is an aside where it stands for itself (lexicons/asides.toml) and names no danger of its own.
"""

import re
from collections.abc import Collection, Iterable, Iterator

from inbox.triage.crisis import learned
from inbox.triage.findings import Cue, Finding
from inbox.triage.text import Span, Text

BESIDE = "asides.beside"
PASTIME, BEFORE, ITS_END = "asides.pastime", "asides.before", "asides.its_end"
WAITS = "asides.waits"
LONG_AGO, GOOD_END = "light.long_ago", "light.ended_well"
KINDS = (BESIDE, PASTIME, BEFORE, WAITS)
NAMES_A_THING = (BESIDE, PASTIME)  # “un jeu vidéo”, “last night”: no danger in the words themselves
OF_THE_WRITER = ("people.self", "people.child", "people.pet")
OF_A_BODY = ("alarm.", "emergency.", "poisoning.")
OPENING = 12  # letters before what an aside begins with: “pis là”, “haha”
NOTES = re.compile(r"[\s,.!]*[♪♫🎵🎶🎤]+[\s,.!]*")
END = re.compile(r"[.!?…\n]\s*$")


def without(text: Text) -> Text:
    """The text with spaces in place of its asides: what is found in it stands where it stood."""
    asides = tuple(_asides(text))
    if not asides:
        return text
    rest = _blanked(text, [span for span, _kind in asides])
    if LONG_AGO in rest.cues and GOOD_END in text.cues:  # told afterwards: what was praised is its end
        return text
    kinds = {kind for _span, kind in asides}
    has_ended = any(_stands_in(span, text.cues.get(ITS_END, ())) for span, _kind in asides)
    if (PASTIME in kinds or (BEFORE in kinds and not has_ended)) and not is_of_the_writer(rest):
        return text
    if WAITS in kinds and not any(_is_of_a_body(group) for group in rest.cues):
        return text
    return rest


def only(text: Text, spans: Collection[Span]) -> Text:
    """With spaces in place of everything else."""
    letters = [letter if letter == "\n" else " " for letter in text.original]
    for span in spans:
        letters[span.start : span.end] = text.original[span.start : span.end]
    return Text("".join(letters))


def nameless(text: Text, pointing: Iterable[Finding]) -> Text:
    """With spaces in place of what points to a person, and of the sentence or the clause in which it stands where that tells
    nothing else: who is in danger gives a name and a number too, and these are read as somebody's who asks for a refill."""
    spans = [_told_in(text, Span(each.start, each.end)) for each in pointing]
    return _blanked(text, spans) if spans else text


def _told_in(text: Text, pointing: Span) -> Span:
    around = (text.sentence(pointing.start), text.clause(pointing.start))
    return next((span for span in around if pointing.end <= span.end and not _tells(text, span)), pointing)


def _tells(text: Text, span: Span) -> bool:
    return any(learned.is_heard(group) and _stands_in(span, cues) for group, cues in text.cues.items())


def _asides(text: Text) -> Iterator[tuple[Span, str]]:
    notes = [clause for clause in text.clauses if NOTES.fullmatch(text.original[clause.start : clause.end])]
    if len(notes) == 1:  # two stand around a line of a song
        yield notes[0], BESIDE
    if not any(group.startswith("asides.") for group in text.cues):
        return
    kind = ""
    for clause in text.clauses:
        kinds = (*KINDS, ITS_END) if kind in {BEFORE, ITS_END} else KINDS
        kind = next((each for each in kinds if _is_one(text, clause, each)), "")
        if kind:
            yield clause, kind


def _is_one(text: Text, clause: Span, kind: str) -> bool:
    cues = [
        cue for cue in text.cues.get(kind, ()) if clause.start <= cue.start < clause.start + OPENING and cue.end <= clause.end
    ]
    if not cues:
        return False
    own = max(cue.end for cue in cues) if kind in NAMES_A_THING else clause.start
    return not any(learned.means_danger(group) and _stands_in(Span(own, clause.end), found) for group, found in text.cues.items())


def _stands_in(span: Span, cues: Iterable[Cue]) -> bool:
    return any(cue.start < span.end and span.start < cue.end for cue in cues)


def is_of_the_writer(rest: Text) -> bool:
    return any(group in rest.cues for group in OF_THE_WRITER)


def _is_of_a_body(group: str) -> bool:
    return group.startswith(OF_A_BODY) and (learned.means_danger(group) or not group.startswith("alarm."))


def _blanked(text: Text, spans: list[Span]) -> Text:
    letters = list(text.original)
    for span in spans:
        end = END.search(text.original, span.start, span.end)
        letters[span.start : span.end] = [
            letter if letter == "\n" or (end and at == end.start()) else " "
            for at, letter in enumerate(text.original[span.start : span.end], span.start)
        ]
    return Text("".join(letters))
