"""What people wrote and what we answered, found by its words.

The list asks for a page as it does of a view (`found.py`). What is asked becomes stems of both languages (`asked.py`), which the
database keeps of every message (migration 0039); what it finds is looked at once more as its reader sees it (`marked.py`).
"""
