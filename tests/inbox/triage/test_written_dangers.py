"""Dangers and their look-alikes by somebody who knew no rule: what was reached on them is not lost again."""

import json
from pathlib import Path

import pytest

from inbox.triage import read
from inbox.triage.crisis import business
from inbox.triage.findings import Context, Urgency
from inbox.triage.text import Text

ROWS = [json.loads(line) for line in (Path(__file__).parent / "written_dangers.jsonl").read_text(encoding="utf-8").splitlines()]
STILL_TAKEN_FOR_ONE = {"g0259"}  # four sweets of vitamin C in place of two
ORDER, POINTS = "Ma commande de couches est-elle arrivée?", "Aussi, mes points sont-ils sur ma nouvelle carte?"


def is_now(text):
    return read(text, Context()).urgency is Urgency.NOW


@pytest.mark.parametrize("row", [pytest.param(row, id=row["id"]) for row in ROWS])
def test_a_danger_is_seen_and_nothing_else(row):
    context = Context(channel=row["channel"], public=row["visibility"] == "public", author=row["author"])
    seen = read(row["text"], context).urgency is Urgency.NOW
    wanted = row["urgency"] == "now" or row["id"] in STILL_TAKEN_FOR_ONE
    assert seen is wanted or "now" in row.get("urgency_ok", ())


@pytest.mark.parametrize(
    "danger",
    [
        "J'ai vidé mon casier au travail, donné mes clés. Demain vous n'aurez plus à préparer mes affaires.",
        "Y fait 41 de fièvre pis y voit des bibittes sur les murs.",
        "I'm 32 weeks and haven't felt the baby kick since yesterday.",
        "Je suis rendu à me dire que le poteau au bout de la rue ferait la job.",
    ],
)
def test_a_danger_among_other_things_is_no_smaller(danger):
    assert is_now(danger) and is_now(f"{ORDER} {danger} {POINTS}")
    assert danger in business.amid(Text(f"{ORDER} {danger} {POINTS}")).original


def test_what_stands_late_in_a_long_message_is_heard():
    text = Text(f"{f'{ORDER} {POINTS} ' * 9} Je suis rendu à me dire que le poteau au bout de la rue ferait la job.")
    assert business.amid(text).original.strip().startswith("Je suis rendu")


def test_other_things_alone_are_no_danger():
    assert business.amid(Text(f"{ORDER} {POINTS} Merci!")) is None
    assert not is_now(f"{ORDER} {POINTS} Merci!")


def test_a_story_beside_a_danger_takes_nothing_back():
    plan = "J'ai pleuré toute la nuit et ce soir je vais avaler toutes les bouteilles de ma table de chevet."
    assert is_now(f"On regarde une bonne série ensemble. {plan}") and is_now(f"{plan} Elle a le même problème aux yeux.")
    assert not is_now("Dans la série qu'on regarde, elle avale toutes les bouteilles de sa table de chevet.")


def test_what_is_slight_is_told_surer():
    assert not is_now("Mon fils a mangé un crayon de cire bleu en fin de semaine")
    assert is_now("Mon fils a mangé un crayon de cire et là il s'étouffe, il devient bleu")
