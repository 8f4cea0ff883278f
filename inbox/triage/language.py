"""The language somebody writes in: "fr", "en", "other", or "" when the words do not tell.

Word lists decide short texts, where statistics guess wildly; statistics decide where the lists are silent. Who mixes French and
English is answered in French.
"""

import re
import unicodedata
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from inbox.triage.lexicons import fold, words

ENOUGH = 500  # characters tell the language; more only take time
FEW = 3  # fewer words than this are decided by the lists alone
MIXED = 0.25  # share of the second language from which a text is mixed
SURE = 0.6  # how sure statistics must be that it is a third language
LATIN = re.compile(r"[a-zA-ZÀ-ÖØ-öø-ÿŒœ]")
_NOT_WORDS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[@#]\w+")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ELIDED = re.compile(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)'(?=.)|^d'")


def detect(text: str) -> str:
    text = text[:ENOUGH]
    found = [word.replace("’", "'") for word in _WORD.findall(_NOT_WORDS.sub(" ", unicodedata.normalize("NFC", text)))]
    if not found:
        return ""
    if sum(1 for word in found if not LATIN.match(word)) * 2 > len(found):
        return "other"
    french, english = _count(found, "fr"), _count(found, "en")
    if french or english:
        return _by_words(found, french, english)
    return "" if len(found) < FEW else _by_statistics(" ".join(found))


def warm_up() -> None:
    """Load the lists and the statistics, which takes a second, before somebody waits for them."""
    _by_statistics("warm up")
    detect("Bonjour")


def _by_words(found: list[str], french: int, english: int) -> str:
    # A few words that several languages share prove little in a longer text.
    strong = french + english - sum(1 for word in found if fold(word) in words("languages", "weak"))
    if len(found) > FEW and strong * 4 <= len(found) and _by_statistics(" ".join(found)) == "other":
        return "other"
    if french == english or (french < english and french >= MIXED * (french + english)):
        return "fr"
    return "fr" if french > english else "en"


def _count(found: list[str], language: str) -> int:
    known, others = words("languages", language), words("languages", "en" if language == "fr" else "fr")
    return sum(1 for word in map(fold, found) if _listed(word, language, known) and word not in others)


def _listed(word: str, language: str, known: frozenset[str]) -> bool:
    return word in known or (language == "fr" and bool(_ELIDED.match(word)))


def _by_statistics(text: str) -> str:
    ranked = dict(_model().rank(text))
    best = next(iter(ranked))
    if best not in {"fr", "en"} and ranked[best] >= SURE:
        return "other"
    return "en" if ranked["en"] > ranked["fr"] else "fr"


@cache
def _model() -> LanguageIdentifier:
    """Loaded once, when the first text asks for it: it takes half a second."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
