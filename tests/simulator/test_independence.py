import ast
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "simulator"
APPS = {"accounts", "inbox", "responses", "config", "tests"}


def modules(file: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def imported(file: Path) -> set[str]:
    return {name.partition(".")[0] for name in modules(file)}


def test_the_simulator_imports_none_of_the_apps_it_stands_in_front_of():
    files = sorted(PACKAGE.rglob("*.py"))

    assert len(files) > 10
    assert {file.name: imported(file) & APPS for file in files if imported(file) & APPS} == {}


def test_the_client_needs_nothing_of_the_simulator():
    names = {name for file in (PACKAGE / "client").glob("*.py") for name in modules(file)}

    assert {name for name in names if name.partition(".")[0] == "simulator" and not name.startswith("simulator.client")} == set()
    assert not [name for name in names if name.startswith("django")]


def test_every_file_stays_small_enough_to_read():
    assert {file.name for file in PACKAGE.rglob("*.py") if len(file.read_text().splitlines()) > 300} == set()
