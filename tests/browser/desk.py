"""What the tests do again and again: sign in, ask as a customer, open, answer."""

import json
import re
import subprocess
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

from config.dev import ROOT, Site, mails, manage
from simulator.client import Simulator

VIEUX_QUAI = "100200300400501"  # its page on Facebook, see responses.demo.pharmacy
PHONE = {"width": 390, "height": 844}
TABLET = {"width": 820, "height": 1180}
DESKTOP = {"width": 1440, "height": 900}
ERROR_PAGES = """
import json
from django.template.loader import render_to_string
print(json.dumps({name: render_to_string(f"{name}.html") for name in ("400", "403_csrf", "404", "429", "500")}))
"""
PATIENCE = 20  # seconds: a busy machine is no failure
# A refused or failed request is the matter of the test that provokes it; a policy that was broken never is.
NOT_OURS = re.compile(r"^Failed to load resource")


@dataclass
class House:
    """One running Comptoir, seen from outside."""

    site: Site
    platforms: Simulator
    browser: Browser
    trouble: list[str] = field(default_factory=list)  # what the consoles of all pages complained about
    signed_in: dict[str, Any] = field(default_factory=dict)
    contexts: list[BrowserContext] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.site.url

    def visit(self, **options: Any) -> Page:
        """A page of somebody who is not signed in."""
        context = self.browser.new_context(base_url=self.url, **{"locale": "en-CA", "viewport": DESKTOP} | options)
        self.contexts.append(context)
        context.set_default_timeout(PATIENCE * 1000)
        page = context.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.trouble.append(f"{page.url}: {error}"))
        return page

    def enter(self, who: str, *, language: str = "en", **options: Any) -> Page:
        """The inbox as one of the demo's people sees it. `who`: the first part of the address."""
        state = self.signed_in.get(who)
        page = self.visit(**({"storage_state": state} if state else {}), **options)
        if not state:
            sign_in(page, who)
            self.signed_in[who] = page.context.storage_state()
        page.goto("/")
        speak(page, language)
        return page

    def ask(self, author: str, text: str, *, page: str = VIEUX_QUAI) -> str:
        """A customer comments on a page of the pharmacy, and the platform tells us."""
        written = self.platforms.comment(page, text, author=author)
        assert self.platforms.wait(), self.platforms.deliveries(3)
        return str(written["id"])

    def write(self, author: str, text: str, *, page: str = VIEUX_QUAI) -> str:
        """A customer writes in private."""
        written = self.platforms.message(page, text, author=author)
        assert self.platforms.wait(), self.platforms.deliveries(3)
        return str(written["id"])

    def answers_to(self, comment: str) -> list[str]:
        return [reply["text"] for reply in self.platforms.replies(comment=comment)]

    def last_invitation(self) -> str:
        """The link in the newest mail that has one."""
        newest_first = sorted(mails(self.site.state).iterdir(), key=lambda mail: mail.stat().st_mtime_ns, reverse=True)
        found = (re.search(r"/team/join/[^/\s]+/", mail.read_text()) for mail in newest_first)
        return next(link[0] for link in found if link)

    def error_pages(self) -> dict[str, str]:
        """As a stranger gets them where DEBUG is off; a development server shows its own."""
        command = manage("shell", "--no-imports", "--command", ERROR_PAGES)
        done = subprocess.run(command, env=self.site.environment, cwd=ROOT, capture_output=True, text=True, check=True)
        pages: dict[str, str] = json.loads(done.stdout)
        return pages

    def leave(self) -> None:
        while self.contexts:
            self.contexts.pop().close()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not NOT_OURS.match(message.text):
            self.trouble.append(f"{message.location.get('url', '')}: {message.text}")


def sign_in(page: Page, who: str) -> None:
    page.goto("/accounts/login/")
    page.locator(f"button[name=email][value^='{who}@']").click()
    expect(page.locator("#inbox-side")).to_be_visible()


def speak(page: Page, language: str) -> None:
    button = page.locator(f"header button[name=language][value='{language}']")
    if button.count():
        button.click()
    expect(page.locator("html")).to_have_attribute("lang", re.compile(f"^{language}"))
    page.wait_for_load_state()  # before that no script hears a key


def row(page: Page, author: str) -> Locator:
    return page.locator("[data-row]").filter(has=page.locator("b").get_by_text(author, exact=True))


def open_conversation(page: Page, author: str) -> None:
    row(page, author).click()
    expect(page.locator("#conversation-title")).to_have_text(author)


def pick(page: Page, title: str) -> None:
    """A template, by its title."""
    page.locator(".picker-option").filter(has_text=title).first.click()
    expect(page.locator("#composer-sheet")).to_be_visible()


def timer(page: Page) -> Locator:
    """The chip of the conversation that is open."""
    return page.locator(".head .chip")


def reload_until(wanted: Locator) -> None:
    """As somebody without scripts would: look again until it is there."""
    until = monotonic() + PATIENCE
    while not wanted.count() and monotonic() < until:
        wanted.page.reload()
    expect(wanted).to_be_visible()
