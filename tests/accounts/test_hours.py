import pytest

from accounts.locations.hours import read_day, write_day


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("09:00–21:00", [["09:00", "21:00"]]),
        ("9-17", [["09:00", "17:00"]]),
        ("9 h – 21 h 30", [["09:00", "21:30"]]),
        ("9h00 à 12h00, 13h à 17h", [["09:00", "12:00"], ["13:00", "17:00"]]),
        ("13:00-17:00; 9:00-12:00", [["09:00", "12:00"], ["13:00", "17:00"]]),
        ("22:00–02:00", [["22:00", "02:00"]]),
    ],
)
def test_hours_are_read_as_people_write_them(text, expected):
    assert read_day(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "nine to five",
        "09:00",
        "09:00–25:00",
        "09:61–10:00",
        "09:00–09:00",
        "09:00–12:00, 11:00–15:00",
        "22:00–02:00, 23:00–23:30",
    ],
)
def test_hours_that_cannot_be_are_refused_in_words(text):
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        read_day(text)


def test_what_is_written_is_read_back_the_same():
    intervals = [["09:00", "12:00"], ["13:00", "17:30"]]

    assert read_day(write_day(intervals)) == intervals
