"""What triage sees in what arrives: read at intake and again, kept as findings, removed by people alone."""

from inbox.screening.by_rules.ahead import NOTHING, Ahead, read_ahead
from inbox.screening.by_rules.reading import READ, Reader, read_again
from inbox.screening.shown.lines import Line, of_message

__all__ = ["NOTHING", "READ", "Ahead", "Line", "Reader", "of_message", "read_again", "read_ahead"]
