"""Every page that somebody reaches by links, one of each kind."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from playwright.sync_api import Page

# Files, and addresses outside or of another moment.
LEFT_OUT = re.compile(r"/(export|download|consent|body)/|\.(md|csv)$|^/static/")
# Links that only an open conversation has.
DOORS = ("/", "/team/me/", "/inbox/shortcuts/", "/inbox/notices/")


def kind(path: str) -> str:
    return re.sub(r"/\d+/", "/N/", path)


def walk(page: Page) -> Iterator[str]:
    """Go to one page of each kind, follow the links of each, and stop at each for whoever looks."""
    ahead, known = list(DOORS), {kind(path) for path in DOORS}
    while ahead:
        address = ahead.pop(0)
        answer = page.goto(address)
        assert answer is not None and answer.status == 200, f"{address}: {answer and answer.status}"
        yield address
        for found in links(page):
            if kind(found) not in known:
                known.add(kind(found))
                ahead.append(found)


def links(page: Page) -> list[str]:
    hrefs: list[str] = page.locator("a[href]").evaluate_all("all => all.map(one => one.href)")
    here = urlsplit(page.url).netloc
    parts = [urlsplit(href) for href in hrefs]
    return [part.path for part in parts if part.netloc == here and not LEFT_OUT.search(part.path)]
