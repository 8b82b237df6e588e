"""Translations: `compile` what changed (needs Babel alone), or `extract` new sentences (needs Debian's gettext)."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("en", "ro", "it", "cs", "lt")
NOT_OURS = (".venv", "var")


def catalogues() -> list[Path]:
    """Every translation file of the product."""
    found = ROOT.glob("**/locale/*/LC_MESSAGES/*.po")
    return sorted(path for path in found if path.relative_to(ROOT).parts[0] not in NOT_OURS)


def compile_changed() -> int:
    """Write the .mo beside each .po that is newer. Doubtful (fuzzy) sentences are left out."""
    written = 0
    for source in catalogues():
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        language = source.parents[1].name
        try:
            with source.open("rb") as content:
                catalogue = read_po(content, locale=language, abort_invalid=True)
        except PoFileError as error:
            print(f"{source.relative_to(ROOT)}: {error}", file=sys.stderr)
            return 1
        fresh = target.with_suffix(".mo.new")
        with fresh.open("wb") as output:
            write_mo(output, catalogue)
        fresh.replace(target)
        written += 1
    print(f"compiled {written}" if written else "up to date")
    return 0


def extract() -> int:
    """Bring the catalogues in step with the sentences in code and templates."""
    command = [sys.executable, "manage.py", "makemessages", "--no-obsolete", "--add-location=file"]
    for language in LANGUAGES:
        command += ["--locale", language]
    for folder in (*NOT_OURS, "tests", "docs", "requirements"):
        command += ["--ignore", f"{folder}/*"]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def main() -> int:
    """Do what the command line asks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", choices=["compile", "extract"])
    return compile_changed() if parser.parse_args().task == "compile" else extract()


if __name__ == "__main__":
    sys.exit(main())
