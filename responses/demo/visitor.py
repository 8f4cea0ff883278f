"""A browser without a screen: cookies, forms, no JavaScript. The main job is checked through the pages that people use."""

import http.cookiejar
import urllib.parse
import urllib.request
from html.parser import HTMLParser


class Visitor:
    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)

    def get(self, path: str) -> str:
        return self._open(urllib.request.Request(self.url + path))  # noqa: S310 - our own address

    def press(self, page: str, action: str, **fields: str) -> str:
        """Send the form of a page that goes to `action`, with its hidden fields and what is typed; return the next page."""
        hidden = _Forms.of(page).get(action)
        if hidden is None:
            raise LookupError(f"the page has no form for {action}")
        data = urllib.parse.urlencode(hidden | fields).encode()
        request = urllib.request.Request(self.url + action, data, headers={"Referer": self.url})  # noqa: S310
        return self._open(request)

    def _open(self, request: urllib.request.Request) -> str:
        with self._opener.open(request, timeout=30) as answer:
            return str(answer.read().decode())


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, dict[str, str]] = {}
        self._form: dict[str, str] = {}

    @classmethod
    def of(cls, page: str) -> dict[str, dict[str, str]]:
        parser = cls()
        parser.feed(page)
        return parser.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = self.found.setdefault(given.get("action", ""), {})
        elif tag == "input" and given.get("type") == "hidden":
            self._form[given.get("name", "")] = given.get("value", "")
