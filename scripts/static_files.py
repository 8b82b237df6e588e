"""Gather static files for the web server, without what no page uses: source maps, a second API browser, extensions."""

from __future__ import annotations

import subprocess
import sys
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UNUSED = ("*.js.map", "redoc", "ext")  # "redoc" lies in drf_spectacular_sidecar, "ext" in django_htmx
GATHER = (
    "collectstatic",
    "--no-input",
    "--verbosity=0",
    *chain.from_iterable(("--ignore", pattern) for pattern in UNUSED),
)

if __name__ == "__main__":
    sys.exit(subprocess.run([sys.executable, "manage.py", *GATHER], cwd=ROOT, check=False).returncode)
