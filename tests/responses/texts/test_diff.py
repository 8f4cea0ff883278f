from hypothesis import given
from hypothesis import strategies as st

from responses.texts.diff import Change, changes


def test_words_are_told_apart_as_a_person_reads_them():
    assert changes("Bonjour Julie, on ferme à 17 h.", "Bonjour {first_name}, on ferme à 18 h.") == [
        Change("same", "Bonjour "),
        Change("removed", "Julie"),
        Change("added", "{first_name}"),
        Change("same", ", on ferme à "),
        Change("removed", "17"),
        Change("added", "18"),
        Change("same", " h."),
    ]


def test_neighbours_that_changed_are_one_change():
    assert changes("a b c d", "x y c d") == [Change("removed", "a b"), Change("added", "x y"), Change("same", " c d")]


WORDS = st.text(alphabet="ab é{}\n.", max_size=40)


@given(WORDS, WORDS)
def test_both_texts_can_be_read_out_of_the_difference(before, after):
    found = changes(before, after)

    assert "".join(change.text for change in found if change.kind != "added") == before
    assert "".join(change.text for change in found if change.kind != "removed") == after
