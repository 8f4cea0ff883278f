"""Names of medicines with one slip in them: a letter too many, too few, another, or two changed about."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from inbox.triage.lexicons import words
from inbox.triage.words import medicines

SHORTEST, LONGEST = 7, 30  # letters: shorter names are one slip away from too much, longer ones there are none


def is_misspelt(word: str) -> bool:
    """Whether a folded word is nearly the name of a medicine, and no everyday word."""
    if not SHORTEST <= len(word) <= LONGEST or not word.isalpha() or word in words("not_medicines", "anywhere"):
        return False
    near = {name for shorter in _shortened(word) for name in _by_shortened().get(shorter, ())}
    return any(_one_slip(word, name) for name in near)


def _one_slip(word: str, name: str) -> bool:
    if word[0] != name[0]:  # the first letter is seldom wrong
        return False
    if len(word) != len(name):
        longer, shorter = sorted((word, name), key=len, reverse=True)
        return shorter in {longer[:at] + longer[at + 1 :] for at in range(len(longer))}
    wrong = [at for at, (one, other) in enumerate(zip(word, name, strict=True)) if one != other]
    swapped = (
        len(wrong) == 2 and wrong[1] == wrong[0] + 1 and word[wrong[0]] == name[wrong[1]] and word[wrong[1]] == name[wrong[0]]
    )
    return len(wrong) == 1 or swapped


def _shortened(word: str) -> set[str]:
    """With each letter left out, and as it is: words one slip apart have one of these in common."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


@cache
def _by_shortened() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for name in {name for name in medicines.of_products() if len(name) >= SHORTEST}:
        for shorter in _shortened(name):
            found[shorter].add(name)
    return {shorter: frozenset(names) for shorter, names in found.items()}
