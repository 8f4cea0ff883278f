"""Around the library: how words are read, compared, measured, and made ready for review."""
