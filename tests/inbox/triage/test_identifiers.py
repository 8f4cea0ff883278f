"""The numbers here are nobody's: made up, or test vectors. Messages: identifiers/*.jsonl, each with what must be found in it."""

import itertools
import json
import unicodedata
from pathlib import Path

import pytest

from inbox.triage import identifiers
from inbox.triage.findings import Confidence, Context, Family, Finding
from inbox.triage.identifiers import find_anybodys
from inbox.triage.identifiers.numbers import checks
from inbox.triage.identifiers.unread import masked

FOLDER = Path(__file__).parent / "identifiers"
MESSAGES = [json.loads(line) for file in sorted(FOLDER.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()]


def read(text: str, **context) -> list[Finding]:
    return [*identifiers.find(text, Context(**context))]


def found(text: str, **context) -> list[tuple[str, str]]:
    return [(finding.type, text[finding.start : finding.end]) for finding in read(text, **context)]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message["text"][:60])
def test_each_message_gives_what_is_in_it_and_nothing_else(message):
    known = {key: tuple(message[key]) for key in ("page_numbers", "staff") if key in message}
    seen = found(message["text"], author=message.get("author", ""), **known)
    wanted = [(each["type"], each["value"]) for each in message["phi"]]
    assert [kind for kind, _ in seen] == [kind for kind, _ in sorted(wanted, key=lambda each: message["text"].index(each[1]))]
    assert all(any(kind == type_ and value in span for type_, span in seen) for kind, value in wanted)
    assert all(span for _kind, span in seen)


@pytest.mark.parametrize("number", ["TEST54122816", "QUIB85031292", "ZORM62531492"])
def test_a_right_check_digit_of_a_health_number_is_known(number):
    assert checks.ramq_digit_right(number)


def test_a_wrong_check_digit_is_known():
    assert not checks.ramq_digit_right("QUIB85031293")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("QUIB85031292", Confidence.HIGH),
        ("QUIB85031293", Confidence.MEDIUM),  # the check digit is wrong, and it is still somebody's
        ("carte soleil QUIB85131292", Confidence.LOW),  # no month 13, but they say what it is
        ("QUIB85131292", None),
        ("QUIB00022999", Confidence.HIGH),  # 29 February 2000, if not 1900
        ("QUIB01022999", None),  # neither year has that day
        ("XTEST54122816", None),
        ("TEST541228169", None),
        ("TÉST54122816", None),
        ("NAS 222 222 226", Confidence.HIGH),
        ("NAS 222 222 227", Confidence.MEDIUM),
        ("222 222 227", None),
        ("OHIP 9876 543 217", Confidence.HIGH),
        ("OHIP 9876 543 218", Confidence.MEDIUM),
    ],
)
def test_a_check_digit_raises_the_confidence_and_never_clears_a_number(text, expected):
    assert [finding.confidence for finding in read(text)] == ([expected] if expected else [])


def test_a_finding_says_where_by_which_rule_and_why():
    text = "Bonjour, ma carte soleil: TREM 6253 1492"
    (finding,) = read(text)
    (cue,) = finding.cues
    assert (finding.family, finding.type, finding.rule) == (Family.IDENTIFIER, "ramq", "PHI-1")
    assert text[finding.start : finding.end] == "TREM 6253 1492"
    assert text[cue.start : cue.end] == "carte soleil"


def test_accents_that_stand_alone_move_nothing():
    text = unicodedata.normalize("NFD", "Ma mère Thérèse Modèle, née le 3 février 1951")
    assert [(kind, unicodedata.normalize("NFC", value)) for kind, value in found(text)] == [
        ("name", "Thérèse Modèle"),
        ("dob", "3 février 1951"),
    ]


def test_the_numbers_of_the_page_its_people_and_the_writers_own_name_are_no_findings():
    text = "Julie Exemple m'a dit d'appeler au 418 555-0101, je m'appelle Marc Modèle"
    assert found(text) == [("phone", "418 555-0101"), ("name", "Marc Modèle")]
    assert found(text, page_numbers=("(418) 555-0101",), author="Marc MODELE") == []


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("12 rue Imaginaire. Êtes-vous ouverts", "12 rue Imaginaire"),
        ("j'habite au 12 rue Imaginaire. Est-ce que vous livrez", "12 rue Imaginaire"),
        ("livrez au 12 rue Imaginaire, Laval. Merci Julie", "12 rue Imaginaire, Laval"),
        ("livrez au 12 rue Imaginaire, St. Jérôme. Merci", "12 rue Imaginaire, St. Jérôme"),
        ("12 rue Imaginaire. App. 3", "12 rue Imaginaire. App. 3"),
        ("12, rue St. Jean", "12, rue St. Jean"),
        ("12, rue St. Jean. Merci", "12, rue St. Jean"),
        ("14 rue Mgr. Fictif", "14 rue Mgr. Fictif"),
        ("14 rue J. Fictif", "14 rue J. Fictif"),
        ("100 boul. René-Lévesque O.", "100 boul. René-Lévesque O."),
        ("100 boul. René-Lévesque. O.K. merci", "100 boul. René-Lévesque"),
        ("I live at 22 Sample St. Are you open", "22 Sample St."),
    ],
)
def test_an_address_ends_with_its_sentence(text, address):
    assert found(text) == [("address", address)]


@pytest.mark.parametrize(
    ("cue", "title"), [("mon nom est", ""), ("la prescription au nom de", ""), ("my name is", ""), ("c’est pour", "madame ")]
)
def test_whoever_has_the_name_of_somebody_whom_everybody_knows_is_a_person_too(cue, title):
    assert found(f"Bonjour, {cue} {title}Céline Dion, est-ce prêt?") == [("name", f"{title}Céline Dion")]
    assert found("J’ai vu Céline Dion à la télé hier, quelle voix!") == []


def test_an_address_does_not_begin_in_the_sentence_before():
    assert found("It closed at 12 noon. Sample street is blocked") == []


def test_what_is_anybodys_counts_when_it_may_not_leave():
    text = "Appelez au 1 888 555-0199 ou écrivez à info@example.org"
    assert found(text) == []
    assert [finding.type for finding in identifiers.find_anybodys(text)] == ["phone", "email"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("NAM TREM 6253 1492 svp", "NAM TREM •••• •••• svp"),
        ("nam trem62531492", "nam TREM •••• ••••"),
        ("NAS 222-222-226", "NAS •••-•••-•••"),
        ("cell (514) 555-0142!", "cell 514 •••-••••!"),
        ("écrivez à mado.fictive@example.com.", "écrivez à •••@•••."),
        ("née le 14 mars 1962", "née le •• •••• ••••"),
        ("rx 6452187 et DIN 02241234", "rx ••••••• et DIN 02241234"),
        ("au 1450 rue Imaginaire app 4, H2X 0Z9", "au ••• rue •••, H2X •••"),
        ("je m'appelle Roger Exemple", "je m'appelle R••• E•••"),
        ("Bonjour, ouvert lundi?", "Bonjour, ouvert lundi?"),
    ],
)
def test_a_mask_keeps_the_kind_and_hides_the_person(text, shown):
    assert identifiers.mask(text, read(text)) == shown


@pytest.mark.parametrize("message", [message for message in MESSAGES if message["phi"]], ids=lambda message: message["text"][:60])
def test_no_value_survives_its_mask(message):
    shown = identifiers.mask(message["text"], read(message["text"]))
    assert not [each["value"] for each in message["phi"] if each["value"] in shown]


def test_a_mask_leaves_what_is_no_identifier_and_joins_what_overlaps():
    fever = Finding(Family.SAFETY, "adverse_event", 0, 6, Confidence.HIGH, "AE-1")
    first = Finding(Family.IDENTIFIER, "rx_number", 7, 12, Confidence.HIGH, "PHI-8")
    second = Finding(Family.IDENTIFIER, "sin", 9, 16, Confidence.HIGH, "PHI-2")
    assert identifiers.mask("Fièvre 123456789 ok", [second, fever, first]) == "Fièvre ••••••••• ok"


@pytest.mark.parametrize("text", ["Huguette Exemple", "Merci! Marie Modèle, pharmacienne", "On a appelé Julie Fictive hier"])
def test_a_name_that_nothing_tells_counts_in_what_people_write_to_us_alone(text):
    assert masked(text) == text
    assert not [*find_anybodys(text)]


def test_a_name_beside_a_number_counts_in_every_text():
    assert "Fictive" not in masked("dossier 204417, Julie Fictive")


@pytest.mark.parametrize(
    "text",
    [
        "Lise Martin et Marc Gagnon, deux dispill",
        "Guy Thomas, Julie et Marc Roy ont déménagé",
        "c'est pour Mme Lise Martin et Mme Anne Gagnon junior (Roy)",
    ],
)
def test_no_name_reaches_into_another(text):
    spans = [(finding.start, finding.end) for finding in read(text) if finding.type == "name"]
    assert spans and all(end <= start for (_, end), (start, _) in itertools.pairwise(spans))


@pytest.mark.parametrize(
    "text", ["Avec mon nom et ma date vous trouverez", "Donc le nom sur l'étiquette est bon", "Luc mon nom est pas bon"]
)
def test_a_piece_of_a_word_is_no_name(text):
    assert not found(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("ma carte d'assurance-maladie c'est 5584486674", "ohip"), ("ma carte d'assurance-sociale: 046 454 286", "sin")],
)
def test_a_hyphen_changes_no_card(text, kind):
    assert [kind_ for kind_, _ in found(text)] == [kind]


@pytest.mark.parametrize("text", ["tombée malade le même jour, 3 mai 2024", "the same day, May 3 2024, I had hives"])
def test_a_day_on_which_something_happened_is_no_birth(text):
    assert not found(text)
