"""What a message says of a product that did harm, was defective or failed, or of an error: kept, with its clocks."""

from inbox.cases.opening import TYPES, open_for

__all__ = ["TYPES", "open_for"]
