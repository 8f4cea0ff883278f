"""Names of persons (PHI-11), told by what stands before them. Staff, and the writer's own shown name, are no findings."""

import re
from collections.abc import Iterator

from inbox.triage.findings import Confidence, Finding
from inbox.triage.identifiers import words as lexicon
from inbox.triage.identifiers.sheet import Sheet, identifier
from inbox.triage.lexicons import fold as bare
from inbox.triage.lexicons import words

_RELATIVE, _TITLE = lexicon.any_of("names", "relatives"), lexicon.any_of("names", "titles")
_MY = r"(?:mon|ma|notre|my|our|son|sa|his|her|leur|their)"
_THING = lexicon.any_of("names", "things") + r"(?: est)?(?: (?:pour|de|d'|for|of|a|au nom de))+"
_PATIENT = r"(?:(?:la |le |the |un |une |a )?(?:patiente?|clients?|cliente))"
# The name may be one word: the writer says that it is a name.
_TOLD = re.compile(
    rf"(?<![a-z'])(?:{lexicon.any_of('names', 'told')}|(?:{_THING}|c'est pour|pour|it's for|for)(?: {_PATIENT})? {_TITLE}"
    rf"|{_MY} (?:\w+ )?{_RELATIVE},? (?:qui s'appel+e|s'appel+e|nommee?|whose name is|named|called|is called))"
    rf"(?![a-z])[ :=,\"«“(-]*(?:c'est |est |is )?(?:{_TITLE} )?"
)
# The name must be two words: first and family name.
_NEAR = re.compile(
    rf"(?<![a-z'])(?:{_MY} (?:\w+ )?{_RELATIVE}|{_PATIENT}|{_THING}|(?P<introduced>{lexicon.any_of('names', 'introduced')}))"
    rf"(?![a-z])[ :,\"«“(-]*(?:{_TITLE} )?"
)
_STAFF = re.compile(rf"\b{lexicon.any_of('names', 'staff')}\b[^.!?\0]{{0,25}}$")
_TOKEN = re.compile(r"[ ]?(?:[^\W\d_][\w'’.-]*)")
_PARTICLES = lexicon.block("names", "particles")
_LONGEST = 4
# Words that follow such cues and are nobody's name.
_NO_NAMES = lexicon.block("names", "not_names")


def find(sheet: Sheet) -> Iterator[Finding]:
    ends, found_words = 0, []
    for start, end, cue, sure in sorted(_written(sheet)):
        if start >= ends and not _is_known(sheet, sheet.original[start:end]):
            ends = end
            found_words.append(sheet.original[start:end])
            yield identifier("name", (start, end), 11, sure, cue)
    for words_ in {word for word in found_words if " " in word}:
        for again in re.finditer(rf"(?<!\w){re.escape(words_)}(?!\w)", sheet.original):
            if again.start() >= ends:
                yield identifier("name", again.span(), 11, Confidence.MEDIUM)


def _written(sheet: Sheet) -> Iterator[tuple[int, int, tuple[int, int], Confidence]]:
    for cue in _TOLD.finditer(sheet.folded):
        span = _name(sheet, cue.end(), fewest=1)
        if span:
            yield *span, cue.span(), Confidence.HIGH
    for cue in _NEAR.finditer(sheet.folded):
        span = _name(sheet, cue.end(), fewest=2)
        if span and cue["introduced"] and not _is_first(bare(sheet.original[slice(*span)].split()[0])):
            continue  # “this is Bull Crap”
        if span and not _STAFF.search(sheet.before(cue.end(), 30)):
            yield *span, cue.span(), Confidence.MEDIUM


def _name(sheet: Sheet, at: int, *, fewest: int) -> tuple[int, int] | None:
    """The words of a name from here on: capitals, or a known first name and what may be a family name."""
    shouted = sheet.original.isupper()
    tokens: list[tuple[str, int]] = []  # folded word, end
    start = end = at
    for _ in range(_LONGEST):
        token = _TOKEN.match(sheet.original, end)
        if not token or "\0" in sheet.open[token.start() : token.end()]:
            break
        word = token[0].strip()
        if not _may_be(word, [known for known, _ in tokens], shouted):
            break
        end = token.start() + len(token[0].rstrip(".'’-")) if len(word.rstrip(".")) > 1 else token.end()
        tokens.append((bare(word).strip(".'’-"), end))
        if token.end() != end:
            break
    while tokens and tokens[-1][0] in _PARTICLES:
        tokens.pop()
    proper = [word for word, _ in tokens if word not in _PARTICLES]
    if len(proper) < fewest or not _is_person(proper, fewest, sheet.original[start : tokens[-1][1]]):
        return None
    return start + (sheet.original[start] == " "), tokens[-1][1]


def _may_be(word: str, before: list[str], shouted: bool) -> bool:
    folded = bare(word).strip(".'’-")
    if folded in _NO_NAMES and not (folded in _PARTICLES and before):
        return False
    if not folded or folded in words("rx_names", "names"):
        return False
    if folded in _PARTICLES:
        return bool(before) or word[0].isupper()
    if word[0].isupper() and not shouted:
        return True
    if not before:
        return _is_first(folded)
    # A family name in lower case follows a first name, and nothing follows it.
    return _is_first(folded) or (
        len(before) == 1 + ("-" not in before[0] and _is_first(before[-1]) and len(before) > 1) and len(folded) > 2
    )


def _is_first(folded: str) -> bool:
    return _is_listed(folded) or ("-" in folded and all(map(_is_listed, folded.split("-"))))


def _is_listed(folded: str) -> bool:
    return folded in words("first_names", "latin") or folded in words("more_first_names", "latin")


def _is_person(proper: list[str], fewest: int, written: str) -> bool:
    """Told to be a name, one word is enough; beside a relative it takes a known first name, or two capitals."""
    if fewest == 1:
        return len(proper[0]) > 1 or len(proper) > 1
    return _is_first(proper[0]) or (
        len(proper) >= 2 and all(part[0].isupper() for part in re.findall(r"[^\W\d_]{3,}", written)[:2])
    )


def _is_known(sheet: Sheet, name: str) -> bool:
    """What the writer shows to all, or one of those who answer."""
    said = _parts(name)
    return any(said <= _parts(shown) for shown in (sheet.context.author, *sheet.context.staff))


def _parts(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W\d_]{2,}", bare(name)))
