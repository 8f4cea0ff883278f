"""What import-linter cannot see: which parts of Django and of the clock the pure modules use."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PURE = [
    ROOT / "inbox" / "clock.py",
    ROOT / "responses" / "wording.py",
    *sorted((ROOT / "responses" / "guard").rglob("*.py")),
    *sorted((ROOT / "inbox" / "triage").rglob("*.py")),
    *sorted((ROOT / "inbox" / "platforms").rglob("*.py")),
]
FORBIDDEN = ("django.db", "django.conf", "django.apps", "django.core.cache", "django.utils.timezone")
READS_THE_CLOCK = {"now", "utcnow", "today"}
# The network has a time of its own: when an answer came is known only where it came.
MAY_READ_THE_CLOCK = {ROOT / "inbox" / "platforms" / "http.py"}


@pytest.mark.parametrize("file", PURE, ids=lambda file: str(file.relative_to(ROOT)))
def test_pure_modules_know_no_database_no_settings_and_no_now(file):
    tree = ast.parse(file.read_text())

    assert not [name for name in imported(tree) if name.startswith(FORBIDDEN)]
    assert file in MAY_READ_THE_CLOCK or not calls(tree) & READS_THE_CLOCK


def imported(tree: ast.Module):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def calls(tree: ast.Module) -> set[str]:
    functions = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {function.attr for function in functions if isinstance(function, ast.Attribute)}
