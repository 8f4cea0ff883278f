"""What is said beside a danger, in a clause of its own, does not silence it; what governs it does."""

import pytest

from inbox.triage import read
from inbox.triage.crisis import asides
from inbox.triage.findings import Context, Urgency
from inbox.triage.text import Text

SWALLOWED = "mon gars de 3 ans a avalé une pile bouton"
CANNOT_BREATHE = "my son can't breathe, his lips are blue"


def is_now(text):
    return read(text, Context()).urgency is Urgency.NOW


@pytest.mark.parametrize(
    "aside",
    [
        "on regarde une série en ce moment",
        "joyeuse Halloween",
        "bravo pour votre campagne de prévention",
        "l'an passé il a eu la même chose et ça s'était bien fini",
        "c'est comme dans le film d'hier",
        "je suis encore en attente au téléphone avec vous",
        "🎵",
    ],
)
@pytest.mark.parametrize("words", ["{aside}, {danger}", "{danger}, {aside}", "{danger}. {aside}"])
def test_a_danger_is_seen_whatever_is_said_beside_it(words, aside):
    assert is_now(words.format(aside=aside, danger=SWALLOWED))


@pytest.mark.parametrize("aside", ["we're watching a series right now", "happy Halloween", "I read the article about this"])
def test_in_english_too(aside):
    assert is_now(f"{aside}, {CANNOT_BREATHE}") and is_now(f"{CANNOT_BREATHE}, {aside}")


@pytest.mark.parametrize(
    "text",
    [
        "dans le film d'hier, le gars avale une pile bouton",
        "j'ai regardé une série, le héros s'ouvre les veines",
        "🎵 je veux mourir 🎵",
        "on hold with you for an hour, I want to kill myself lol",
        "ten years ago I wanted to die, now I'm a mom, thanks to your pharmacist",
        "il y a six ans j'étais sur le bord d'un pont. Aujourd'hui je bénévole à l'écoute. Bravo pour la publication",
    ],
)
def test_a_story_a_song_and_what_is_over_stay_what_they_are(text):
    assert not is_now(text)


def test_what_remains_stands_where_it_stood():
    text = f"On regarde une série. {SWALLOWED}!\nJoyeuse Halloween"
    rest = asides.without(Text(text)).original
    assert len(rest) == len(text) and rest[text.index(SWALLOWED) :].startswith(f"{SWALLOWED}!\n")
    assert "série" not in rest and "Halloween" not in rest


def test_a_clause_with_a_danger_of_its_own_is_no_aside():
    text = Text("on regarde une série pis ma fille convulse, elle répond pas")
    assert asides.without(text) is text
