"""bin/screenshots [--language en] [--folder DIR] [NAME…]: the README's pictures, from a demo that is thrown away afterwards."""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from config import dev
from config.services import runner
from simulator.client import Simulator
from tests.browser.desk import DESKTOP, PATIENCE, PHONE, House, open_conversation, pick

FOLDER = dev.ROOT / "docs" / "pictures"
LARGEST = 300_000  # bytes


@dataclass(frozen=True)
class Picture:
    who: str
    show: Callable[[Page], None]
    scheme: str = "light"
    phone: bool = False


def answering(page: Page) -> None:
    """Someone waits in public, and the answer is begun."""
    open_conversation(page, "Ginette Démo")
    pick(page, "Livraison")
    page.locator("#composer-answer").fill("On passe dans votre rang le mardi et le vendredi, gratuitement.")
    expect(page.locator("#composer-check .composer-ok")).to_be_visible()
    page.locator("#conversation-title").focus()


def choosing(page: Page) -> None:
    open_conversation(page, "Diane Fictive")
    expect(page.locator(".picker-option").first).to_be_visible()


def listing(page: Page) -> None:
    expect(page.locator("[data-row]").first).to_be_visible()


def at(path: str) -> Callable[[Page], None]:
    def show(page: Page) -> None:
        page.goto(path)

    return show


PICTURES = {
    "inbox": Picture("aline", answering),
    "inbox-dark": Picture("aline", choosing, scheme="dark"),
    "inbox-phone": Picture("aline", listing, phone=True),
    "queue": Picture("diane", at("/templates/queue/")),
    "misses": Picture("chantal", at("/misses/")),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/screenshots", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(PICTURES)}; all when none is named")
    parser.add_argument("--language", default="fr-ca", choices=["fr-ca", "en"])
    parser.add_argument("--folder", type=Path, default=FOLDER)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    runner.stop_on_signals()
    expect.set_options(timeout=PATIENCE * 1000)
    with dev.throw_away("pictures") as (site, _run), sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=os.environ["COMPTOIR_CHROMIUM"], args=arguments)
        house = House(site, Simulator(site.platforms_url), browser)
        for name in asked.names or PICTURES:
            take(house, PICTURES[name], asked.folder / f"{name}.png", asked.language)
        browser.close()
    return 0


def take(house: House, picture: Picture, file: Path, language: str) -> None:
    size = (
        {"viewport": PHONE, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}
        if picture.phone
        else {"viewport": DESKTOP}
    )
    page = house.enter(
        picture.who, language=language, color_scheme=picture.scheme, locale=language, reduced_motion="reduce", **size
    )
    picture.show(page)
    page.evaluate("document.fonts.ready")
    page.screenshot(path=file, animations="disabled", caret="hide")
    house.leave()
    reduce(file)
    sys.stdout.write(f"{file} {file.stat().st_size // 1000} kB\n")


def reduce(file: Path) -> None:
    """To a palette, where this machine has a tool for it: a screen has few colours."""
    if tool := shutil.which("pngquant"):
        subprocess.run([tool, "--force", "--skip-if-larger", "--ext", ".png", "256", str(file)], check=False)
    if file.stat().st_size > LARGEST:
        raise SystemExit(f"{file} is larger than {LARGEST} bytes: install pngquant.")


if __name__ == "__main__":
    sys.exit(main())
