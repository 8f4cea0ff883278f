"""What a message says of a product that did harm, was defective, or failed: kept since we know of it, with its two clocks."""

from inbox.cases.opening import TYPES, open_for

__all__ = ["TYPES", "open_for"]
