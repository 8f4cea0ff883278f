"""The language somebody writes in: "fr", "en", "other", or "" when the words do not tell.

Word lists decide short texts, where statistics guess wildly; statistics decide where the lists are silent. Who mixes French and
English is answered in French, unless they ask for English.
"""

import re
import unicodedata
from functools import cache, lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from inbox.triage.lexicons import fold, words

ENOUGH = 500  # characters tell the language; more only take time
FEW = 3  # fewer words than this are decided by the lists alone
MIXED = 0.25  # share of the second language from which a text is mixed
SURE = 0.6  # how sure statistics must be that it is a third language
WORDS_REMEMBERED = 10_000
_MARKED = re.compile("[àâçèéêëîïôûùœ]")  # of the two, French alone
_FOREIGN = re.compile("[ñãõßłżźśńąęşğıơưđăạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹșțžčšřěůőű]")
_RARE = re.compile("[òìáíóúäö]")  # in French, a slip of the finger: “voilá”
_ENGLISH_SPELLING = re.compile(r"th|wh|sh|ck|'s$|n't$|ing$|ee|oo|ght|y$|w")
LATIN = re.compile(r"[a-zA-ZÀ-ÖØ-öø-ÿŒœ]")
_NOT_WORDS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[@#]\w+")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ASKS_FOR_ENGLISH = re.compile(
    r"(?<!\w)(?:(?P<no>(?:pas|not|no|don't|dont|can't|cant|sans) )(?:\S+ ){0,2})?(?:in english|en anglais)(?!\w)"
)
_ELIDED = re.compile(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)'(?=.)|^d'")


def detect(text: str) -> str:
    text = text[:ENOUGH]
    found = [word.replace("’", "'") for word in _WORD.findall(_NOT_WORDS.sub(" ", unicodedata.normalize("NFC", text)))]
    if not found:
        return ""
    if sum(1 for word in found if not LATIN.match(word)) * 2 > len(found):
        return "other"
    told = list(map(_tells, found))
    french, english, other = (told.count(language) for language in ("fr", "en", "other"))
    if other > french + english:
        return "other"
    if other and other * 2 >= french + english and _by_statistics(" ".join(found)) == "other":
        return "other"
    if french or english:
        return _by_words(found, french, english)
    return _by_spelling(found) if len(found) < FEW else _by_statistics(" ".join(found))


def warm_up() -> None:
    """Load the lists and the statistics, which takes a second, before somebody waits for them."""
    _by_statistics("warm up")
    detect("Bonjour")


def _by_words(found: list[str], french: int, english: int) -> str:
    # A few words that several languages share prove little in a longer text.
    strong = french + english - sum(map(_is_weak, found))
    if len(found) > FEW and strong * 4 <= len(found) and _by_statistics(" ".join(found)) == "other":
        return "other"
    if french < MIXED * (french + english):
        return "en"
    mixed = english >= MIXED * (french + english)
    asks = mixed and _ASKS_FOR_ENGLISH.search(" ".join(found).casefold())
    return "en" if asks and not asks["no"] else "fr"


@lru_cache(WORDS_REMEMBERED)
def _is_weak(word: str) -> bool:
    return fold(word) in words("languages", "weak")


@lru_cache(WORDS_REMEMBERED)
def _tells(word: str) -> str:
    """The one language that a word belongs to, or ""."""
    folded = fold(word)
    if _FOREIGN.search(word):
        return "other"
    listed = [language for language in ("fr", "en", "other") if folded in words("languages", language)]
    if len(listed) == 1 or _ELIDED.match(folded):
        return listed[0] if listed else "fr"
    if word.istitle():
        return ""  # “Thanks Mélanie”
    return "other" if _RARE.search(word) else "fr" if _MARKED.search(word.casefold()) else ""


def _by_spelling(found: list[str]) -> str:
    return "en" if len(found) > 1 and any(_ENGLISH_SPELLING.search(word.casefold()) for word in found) else ""


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
