"""Letters of other scripts than ours as the word lists compare them, one for one, however they were typed.

What one keyboard writes otherwise than another is one letter. A vowel sign of an Indic script is its vowel: as a mark it would
end the word. Marks that some write and others leave out become SILENT, which holds a word together and is no letter of it.
"""

import unicodedata

SILENT = "ˑ"
RUN_ON = "\u3400-\u9fff"  # Chinese, between brackets of a pattern: written without spaces, each character is a word
MARKED = (range(0x0600, 0x0700), range(0x0900, 0x0E00))  # Arabic; Devanagari to Sinhala
ONE_OF = {
    **dict.fromkeys("یى", "ي"),
    **dict.fromkeys("ہھةۃ", "ه"),
    "ک": "ك",
    "ں": "ن",
    "ٱ": "ا",
    "ـ": SILENT,
    "đ": "d",  # Vietnamese without its marks
    "Đ": "d",
    "ς": "σ",
}


def letter(typed: str) -> str:
    """ "" for one that is as it is."""
    return ONE_OF.get(typed) or (_of_mark(typed) if any(ord(typed) in block for block in MARKED) else "")


def _of_mark(typed: str) -> str:
    script, is_vowel, vowel = unicodedata.name(typed, "").partition(" VOWEL SIGN ")
    if not unicodedata.category(typed).startswith("M"):
        return ""
    try:
        return unicodedata.lookup(f"{script} LETTER {vowel}") if is_vowel else SILENT
    except KeyError:
        return SILENT


class _Letters(dict[int, str]):
    def __missing__(self, code: int) -> str:
        self[code] = letter(chr(code)) or chr(code)
        return self[code]


_LETTERS = _Letters()


def plain(words: str) -> str:
    """As a word list writes them: what is silent is left out."""
    return words if words.isascii() else words.translate(_LETTERS).replace(SILENT, "")
