"""Whether something was swallowed. Only a few words: a page that says whom to call cannot wait for the word lists to load."""

import re

from inbox.triage.lexicons import fold

SAID = re.compile(
    r"\b(aval(e|es|er|ee|ees|ait|ais)|bu|bue|boire|mang(e|es|er|ee|ees|eait)|inger(e|er|ee|es|ees)|gob(e|es|er|ee|ees)"
    r"|swallow(s|ed|ing)?|drank|drink(s|ing)?|ate|eaten|ingest(s|ed|ing)?|gulp(s|ed|ing)?)\b"
)


def is_said(text: str) -> bool:
    return bool(SAID.search(fold(text)))
