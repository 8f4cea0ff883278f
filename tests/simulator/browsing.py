"""A browser without scripts, and a reader that finds what is inline."""

import re
from html.parser import HTMLParser

import requests


class Browser:
    def __init__(self, url: str) -> None:
        self.url = url
        self.http = requests.Session()
        self.http.trust_env = False

    def get(self, path: str) -> str:
        answer = self.http.get(self.url + path, timeout=10)
        assert answer.status_code == 200, path
        return answer.text

    def post(self, path: str, seen: str, **given: str) -> requests.Response:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', seen)
        assert token is not None
        return self.http.post(self.url + path, data=given | {"csrfmiddlewaretoken": token[1]}, timeout=10)


class Inline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attributes}
        if tag == "style" or (tag == "script" and "src" not in names) or any(n == "style" or n.startswith("on") for n in names):
            self.found.append(self.get_starttag_text() or tag)
