import csv
from io import StringIO

import pytest
from django.utils import translation

from accounts.web import spreadsheets


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "\r=1", "%x", "|x"])
def test_text_that_a_spreadsheet_would_run_stays_text(text):
    assert spreadsheets.safe(text) == f"'{text}"


@pytest.mark.parametrize("value", [-3, 2.5, "Bonjour", "418 555-0142", ""])
def test_everything_else_is_left_as_it_is(value):
    assert spreadsheets.safe(value) == value


def test_a_file_opens_in_excel_with_its_accents_and_reads_back():
    with translation.override("en"):
        response = spreadsheets.respond("rapport", ["Établissement", "Nombre"], iter([["Île, “Été”\nligne", -1]]))

    text = b"".join(response.streaming_content).decode()

    assert text.startswith("\ufeff")
    assert list(csv.reader(StringIO(text[1:], newline=""))) == [["Établissement", "Nombre"], ["Île, “Été”\nligne", "-1"]]
    assert response["Content-Disposition"] == 'attachment; filename="rapport.csv"'


@pytest.mark.parametrize(("language", "line"), [("fr-ca", "Part;93,5;3\r\n"), ("en", "Part,93.5,3\r\n")])
def test_cells_and_decimals_are_parted_as_excel_expects_in_the_reader_s_language(language, line):
    with translation.override(language):
        lines = spreadsheets.lines(["a", "b", "c"], [["Part", 93.5, 3]])

    assert list(lines)[1] == line
