"""The list and one conversation: what was said, and what one can do with it."""
