"""How the words of a list are written, met in a text, and kept ready: an entry, the lists, the scripts of other languages."""
