"""What triage sees in what arrives: read at intake and again, kept as findings, removed by people alone."""

from inbox.screening.ahead import NOTHING, Ahead, read_ahead
from inbox.screening.lines import Line, of_message
from inbox.screening.reading import READ, Reader, read_again

__all__ = ["NOTHING", "READ", "Ahead", "Line", "Reader", "of_message", "read_again", "read_ahead"]
