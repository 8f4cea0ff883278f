"""How the words of a person's name are read, from where a cue says that one begins."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from inbox.triage.identifiers import words as lexicon
from inbox.triage.identifiers.sheet import BLANK, Sheet
from inbox.triage.lexicons import fold as bare
from inbox.triage.lexicons import words
from inbox.triage.words import medicines

_TOKEN = re.compile(r" ?[^\W\d_][\w'’.-]*")
_ELIDED = re.compile(r"(?:[cdjlmnst]|qu)'[a-z]{1,2}$")  # “m'a”
PARTICLES = lexicon.block("names", "particles")
NO_NAMES = lexicon.block("names", "not_names")
_WORDS_TOO = lexicon.block("names", "words_too")
_BEGIN_A_FAMILY = frozenset(
    {"de", "d'", "du", "des", "el", "al", "ben", "bin", "da", "dos", "di", "van", "von", "abu", "st", "ste", "saint"}
)
_NOT_SMALL = lexicon.block("names", "not_small")
_SHORT_FAMILIES = lexicon.block("names", "short_families")
_LONGEST = 4


_BIRTH = (
    r"née?s?(?: le| en|:)? ?|(?:date de )?naiss(?:ance|\.)?(?: le| en| ?:)? ?|born(?: on| in)? "
    r"|(?:ddn|dob|d\.d\.n|date of birth)\.? ?:? ?"
)
_NUMBER = r"(?: ?(?:no|number|num|numéro|n°|#))?\.? ?:? ?"
_CARD = rf"(?:nam|ramq|ohip|carte (?:soleil|maladie|d['’]assurance maladie|santé)|health (?:card|number)){_NUMBER}"
_OTHER = rf"(?:rx|t[ée]l|cell|phone|dossier|file|chart|ordonnance|prescription){_NUMBER}"
_WORD = r"[^\W\d_]+(?:[-'’][^\W\d_]+){0,2}"
AGE = r"(?:âgée? de |aged? )\d{1,3}\b|\d{1,3} ?(?:ans\b|mois\b|years?(?: |-)old|months?(?: |-)old|yrs?\b|y\.?/?o\b)"
PROPER = rf"(?=[A-ZÀ-ÝĀĆČĎĐĒĘĚĞĪİŁŃŇŌŐŘŚŞŠŤŪŮŰŹŻŽ]){_WORD}"
# “Ghislaine Exemple, née le …”, “Exemple, Ghislaine, 450 …”. Who was born, or has a card, is somebody, whatever the name.
_TWO_WORDS = re.compile(
    rf"(?<!\w)(?P<one>(?:{PROPER} ){{0,2}}?{PROPER}),? (?P<two>{PROPER})"
    rf"(?:,? \(?(?i:{AGE})\)?)?(?:(?: ?[,:(.|;/]? ?|\s*\n[-*• ]*)(?:(?P<somebody>(?i:{_BIRTH}|{_CARD}))|(?i:{_OTHER}))?| - )$"
)
# “aurele exemple né le …”, “Aurèle exemple, carte soleil …”: only of a first name that is known.
_TWO_SMALL = re.compile(rf"(?<!\w)(?P<one>{_WORD}) (?P<two>{_WORD}) ?[,(:]? ?(?i:{_BIRTH}|{_CARD})$")


# “kevin exemple, 450 555-0101”: where a text or a sentence begins, or behind what says who writes.
_BEGINS_SMALL = re.compile(
    r"(?:^|[.!?;\n] ?|(?:c'est|cest|ici|moi|pour|for|its|it's|bonjour,?|bonsoir,?|allo,?|salut,?|hello,?|hi,?) )"
    rf"(?P<one>{_WORD}) (?P<two>{_WORD})(?: ?[,:(]? ?(?:{_BIRTH}|{_CARD}|{_OTHER})?)$",
    re.IGNORECASE,
)
_FIRST_BEHIND = re.compile(r", ([A-ZÀ-Ý][^\W\d_]+(?:-[^\W\d_]+)?)")  # “Exemple, Roland”
_SMALL_BEHIND = re.compile(r", ([a-zà-ÿ]+(?:-[a-zà-ÿ]+)?)(?![\w'’])")  # “au nom de exemple, roland”
_CAPITALS = re.compile(r"(?<!\w)[A-ZÀ-Ý][\w'’.-]*,? (?:[a-zà-ÿ'’]{1,5} ){0,3}(?:[a-z]{1,2}['’])?[A-ZÀ-Ý]")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_TOLD_OF_ONESELF = re.compile(
    rf" ?(?:$|[.,;:!(\n]|- |\d|(?:{_BIRTH}|{_CARD}|{_OTHER})|(?:svp|stp|s'il|please|pls|plz|merci|thanks|thx|et|and|pis)\b)",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"(?:['’]s)?[.'’-]*$")
_LABEL = re.compile(r"\b(?:nom|prenom|name)s?(?: de famille| complet)? ?[:=] ?$")


class Word(NamedTuple):
    folded: str
    big: bool
    start: int
    end: int


def may_be_named(sheet: Sheet) -> bool:
    """Whether two capitals follow each other, or a first name that is no word of every day stands in it."""
    return bool(_CAPITALS.search(sheet.original)) or not _first_names().isdisjoint(_LETTERS.findall(sheet.folded))


@cache
def _first_names() -> frozenset[str]:
    listed = words("first_names", "latin") | words("more_first_names", "latin")
    return (listed | {part for name in listed for part in name.split("-")}) - NO_NAMES - _WORDS_TOO


def span(sheet: Sheet, at: int, *, fewest: int) -> tuple[int, int] | None:
    """Capitals, or a known first name and what may be a family name. fewest: how many words make a name here."""
    read: list[Word] = []
    for word in _words(sheet, at):
        if not read and fewest > 1 and not word.big and word.folded in _WORDS_TOO:
            break
        if sum(each.folded not in PARTICLES for each in read) == _LONGEST:
            break
        if not (
            _may_be(sheet, word, read)
            or _is_second_family(sheet, word, read)
            or (not read and fewest == 1 and _is_family(sheet, word))
        ):
            break
        read.append(word)
    while read and read[-1].folded in PARTICLES:
        read.pop()
    if len(read) == 1 and read[0].big and (family := _small_family(sheet, read[0])):
        read.append(family)
    behind = _FIRST_BEHIND.match(sheet.original, read[-1].end) if len(read) == 1 and _may_be_family(read[0]) else None
    if not behind and len(read) == 1 and not read[0].big and not is_first(read[0].folded):
        behind = _SMALL_BEHIND.match(sheet.original, read[0].end)
    if behind and is_first(bare(behind[1])):
        read.append(Word(bare(behind[1]), True, behind.start(1), behind.end(1)))
    proper = [word for word in read if word.folded not in PARTICLES]
    return (read[0].start, read[-1].end) if len(proper) >= fewest and _is_person(proper, fewest) else None


def right_before(sheet: Sheet, at: int, *, small: bool = True) -> tuple[int, int] | None:
    """Two words, one of them a first name, with nothing but a comma or a label between them and this place."""
    begin = max(0, at - 60)
    before = sheet.original[begin:at]
    big = _TWO_WORDS.search(before)
    found = big or _TWO_SMALL.search(before) or (_BEGINS_SMALL.search(before) if small and not begin else None)
    if not found or BLANK in sheet.open[begin + found.start("one") : begin + found.end("two")]:
        return None
    first = _begins(found["one"])
    parts = [part for part in bare(found["one"][first:]).split() if part not in PARTICLES] or [bare(found["one"])]
    one, two = parts[-1], bare(found["two"])
    near = "." not in before[found.end("two") : found.start("somebody") if big and big["somebody"] else None]
    known = bool(big and big["somebody"] and near) or is_first(one) or bool(big and any(map(is_first, (two, *parts))))
    if not big and one in _WORDS_TOO:
        return None
    return (begin + found.start("one") + first, begin + found.end("two")) if known and not NO_NAMES & {one, two} else None


def _is_second_family(sheet: Sheet, word: Word, read: list[Word]) -> bool:
    """“je m'appelle harpreet kaur exemple, …”: the last of three, where nothing but what one tells of oneself follows."""
    if not read or read[0].big or word.big or len(word.folded) < 4 or not is_first(read[0].folded):
        return False
    return len(read) == 2 and _ends_a_name(sheet, word)


def _small_family(sheet: Sheet, first: Word) -> Word | None:
    """“Catherine laflamme, ddn …”: behind a first name, where nothing but what one tells of oneself follows."""
    if not is_first(first.folded) or first.folded in _WORDS_TOO:
        return None
    word = next(_words(sheet, first.end), None)
    return word if word and not word.big and len(word.folded) > 3 and _ends_a_name(sheet, word) else None


def _ends_a_name(sheet: Sheet, word: Word) -> bool:
    """No word of every day, and behind it nothing but what one tells of oneself."""
    if word.folded in NO_NAMES or word.folded in _WORDS_TOO or word.folded in _NOT_SMALL:
        return False
    if word.folded.endswith("ment") or word.folded in medicines.names():
        return False
    return bool(_TOLD_OF_ONESELF.match(sheet.folded, word.end))


def _begins(written: str) -> int:
    """“Jean Chrysostome” has two first names, “Bonjour Jean” one."""
    *before, last = re.finditer(r"\S+", written)
    begins, behind = last.start(), bare(last[0])
    for word in reversed(before):
        folded = bare(word[0])
        if behind not in {"thi", "van"} and (folded in NO_NAMES or folded in _WORDS_TOO or not is_first(folded)):
            break
        begins, behind = word.start(), folded
    return begins


def _may_be_family(word: Word) -> bool:
    return word.big and not is_first(word.folded)


def _words(sheet: Sheet, at: int) -> Iterator[Word]:
    """The words that follow each other with a space between; in a text that is shouted, no capital tells."""
    shouted = sheet.original.isupper()
    while (token := _TOKEN.match(sheet.original, at)) and BLANK not in sheet.open[token.start() : token.end()]:
        written = token[0].lstrip()
        end = token.end() if len(written) == 2 and written[1] == "." else token.start() + len(_POSSESSIVE.sub("", token[0]))
        yield Word(bare(_POSSESSIVE.sub("", written)), written[0].isupper() and not shouted, token.end() - len(written), end)
        if end != token.end():
            return
        at = end


def _may_be(sheet: Sheet, word: Word, read: list[Word]) -> bool:
    if word.folded in PARTICLES:
        return bool(read) or word.big
    if not word.folded or word.folded in NO_NAMES or _ELIDED.match(word.folded) or word.folded in words("rx_names", "names"):
        return False
    if read and not word.big and word.folded in _WORDS_TOO:
        return False
    if word.big or (is_first(word.folded) and not (read and read[0].big)):
        return True
    # A family name without a capital follows first names without one, and nothing follows it.
    long = len(word.folded) > 2 or word.folded in _SHORT_FAMILIES
    if len(read) > 1 and read[-1].folded in PARTICLES and not (read[1].folded in _BEGIN_A_FAMILY and _ends_a_name(sheet, word)):
        return False
    return bool(read) and not read[0].big and long and all(is_first(each.folded) or each.folded in PARTICLES for each in read)


def _is_family(sheet: Sheet, word: Word) -> bool:
    """No capital, but a label before it, or a first name behind: “nom: tremblay”, “au nom de tremblay sophie”."""
    if len(word.folded) < 3 or word.folded in NO_NAMES or word.folded in words("rx_names", "names"):
        return False
    behind = next(_words(sheet, word.end), None)
    comma = _SMALL_BEHIND.match(sheet.original, word.end)
    if comma and is_first(bare(comma[1])) and bare(comma[1]) not in _WORDS_TOO:
        return True
    return bool(_LABEL.search(sheet.before(word.start, 25))) or (
        behind is not None and is_first(behind.folded) and behind.folded not in _WORDS_TOO
    )


def _is_person(proper: list[Word], fewest: int) -> bool:
    """Told to be a name, one word is enough; beside a relative it takes a known first name, or two capitals."""
    if fewest == 1:
        return len(proper[0].folded) > 1 or len(proper) > 1
    return is_first(proper[0].folded) or all(word.big and len(word.folded) > 2 for word in proper[:2])


def is_full(name: str) -> bool:
    """A first name that is known, and a word that may be a family name."""
    first, *others = bare(name).split()
    return is_first(first) and first not in NO_NAMES and not NO_NAMES.intersection(others)


def is_first(folded: str) -> bool:
    return _is_listed(folded) or ("-" in folded and all(map(_is_listed, folded.removeprefix("ti-").split("-"))))


def _is_listed(folded: str) -> bool:
    return folded in words("first_names", "latin") or folded in words("more_first_names", "latin")
