"""People: their names and their births."""
