"""The commands an operator types."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROMISED = {"demo", "demo-reset", "test", "check", "bench", "help", "shell", "lock", "messages", "doctor"}


def targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))


def test_help_lists_every_target() -> None:
    shown = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert set(re.findall(r"make ([a-z-]+) ", shown.stdout)) == targets()


def test_make_alone_shows_help() -> None:
    alone = subprocess.run(["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True)

    assert "make demo" in alone.stdout


def test_every_promised_command_exists() -> None:
    assert targets() >= PROMISED


def test_no_target_is_taken_for_a_file() -> None:
    phony = set(re.findall(r"^\.PHONY: ([a-z-]+)$", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))

    assert phony == targets()


def test_continuous_integration_runs_make_test_without_input() -> None:
    script = ROOT / ".ci" / "run"
    text = script.read_text()

    assert os.access(script, os.X_OK)
    assert text.startswith("#!/usr/bin/env bash")
    assert "set -eu" in text
    assert "make test </dev/null" in text
