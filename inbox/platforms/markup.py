"""HTML that strangers wrote, as the plain words it shows. Nothing of the markup is kept but where a link leads."""

import re
from html.parser import HTMLParser

LONGEST = 200_000  # characters that are read: no comment has more
BLOCKS = {"address", "article", "blockquote", "div", "dd", "dl", "dt", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li"}
BLOCKS |= {"ol", "p", "pre", "section", "table", "tr", "ul"}
UNSEEN = {"script", "style", "template", "noscript", "iframe", "object", "title", "textarea", "select"}


def plain(html: str) -> str:
    """What a reader of the page sees. Lines as they are broken, blocks apart by an empty line."""
    reader = _Reader()
    reader.feed(html[:LONGEST])
    reader.close()
    lines = "\n".join(line.strip(" \t\r\f\v") for line in "".join(reader.words).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._unseen = 0
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        match tag:
            case _ if tag in UNSEEN:
                self._unseen += 1
            case "br":
                self._say("\n")
            case "a":
                self._links.append((told.get("href", "").strip(), len(self.words)))
            case "img":
                self._say(told.get("alt", ""))
            case _ if tag in BLOCKS:
                self._say("\n\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in BLOCKS:
            self._say("\n\n")
        elif tag == "a" and self._links:
            address, start = self._links.pop()
            shown = "".join(self.words[start:]).strip()
            if re.match(r"https?://", address, re.I) and address.rstrip("/") != shown.rstrip("/"):
                self._say(f" ({address})" if shown else address)

    def handle_data(self, data: str) -> None:
        self._say(data)

    def _say(self, words: str) -> None:
        if not self._unseen:
            self.words.append(words)
