from datetime import date

import pytest
from django.core.management import CommandError, call_command

from inbox.triage.help import help_lines
from inbox.triage.topics.names import LABELS

TABLE = help_lines.table()
ON = date(2026, 11, 23)


def numbers(kind, province):
    return [line.number for line in TABLE.for_crisis(kind, province, on=ON)]


def test_nine_eight_eight_is_last_in_quebec_and_first_elsewhere():
    assert numbers("self_harm", "QC") == ["1 866 277-3553", "535353", "911", "9-8-8"]
    assert numbers("self_harm", "ON")[0] == "9-8-8"


def test_each_place_has_its_own_poison_centre_and_animals_a_veterinarian():
    assert "1 800 463-5060" in numbers("poisoning", "QC")
    assert "1 844 764-7669" not in numbers("poisoning", "QC")
    assert "1 844 764-7669" in numbers("poisoning", "NB")
    assert TABLE.for_crisis("poisoning", "QC", on=ON)[-1].key == "animals"


@pytest.mark.parametrize("province", ["QC", "elsewhere"])
@pytest.mark.parametrize("kind", ["self_harm", "emergency", "poisoning", "medication_error", "threat"])
def test_every_crisis_has_somebody_to_call_everywhere(kind, province):
    assert "911" in numbers(kind, province)
    assert kind in LABELS or kind == "threat"


def test_a_number_holds_from_its_first_day_to_its_last():
    text = help_lines.FILE.read_text().replace('number = "811"', 'number = "811"\nsince = 2026-11-23\nuntil = 2026-11-24', 1)
    table = help_lines.read(text)

    def holds(day):
        return "811" in [line.number for line in table.for_crisis("emergency", "QC", on=day)]

    assert [holds(date(2026, 11, day)) for day in (22, 23, 24, 25)] == [False, True, True, False]


def test_the_table_wants_to_be_checked_after_a_year():
    assert not TABLE.is_due(TABLE.checked_on)
    assert not TABLE.is_due(TABLE.checked_on + help_lines.CHECK_EVERY - help_lines.CHECK_EVERY / 365)
    assert TABLE.is_due(TABLE.checked_on + help_lines.CHECK_EVERY)


def test_any_change_of_it_is_another_table():
    assert help_lines.read(help_lines.FILE.read_text() + "\n# a word\n").digest != TABLE.digest


def test_what_is_dialled_is_what_a_telephone_takes():
    assert [TABLE.lines[key].dialled for key in ("911", "suicide_quebec", "988", "suicide_quebec_text")] == [
        "911", "+18662773553", "988", "535353",
    ]  # fmt: skip


def test_the_command_shows_the_table_and_fails_a_year_later(capsys, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TABLE.checked_on)
    call_command("help_lines")
    assert "1 866 277-3553" in capsys.readouterr().out

    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TABLE.checked_on + help_lines.CHECK_EVERY)
    with pytest.raises(CommandError):
        call_command("help_lines")


@pytest.mark.parametrize(("province", "centre"), [("QC", "1 800 463-5060"), ("ON", "1 844 764-7669")])
def test_of_several_dangers_everybody_is_named_once_and_911_first(province, centre):
    lines = [line.number for line in TABLE.for_crises(["poisoning", "self_harm"], province, on=ON)]

    assert lines[:2] == ["911", centre]
    assert len(lines) == len(set(lines))
    assert set(lines) == {*numbers("poisoning", province), *numbers("self_harm", province)}


def test_of_one_danger_the_order_is_that_of_the_table():
    assert [line.number for line in TABLE.for_crises(["self_harm"], "QC", on=ON)] == numbers("self_harm", "QC")


# --- the fields of a reply ------------------------------------------------------------------------------


def test_a_field_says_whom_to_call_at_the_place_in_the_language_of_the_reply():
    quebec, ontario = (TABLE.fields(province, "fr", on=ON) for province in ("QC", "ON"))

    assert quebec["help_poisoning"] == "le Centre antipoison du Québec au 1 800 463-5060"
    assert ontario["help_poisoning"] == "les Centres antipoison du Canada au 1 844 764-7669"
    assert TABLE.fields("QC", "en", on=ON)["help_poisoning"] == "the Québec Poison Control Centre at 1 800 463-5060"


def test_several_lines_are_one_sentence_in_the_order_of_the_table():
    assert TABLE.fields("QC", "fr", on=ON)["help_self_harm"] == (
        "la Ligne québécoise de prévention du suicide au 1 866 277-3553, le 535353 par texto ou la Ligne d’aide 9-8-8"
    )
    assert TABLE.fields("QC", "en", on=ON)["help_medication_error"].endswith("at 1 800 463-5060 or Info-Santé at 811")


@pytest.mark.parametrize("province", ["QC", "ON"])
def test_what_has_a_field_of_its_own_stands_in_no_other(province):
    said = TABLE.fields(province, "fr", on=ON)

    assert said["help_emergency"] == "le 911"
    assert [name for name, words in said.items() if "911" in words] == ["help_emergency"]
    assert [name for name, words in said.items() if "1 855 764-7661" in words] == ["help_animals"]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("province", ["QC", "elsewhere"])
def test_no_field_is_ever_empty(province, language):
    days = {ON} | {line.since for line in TABLE.lines.values()} | {line.until for line in TABLE.lines.values()}

    assert all(all(TABLE.fields(province, language, on=day).values()) for day in days)


def test_every_line_of_an_order_says_itself_in_both_languages():
    shown = {key for kinds in TABLE.order.values() for keys in kinds.values() for key in keys}

    assert all("{number}" in words for key in shown for words in (TABLE.lines[key].said_fr, TABLE.lines[key].said_en))


def test_where_the_lines_of_a_danger_have_ended_a_field_says_911():
    text = help_lines.FILE.read_text().replace('number = "9-8-8"', 'number = "9-8-8"\nuntil = 2026-11-22', 1)

    assert help_lines.read(text).fields("ON", "en", on=ON)["help_self_harm"] == "911"


def test_the_lines_of_other_places_are_those_that_are_shown_there_and_not_here():
    assert TABLE.of_other_places("QC", on=ON) == ["1 844 764-7669"]
    assert set(TABLE.of_other_places("ON", on=ON)) == {"811", "1 866 277-3553", "535353", "1 800 463-5060"}
