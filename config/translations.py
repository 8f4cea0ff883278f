"""`python -m config.translations`: collect the strings into locale/, and compile them. `--check` says what is missing, for CI."""

import os
import sys
from pathlib import Path

import django
import polib
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent
# English needs no catalogue: the strings in the code are the English text.
CATALOGUE = ROOT / "locale" / "fr_CA" / "LC_MESSAGES" / "django.po"
IGNORED = ["var/*", "simulator/*", "staticfiles/*", "tests/*"]


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.chdir(ROOT)
    django.setup()
    problems = check() if "--check" in sys.argv[1:] else update()
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems." if problems else "Every string has its French.")
    return 1 if problems else 0


def update() -> list[str]:
    """Bring the catalogue in line with the code; return what is left to translate."""
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    collect()
    catalogue = polib.pofile(str(CATALOGUE))
    catalogue.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))
    return _unfinished(catalogue)


def check() -> list[str]:
    """What differs between the code, the catalogue and its compiled form. The files are left as they were."""
    kept = CATALOGUE.read_bytes()
    before = polib.pofile(str(CATALOGUE))
    try:
        collect()
        after = polib.pofile(str(CATALOGUE))
    finally:
        CATALOGUE.write_bytes(kept)
    known = {(entry.msgctxt, entry.msgid) for entry in before if not entry.obsolete}
    missing = [f"not in the catalogue: {entry.msgid!r}" for entry in after if (entry.msgctxt, entry.msgid) not in known]
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))
    if {_content(entry) for entry in compiled} != {_content(entry) for entry in before.translated_entries()}:
        missing.append("the compiled catalogue is not the one in the .po file: run python -m config.translations")
    return missing + _unfinished(before)


def collect() -> None:
    call_command(
        "makemessages",
        locale=["fr_CA"],
        ignore_patterns=IGNORED,
        no_location=True,
        no_wrap=True,
        no_obsolete=True,
        verbosity=0,
    )


def _unfinished(catalogue: polib.POFile) -> list[str]:
    missing = [f"not translated: {entry.msgid!r}" for entry in catalogue.untranslated_entries()]
    return missing + [f"fuzzy: {entry.msgid!r}" for entry in catalogue.fuzzy_entries()]


def _content(entry: polib.MOEntry | polib.POEntry) -> tuple[object, ...]:
    return entry.msgctxt, entry.msgid, entry.msgstr, tuple(sorted(entry.msgstr_plural.items()))


if __name__ == "__main__":
    sys.exit(main())
