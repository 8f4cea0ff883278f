"""Numbers: whose they are, and which are a thing's."""
