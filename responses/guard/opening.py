"""Whether words tell when a place is open: a time of day, or that it opens or closes. Pure."""

import re

_TIME = re.compile(
    r"(?<![\d.,:/$])(?:[01]?\d|2[0-3])\s?(?:h(?:eures?)?(?![a-z])|:[0-5]\d(?!\d)|[ap]\.?\s?m\b)"
    r"|\b(?:midi|minuit|noon|midnight)\b",
    re.IGNORECASE,
)
# “dans 2 heures”, “every 8 h”: how long, not when.
_LENGTH = re.compile(
    r"\b(?:dans|d[’']ici|pendant|durant|depuis|en|chaque|toutes? les|aux|environ|within|in|for|every|about)\s+"
    r"(?:les |the |next )?$",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"\b(?:(?:r[ée])?ouv(?:re|rons|rira|rirons|erte?s?)|(?:re)?ferm(?:e|ons|era|erons|ée?s?)|open(?:s|ing)?|closed|closes|closing"
    r"|heures d[’']ouverture)\b",
    re.IGNORECASE,
)


def names_hours(text: str) -> bool:
    text = text.replace("\u00a0", " ").replace("\u202f", " ")
    times = (found for found in _TIME.finditer(text) if not _LENGTH.search(text[: found.start()]))
    return next(times, None) is not None or _OPENS.search(text) is not None
