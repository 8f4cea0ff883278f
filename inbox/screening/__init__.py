"""What triage sees in what arrives: read at intake and again, kept as findings, removed by people alone."""

from inbox.screening.lines import Line, of_message
from inbox.screening.reading import READ, Reader, read_again

__all__ = ["READ", "Line", "Reader", "of_message", "read_again"]
