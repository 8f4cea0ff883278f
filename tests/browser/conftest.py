"""Chromium, on two kinds of site: `open_as` on rows that a test makes itself; `house` on the whole of Comptoir, started once.

COMPTOIR_CHROMIUM is the browser; without one these tests are skipped, save in CI.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from accounts.models import Membership
from config import dev
from config.services import runner
from simulator.client import Simulator
from tests.browser.desk import PATIENCE, House

HERE = Path(__file__).parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DESK, TABLET, PHONE = (1440, 900), (1000, 760), (390, 844)
UNDO_SECONDS = 4  # enough to press a button, not to wait for


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


# Of this package: an event loop that Playwright left running would forbid Django's ORM to the tests that follow.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    executable = os.environ.get("COMPTOIR_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), "")
    if not executable:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no Chromium on this machine")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # That loop is in this thread; the ORM is used beside it, never in it.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        expect.set_options(timeout=PATIENCE * 1000)
        running = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        yield running
        running.close()


@pytest.fixture
def open_as(browser: Browser, live_server):
    """open_as(member, "/inbox/") → a page that is signed in as that member; a script's error fails the test."""
    opened: list[BrowserContext] = []
    wrong: list[str] = []

    def open_page(member: Membership, path: str, size: tuple[int, int] = DESK, **options: object) -> Page:
        client = Client()
        client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
        opened.append(context)
        cookie = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(live_server.url + path)
        return page

    yield open_page
    for context in opened:
        context.close()
    assert wrong == []


@pytest.fixture(scope="package")
def running() -> Iterator[tuple[dev.Site, runner.Runner]]:
    with dev.throw_away("browser", UNDO_SECONDS=str(UNDO_SECONDS)) as started:
        yield started


@pytest.fixture(scope="package")
def whole(browser: Browser, running: tuple[dev.Site, runner.Runner]) -> Iterator[House]:
    platforms = Simulator(running[0].platforms_url)
    yield House(running[0], platforms, browser)
    platforms.http.close()


@pytest.fixture
def house(whole: House) -> Iterator[House]:
    """The same house for every test; no page is left open, and no console complained."""
    whole.trouble.clear()
    yield whole
    whole.leave()
    whole.platforms.clear_faults()
    assert whole.trouble == []


@pytest.fixture
def live_process(running: tuple[dev.Site, runner.Runner]) -> Iterator[tuple[Callable[[], None], Callable[[], None]]]:
    """(stop, start) of the process that streams."""
    site, run = running

    def stop() -> None:
        process = run.processes.pop("live")
        process.terminate()
        process.wait(timeout=runner.PATIENCE)

    def start() -> None:
        if "live" not in run.processes:
            run.start("live", runner.read(dev.ROOT / "Procfile")["live"], site.environment)

    yield stop, start
    start()
