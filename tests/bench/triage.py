"""Messages read a second on one core, and how well, on the messages kept aside: nobody who writes rules reads those.

Of each message kept aside is known what a person says of it (docs/triage.md). Each miss is listed.
"""

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from inbox.triage import read
from inbox.triage.findings import Context, Family, Reading, Urgency

ROOT = Path(__file__).parents[1] / "inbox" / "triage"
PAGE_KINDS = {"pharma": "manufacturer"}
GOAL = 500  # messages a second
SECONDS = 4.0
CRISES = {"self_harm", "emergency", "poisoning"}
FIGURES = {"self_harm", "medical_emergency"}
Row = dict[str, Any]
Judged = Iterator[tuple[str, bool, str]]


def run(*, quick: bool) -> Iterator[dict[str, Any]]:
    rows = kept_aside()
    yield _speed(rows, SECONDS / 10 if quick else SECONDS)
    readings = [(row, _read(row)) for row in rows]
    for name, goal, at_least, judge in MEASURES:
        judged = [(row, *each) for row, reading in readings if _is_told(row, judge) for each in judge(row, reading)]
        yield _figure(name, goal, at_least, judged)
    yield _beside_other_things(quick=quick)


# What people say beside a danger, with and without a mark between.
BESIDE = (
    "{} Appelez-moi au 514 555-0177.",
    "{} Merci de me répondre, bonne journée!",
    "{} Thanks in advance, have a good day",
    "{} ouvrez-vous le dimanche?",
    "{} ma commande est-elle prête? Julie Exemple",
    "{} is my refill ready?",
    "Livrez-vous à Beauport? {}",
    "do you deliver {}",
)
DRAWN = 200
STILL = 0.95


def _beside_other_things(*, quick: bool) -> dict[str, Any]:
    """Of dangers nobody was taught that are seen alone, how many are seen with something else beside them."""
    lines = (ROOT / "not_learned.jsonl").read_text(encoding="utf-8").splitlines()
    dangers = [row["text"] for row in map(json.loads, lines) if row["danger"] in CRISES]
    drawn = random.Random(1).sample(dangers, DRAWN // 10 if quick else DRAWN)
    seen = [text for text in drawn if _is_now(text)]
    shares = {way: round(sum(_is_now(way.format(text)) for text in seen) / len(seen), 3) for way in BESIDE}
    share = sum(shares.values()) / len(shares)
    said = {"name": "triage danger beside other things", "goal": f"at least {STILL} of those seen alone", "met": share >= STILL}
    return said | {"share": round(share, 3), "seen alone": len(seen), "of": len(drawn)} | shares


def _is_now(text: str) -> bool:
    return read(text, Context()).urgency is Urgency.NOW


def kept_aside() -> list[Row]:
    lines = (line for path in sorted(ROOT.glob("kept_aside*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines())
    return [row for row in map(json.loads, lines) if "text" in row and ("urgency" in row or "phi" in row)]


def _is_told(row: Row, judge: Callable[[Row, Reading], Judged]) -> bool:
    """Of a message without an urgency nothing was said but which identifiers are in it."""
    return "urgency" in row or judge in (identifier_recall, identifier_precision)


def _read(row: Row) -> Reading:
    kind = row.get("page_type", "pharmacy")
    public = row.get("visibility") != "private"
    return read(row["text"], Context(row.get("channel", ""), public, PAGE_KINDS.get(kind, kind), row.get("author", "")))


def _speed(rows: list[Row], seconds: float) -> dict[str, Any]:
    for row in rows:
        _read(row)  # the patterns are made when a word is first met
    count, began = 0, time.process_time()
    while time.process_time() - began < seconds:
        for row in rows:
            _read(row)
        count += len(rows)
    rate = count / (time.process_time() - began)
    return {"name": "triage", "goal": f"{GOAL} messages a second on one core", "met": rate >= GOAL, "messages/s": round(rate)}


# --- the figures: of each thing to be judged in a message, what was wanted, whether it was seen, and what was seen --------


def identifier_recall(row: Row, reading: Reading) -> Judged:
    seen = _identifiers(row, reading)
    for wanted in row.get("phi", ()):
        right = any(kind == wanted["type"] and wanted["value"] in value for kind, value in seen)
        yield f"{wanted['type']} {wanted['value']}", right, str(seen)


def identifier_precision(row: Row, reading: Reading) -> Judged:
    for kind, value in _identifiers(row, reading):
        right = any(kind == wanted["type"] and wanted["value"] in value for wanted in row.get("phi", ()))
        yield f"{kind} {value}", right, "nothing of the kind"


def adverse_event_recall(row: Row, reading: Reading) -> Judged:
    if row.get("adverse_event") and not row.get("ae_ambiguous"):
        yield "adverse event", reading.is_adverse_event, "none"


def adverse_event_look_alikes(row: Row, reading: Reading) -> Judged:
    if row.get("adverse_event") is False and "adverse_event" in row.get("hard_negative_for", ()):
        yield "no adverse event", not reading.is_adverse_event, "one"


def crisis_recall(row: Row, reading: Reading) -> Judged:
    if row["urgency"] == Urgency.NOW and row.get("suggested_topic") in CRISES:
        yield f"now ({row['suggested_topic']})", reading.urgency is Urgency.NOW, reading.urgency


def figures_of_speech(row: Row, reading: Reading) -> Judged:
    if FIGURES & set(row.get("hard_negative_for", ())) and Urgency.NOW not in _urgencies(row):
        yield "not now", reading.urgency is not Urgency.NOW, _why(reading)


def urgency(row: Row, reading: Reading) -> Judged:
    yield row["urgency"], reading.urgency in _urgencies(row), f"{reading.urgency} {_why(reading)}"


def topic_first(row: Row, reading: Reading) -> Judged:
    if row.get("suggested_topic"):
        yield row["suggested_topic"], row["suggested_topic"] in reading.topics[:1], str(reading.topics[:3])


def topic_in_three(row: Row, reading: Reading) -> Judged:
    if row.get("suggested_topic"):
        yield row["suggested_topic"], row["suggested_topic"] in reading.topics[:3], str(reading.topics[:3])


def language(row: Row, reading: Reading) -> Judged:
    if row.get("lang") in {"fr", "en"}:
        yield row["lang"], reading.language == row["lang"], reading.language


def first_name(row: Row, reading: Reading) -> Judged:
    if "first_name_expected" in row:
        yield str(row["first_name_expected"]), reading.first_name == (row["first_name_expected"] or ""), reading.first_name


def _identifiers(row: Row, reading: Reading) -> list[tuple[str, str]]:
    return [(found.type, row["text"][found.start : found.end]) for found in reading.identifiers]


def _urgencies(row: Row) -> set[str]:
    return {row["urgency"], *row.get("urgency_ok", ())}


def _why(reading: Reading) -> str:
    urgent = (finding for finding in reading.findings if finding.family is not Family.IDENTIFIER)
    return ", ".join(dict.fromkeys(finding.rule for finding in urgent))


MEASURES: tuple[tuple[str, str, float, Callable[[Row, Reading], Judged]], ...] = (
    ("triage identifiers recall", "at least 0.95", 0.95, identifier_recall),
    ("triage identifiers precision", "at least 0.95", 0.95, identifier_precision),
    ("triage adverse events recall", "at least 0.90", 0.90, adverse_event_recall),
    ("triage adverse events look-alikes", "at least 0.90 not taken for one", 0.90, adverse_event_look_alikes),
    ("triage crisis recall", "1.00", 1.0, crisis_recall),
    ("triage figures of speech", "1.00 not taken for one", 1.0, figures_of_speech),
    ("triage urgency", "at least 0.80", 0.80, urgency),
    ("triage topic first", "at least 0.70", 0.70, topic_first),
    ("triage topic in three", "at least 0.90", 0.90, topic_in_three),
    ("triage language", "at least 0.97", 0.97, language),
    ("triage first name", "at least 0.90", 0.90, first_name),
)


def _figure(name: str, goal: str, at_least: float, judged: list[tuple[Row, str, bool, str]]) -> dict[str, Any]:
    right = Counter(is_right for _row, _wanted, is_right, _seen in judged)
    share = right[True] / len(judged) if judged else 1.0
    missed = {
        f"miss {number}": f"{row.get('id')}: {wanted}; seen: {seen}; {row['text']!r}"
        for number, (row, wanted, is_right, seen) in enumerate(judged, 1)
        if not is_right
    }
    return {"name": name, "goal": goal, "met": share >= at_least, "share": round(share, 3), "of": len(judged)} | missed
