import json
import sys
from argparse import ArgumentParser, FileType
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inbox.triage import read
from inbox.triage.findings import Context, Finding, Reading

PAGE_KINDS = {"pharma": "manufacturer"}


class Command(BaseCommand):
    help = "Say what is seen in messages: JSON Lines in (id, text, channel, visibility, page_type, author), JSON Lines out."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", nargs="?", type=FileType(encoding="utf-8"), default=sys.stdin, help="standard input, if not said"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for number, line in enumerate(options["file"], start=1):
            if line.strip():
                self.stdout.write(json.dumps(answer(_row(number, line)), ensure_ascii=False))


def _row(number: int, line: str) -> dict[str, Any]:
    try:
        row: dict[str, Any] = json.loads(line)
    except ValueError as error:
        raise CommandError(f"Line {number} is not JSON: {error}") from error
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise CommandError(f"Line {number} has no text.")
    return row


def answer(row: dict[str, Any]) -> dict[str, Any]:
    text = row["text"]
    reading = read(text, context(row))
    return {
        "id": row.get("id"),
        "language": reading.language,
        "first_name": reading.first_name or None,
        "urgency": reading.urgency,
        "topics": reading.topics,
        "adverse_event": reading.is_adverse_event,
        "phi": _identifiers(reading, text),
        "findings": [_finding(finding, text) for finding in reading.findings],
        "version": reading.version,
    }


def context(row: dict[str, Any]) -> Context:
    kind = row.get("page_type") or "pharmacy"
    return Context(
        channel=row.get("channel") or "",
        public=row.get("visibility") != "private",
        page_kind=PAGE_KINDS.get(kind, kind),
        author=row.get("author") or "",
    )


def _identifiers(reading: Reading, text: str) -> list[dict[str, str]]:
    return [{"type": found.type, "value": text[found.start : found.end]} for found in reading.identifiers]


def _finding(finding: Finding, text: str) -> dict[str, Any]:
    return {
        "family": finding.family,
        "type": finding.type,
        "start": finding.start,
        "end": finding.end,
        "value": text[finding.start : finding.end],
        "confidence": finding.confidence,
        "rule": finding.rule,
        "urgency": finding.urgency,
        "serious": finding.serious,
        "special": finding.special,
        "cues": [
            {"kind": cue.kind, "start": cue.start, "end": cue.end, "value": text[cue.start : cue.end]} for cue in finding.cues
        ],
    }
