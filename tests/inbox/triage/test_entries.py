import re

import pytest

from inbox.triage.words import entries

FORMS = {"je_veux": "je veux|j'veux"}


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("j'ai mal", "jai mal"),
        ("j'ai mal", "j ai  mal"),
        ("week-end", "weekend"),
        ("week-end", "week end"),
        ("(veux|voudrais) vivre", "voudrais vivre"),
        ("(ne )?veux", "veux"),
        ("suicid*", "suicidaire"),
        ("j'ai ((si|tout) )*mal", "j'ai mal"),
        ("j'ai ((si|tout) )*mal", "j'ai si si mal"),
        ("(l'|d')hiver froid", "d'hiver froid"),
        ("envie (de|d') mourir", "envie d'mourir"),
        ("avalé ... pilules", "avale une dizaine de pilules"),
        ("avalé ... pilules", "avale pilules"),
        ("{je_veux} mourir", "jveux mourir"),
        ("mal au cœur", "mal au coeur"),
        ("grave \\?", "grave ?"),
        ("# pilules", "8 pilules"),
        ("## pilules", "30 pilules"),
        ("39(,#)? de", "39,5 de"),
        ("💊🤮", "💊🤮"),
        ("pris (deux)?", "pris "),
        ("مى-خواهم", "ميخواهم"),
        ("(و)?شرب", "وشرب"),
        ("नहीं", "नहई"),
        ("đau ngực", "dau nguc"),
    ],
)
def test_what_an_entry_matches(written, text):
    entry = entries.read(written, FORMS)
    assert re.fullmatch(entry.pattern, text)
    begun = [needs for start, needs in entry.starts.items() if text.startswith(start.rstrip("*#"))]
    assert begun
    assert all(not needs or any(need in text for need in needs) for needs in begun)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("suicide", "suicidaire"),
        ("avalé ... pilules", "avale un de mes bons vieux pilules"),
        ("avalé ... pilules", "avale. pilules"),
        ("(veux|voudrais) vivre", "vivre"),
        ("## pilules", "8 pilules"),
    ],
)
def test_what_an_entry_does_not_match(written, text):
    assert not re.match(entries.read(written, FORMS).pattern, text)


@pytest.mark.parametrize(
    ("written", "starts"),
    [
        ("j'ai mal", {"j", "jai"}),
        ("(le )?coeur", {"le", "coeur"}),
        ("pilul* bleues", {"pilul*"}),
        ("📱ok", {"📱"}),
        ("{je_veux} mourir", {"je", "j", "jveux"}),
        ("# pilules", {"#"}),
        ("2( |-)?mois", {"2", "2mois"}),
        ("x# par jour", {"x*"}),
        ("不想(活|醒)", {"不"}),
        ("吞(了)?电池", {"吞"}),
    ],
)
def test_the_first_words_of_an_entry(written, starts):
    assert entries.read(written, FORMS).starts.keys() == starts


@pytest.mark.parametrize(
    ("written", "needs"),
    [
        ("suicid*", ()),
        ("mal au coeur", ("coeur",)),
        ("envie (de|d') mourir", ("mourir",)),
        ("avalé ... (pilules|comprimés)", ("comprimes", "pilules")),
        ("prend (a|trois cachets)", ()),  # of one of them too little is known
        ("tout (fini )?", ()),
        ("(mon|ma) (chien|chatte)", ("chatte", "chien")),  # and not the word it began with
    ],
)
def test_what_a_text_needs_before_an_entry_is_tried(written, needs):
    assert set(entries.read(written, FORMS).starts.values()) == {needs}


@pytest.mark.parametrize(
    ("written", "needs"),
    [
        ("(je veux|tu voudrais) (la|le)", {"je": ("veux",), "tu": ("voudrais",)}),
        ("(vite|au secours)", {"vite": (), "au": ("secours",)}),
        ("(le |la )?docteur", {"le": ("docteur",), "la": ("docteur",), "docteur": ()}),
        ("((je|tu) veux|on aime) ça", {"je": ("veux",), "tu": ("veux",), "on": ("aime",)}),
        ("(je veux|je peux) (la|le)", {"je": ("peux", "veux")}),
        ("(je veux|je) a", {"je": ()}),
    ],
)
def test_what_it_needs_is_known_of_each_way_to_begin(written, needs):
    assert entries.read(written, FORMS).starts == needs


def test_an_entry_in_chinese_ends_inside_a_run():
    assert re.match(entries.read("不想活", FORMS).pattern, "不想活了")


@pytest.mark.parametrize("written", ["(a", "a)", "{nothing} a", ""])
def test_a_bad_entry_says_so(written):
    with pytest.raises(entries.BadEntry):
        entries.read(written, FORMS)
