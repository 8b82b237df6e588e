"""`python -m bench [names] [--scale 1.0]`: run benches, print a table, write `var/bench.json`."""

import argparse
import importlib
import json
import os
import pkgutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import bench

ROOT = Path(__file__).resolve().parent.parent
_TOOLS = {"settings", "scratch", "web", "cases_made", "contacts_sender", "__main__"}


def names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(bench.__path__) if module.name not in _TOOLS)


def run_here(name: str, scale: float, target: Path) -> None:
    """Inside the child process: the scratch database is chosen by the environment."""
    import django

    django.setup()
    module = importlib.import_module(f"bench.{name}")
    target.write_text(json.dumps([asdict(figure) for figure in module.run(scale)]), encoding="utf-8")


def run_apart(name: str, scale: float) -> list[dict[str, Any]]:
    """Run one bench in a process and a scratch database of its own."""
    from bench import scratch

    with scratch.database(name) as database, tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "figures.json"
        environment = {**os.environ, "BENCH_DATABASE": database, "DJANGO_SETTINGS_MODULE": "bench.settings"}
        command = [sys.executable, "-m", "bench", name, "--scale", str(scale), "--into", str(target)]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        figures: list[dict[str, Any]] = json.loads(target.read_text(encoding="utf-8"))
    return figures


def table(figures: list[dict[str, Any]]) -> str:
    head = ("work", "limit", "limit figure", "ours", "ratio", "goal")
    rows = [
        (f["work"], f["limit_name"], _amount(f, "limit"), _amount(f, "ours"), f"{f['ratio']:.2f}", f["goal"])
        for f in figures
    ]
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in (head, *rows)]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def _amount(figure: dict[str, Any], which: str) -> str:
    return f"{figure[which]:,.1f} {figure['unit']}".strip()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"which benches: {', '.join(names())}")
    parser.add_argument("--scale", type=float, default=1.0, help="1.0 is the size the goals speak of")
    parser.add_argument("--part", default="", help="only this part of a bench that has parts: plan, send, letters")
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    os.environ["EMBEDDED_KIND"] = "test"
    if arguments.part:
        os.environ["BENCH_PART"] = arguments.part
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    unknown = set(arguments.names) - set(names())
    if unknown:
        parser.error(f"there is no bench {', '.join(sorted(unknown))}; there are {', '.join(names())}")
    if arguments.into:
        run_here(arguments.names[0], arguments.scale, arguments.into)
        return
    figures: list[dict[str, Any]] = []
    for name in arguments.names or names():
        started = time.monotonic()
        print(f"{name} …", file=sys.stderr, flush=True)
        figures += [{"bench": name, **figure} for figure in run_apart(name, arguments.scale)]
        print(f"{name}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    print(table(figures))
    target = ROOT / "var" / "bench.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps({"scale": arguments.scale, "figures": figures}, indent=1), encoding="utf-8")
    print(f"Written to {target.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
