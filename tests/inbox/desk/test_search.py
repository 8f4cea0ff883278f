"""What search finds: of both languages, of whoever may read it, and never what is behind a mask or gone."""

import pytest

from inbox.desk.search import found
from inbox.desk.search.asked import Asked, clean, points_to_somebody
from inbox.keeping import erasure
from inbox.models import Conversation
from tests.factories import (
    DAY,
    MINUTE,
    NOON,
    make_channel,
    make_contact,
    make_conversation,
    make_location,
    make_member,
    make_message,
    make_waiting,
)
from tests.inbox.desk.searching import excerpt, lines, marks, search

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(place):
    return make_channel(place)


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("renouvellements", "Mon renouvellement est-il prêt?"),
        ("renouvellement", "Deux renouvellements, merci."),
        ("pharmacie", "LA PHARMACIE EST FERMÉE"),
        ("PHARMACIE", "votre pharmacie"),
        ("medicament", "Mes médicaments"),
        ("médicament", "mes medicaments"),
        ("MÉDICAMENT", "Mes Médicaments"),
        ("l'ordonnance", "Une ordonnance"),
        ("ordonnance", "J’ai l’ordonnance."),
        ("d’ordonnances", "l'ordonnance"),
        ("fermées", "C'était fermé hier"),
        ("fermees", "C'était fermé hier"),
        ("fermé", "les portes fermees"),
        ("reservee", "Une place réservée"),
        ("reserver", "J'aimerais réserver"),
        ("coeur", "une pilule pour le cœur"),
        ("Cœurs", "mal au coeur"),
        ("rendez vous", "un rendez-vous"),
        ("rendez-vous", "un rendez vous"),
        ("vaccin", "Bonjour.Vaccin?"),
        ("advil", "advil/tylenol"),
        ("tylenol", "https://example.com/tylenol"),
        ("refill", "my refills were late"),
        ("prescriptions", "A prescription, please"),
        ("B12", "vitamine b12"),
        ("500", "500 comprimés"),
        ("ordonn", "mon ordonnance"),
        ("vaccin grippe", "le vaccin contre la grippe"),
        ("le vaccin de la grippe", "vaccin, grippe"),
        ("صيدلية", "أين صيدلية"),
        ("me\u0301dicament", "mes médicaments"),
        ("médicament", "mes me\u0301dicaments"),
    ],
)
def test_words_are_found_whatever_their_accents_capitals_and_endings(ana, page, asked, written):
    conversation = make_waiting(page, text=written)

    assert search(ana, asked) == [conversation.pk]


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("vaccin", "Mon ordonnance est prête"),
        ("vaccin rougeole", "le vaccin contre la grippe"),
        ("donnance", "une ordonnance"),
        ("ordonn vaccin", "ordonnancement"),
    ],
)
def test_what_was_not_meant_is_not_found(ana, page, asked, written):
    make_waiting(page, text=written)

    assert search(ana, asked) == []


def test_what_we_answered_is_found_and_what_is_closed_too(ana, page):
    answered, closed = make_waiting(page), make_conversation(page, closed_at=NOON, close_outcome="answered")
    make_message(answered, at=NOON + MINUTE, direction="out", source="comptoir", text="Le vaccin est gratuit.")
    make_message(closed, at=NOON + 2 * MINUTE, direction="out", source="native", text="Vaccins: lundi.")

    assert search(ana, "vaccin") == [closed.pk, answered.pk]


def test_a_person_is_found_by_their_name_with_or_without_words_of_theirs(ana, page):
    them = make_contact(page, name="Zoé Lagacé")
    conversation = make_waiting(page, contact=them, text="Le vaccin?")
    make_waiting(page, text="Le vaccin?")

    assert search(ana, "lagace") == search(ana, "Zoé vaccin") == [conversation.pk]
    assert marks(ana, "zoe vaccin") == ["Zoé", "vaccin"]


def test_a_name_that_is_learned_later_is_found_and_one_that_is_forgotten_no_more(ana, page):
    them = make_contact(page, name="")
    conversation = make_waiting(page, contact=them)
    them.name = "Zoé Lagacé"
    them.save()
    assert search(ana, "lagace") == [conversation.pk]

    erasure.forget(them, now=NOON)

    assert search(ana, "lagace") == []


def test_the_newest_comes_first_once_a_conversation(ana, page):
    older, newer = make_waiting(page, text="vaccin"), make_waiting(page, at=NOON + MINUTE, text="vaccin")
    make_message(older, at=NOON + 2 * MINUTE, text="Et le vaccin de ma mère?")
    make_message(older, at=NOON + 3 * MINUTE, text="Merci")

    assert search(ana, "vaccin") == [older.pk, newer.pk]
    assert excerpt(ana, "vaccin") == "Et le vaccin de ma mère?"


def test_each_stands_on_one_page_alone_whatever_was_said_twice(ana, page, monkeypatch):
    monkeypatch.setattr(found, "PAGE", 2)
    monkeypatch.setattr(found, "AT_ONCE", 3)
    talks = [make_waiting(page, at=NOON - n * MINUTE, text="vaccin") for n in range(5)]
    for number, talk in enumerate(talks):
        make_message(talk, at=NOON - DAY - number * MINUTE, text="vaccin")
        make_message(talk, at=NOON - 2 * DAY - number * MINUTE, text="vaccin")

    pages, after = [], ""
    while not pages or after:
        shown = lines(ana, "vaccin", after=after)
        pages.append([line.pk for line in shown.lines])
        after = shown.next

    assert [pk for each in pages for pk in each] == [talk.pk for talk in talks]
    assert [len(each) for each in pages[:3]] == [2, 2, 1]


def test_a_talk_that_says_it_again_and_again_keeps_no_other_from_the_page(ana, page, monkeypatch):
    monkeypatch.setattr(found, "KEPT", 2)
    monkeypatch.setattr(found, "AT_ONCE", 2)
    monkeypatch.setattr(found, "ROUNDS", 2)
    others = [make_waiting(page, at=NOON - n * MINUTE, text="vaccin") for n in (1, 2)]
    talk = make_waiting(page, text="vaccin")
    for number in range(10):
        make_message(talk, at=NOON + number * MINUTE, text="vaccin")

    shown = lines(ana, "vaccin")

    assert [line.pk for line in shown.lines] == [talk.pk, *(other.pk for other in others)]


def test_what_may_be_shown_is_found_behind_much_that_may_not(ana, page, monkeypatch):
    monkeypatch.setattr(found, "KEPT", 2)
    monkeypatch.setattr(found, "AT_ONCE", 2)
    monkeypatch.setattr(found, "ROUNDS", 2)
    for number in range(10):
        make_waiting(page, at=NOON + number * MINUTE, text="J’habite au 4512, rue des Lilas.")
    talk = make_waiting(page, at=NOON - MINUTE, text="Des lilas?")

    assert search(ana, "lilas") == [talk.pk]


def test_a_page_without_rows_is_the_last(ana, page, monkeypatch):
    monkeypatch.setattr(found, "KEPT", 2)
    monkeypatch.setattr(found, "AT_ONCE", 2)
    monkeypatch.setattr(found, "ROUNDS_FOR_ONE", 2)
    for number in range(10):
        make_waiting(page, at=NOON + number * MINUTE, text="J’habite au 4512, rue des Lilas.")

    shown = lines(ana, "lilas")

    assert (shown.lines, shown.next) == ([], "")


@pytest.mark.parametrize(("hidden", "further"), [(3, False), (4, True)])
def test_there_is_a_next_page_only_where_there_is_more_to_look_at(ana, page, monkeypatch, hidden, further):
    monkeypatch.setattr(found, "KEPT", 4)
    monkeypatch.setattr(found, "AT_ONCE", 2)
    monkeypatch.setattr(found, "ROUNDS", 2)
    talk = make_waiting(page, at=NOON + DAY, text="Des lilas?")
    for number in range(hidden):
        make_waiting(page, at=NOON + number * MINUTE, text="J’habite au 4512, rue des Lilas.")

    shown = lines(ana, "lilas")

    assert ([line.pk for line in shown.lines], bool(shown.next)) == ([talk.pk], further)


def test_what_is_not_among_the_newest_is_found_by_the_index(ana, page, monkeypatch):
    monkeypatch.setattr(found, "AMONG", 2)
    talk = make_waiting(page, at=NOON - DAY, text="vaccin")
    for number in range(3):
        make_waiting(page, at=NOON - number * MINUTE)

    assert search(ana, "vaccin") == [talk.pk]


def test_nobody_finds_what_they_may_not_see(ana, outsider, place, page):
    elsewhere = make_location(place.organization)
    here, there = make_waiting(page, text="vaccin"), make_waiting(make_channel(elsewhere), text="vaccin")
    of_all, of_none = make_member(place.organization), make_member(place.organization, locations=[])

    assert search(ana, "vaccin") == [here.pk]
    assert search(outsider, "vaccin") == search(of_none, "vaccin") == []
    assert set(search(of_all, "vaccin")) == {here.pk, there.pk}
    assert search(of_all, "vaccin", location=elsewhere) == [there.pk]
    assert search(make_member(place.organization, locations=[elsewhere, place]), "vaccin", location=place) == [here.pk]


def test_a_conversation_that_moves_is_found_where_it_is(ana, place, page):
    elsewhere = make_location(place.organization)
    talk = make_waiting(make_channel(elsewhere), text="vaccin")
    assert search(ana, "vaccin") == []

    Conversation.objects.filter(pk=talk.pk).update(location=place)

    assert search(ana, "vaccin") == [talk.pk]


@pytest.mark.parametrize(
    "words", ["@o1", "'@l1'", "a|b", "!vaccin", "vaccin & !x:*", "((", "':*", "\\", "%", "_", "<->", "\0", "“”", "😀"]
)
def test_no_character_is_an_error(ana, page, words):
    make_waiting(page, text="Ouvert?")

    assert search(ana, words) == []
    assert search(ana, f"ouvert {words[:1]}") != []


@pytest.mark.parametrize("words", ["", " ", "a", "de la", "the", "?"])
def test_what_is_too_short_or_means_nothing_looks_for_nothing(words):
    assert Asked.read(clean(words)).terms == ()


def test_a_text_without_end_is_kept_and_found_by_its_beginning(ana, page):
    talk = make_waiting(page, text="vaccin " + " ".join(f"mot{n}é" for n in range(200_000)))

    assert search(ana, "vaccin mot12") == [talk.pk]
    assert len(excerpt(ana, "vaccin")) < 300


def test_a_query_without_end_is_cut(ana, page):
    talk = make_waiting(page, text="vaccin grippe")

    assert search(ana, "vaccin grippe " * 10_000) == [talk.pk]
    assert len(clean("x" * 10_000)) == 100


@pytest.mark.parametrize(
    ("words", "points"),
    [
        *[("ZORM 6253 1492", True), ("5145550177", True), ("514 555-0177", True), ("555-0177", True), ("a@example.com", True)],
        *[("G1R 4S9", True), ("Julie Exemple", False), ("advil 200", False), ("B12 500 mg", False), ("H1N1", False)],
    ],
)
def test_what_points_to_somebody_is_told_from_words(words, points):
    assert points_to_somebody(words) is points


def test_the_words_begin_a_little_before_the_first_that_is_marked(ana, page):
    long = "je me demande si tout va bien chez vous et " * 8
    make_waiting(page, text=f"Bonjour, {long}si le <b>vaccin</b> est là. " + "Merci. " * 60)

    assert marks(ana, "vaccins") == ["vaccin"]
    assert excerpt(ana, "vaccins").startswith("… ")
    assert excerpt(ana, "vaccins").index("vaccin") < 45
