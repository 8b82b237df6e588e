"""Which proceedings a country knows and their steps: data of `legal/data/proceedings.yaml`, checked on reading."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from legal.deadlines import deadline
from legal.proceeding_words import KINDS, STEPS

_FILE = Path(__file__).resolve().parent / "data" / "proceedings.yaml"
UNITS = frozenset({"calendar", "working", "free"})


class RulesAreNotWhole(ValueError):
    """The data name a step, a kind or a unit that nobody knows."""


@dataclass(frozen=True)
class Step:
    """One step. `days` None: no rule known here fixes its day, the court sets it. `act`: stops with the case.

    `optional`: a court may leave it out, so the next step can be reported without it.
    """

    code: str
    after: str = ""
    days: int | None = None
    unit: str = "calendar"
    pause: bool = False
    act: bool = False
    optional: bool = False
    source: str = ""

    @property
    def label(self) -> str:
        return str(STEPS[self.code])


@dataclass(frozen=True)
class Kind:
    """One proceeding: its code, the term of the country's law, its source, its steps in order."""

    code: str
    name: str
    source: str
    steps: tuple[Step, ...]
    country: str
    roll: bool

    @property
    def label(self) -> str:
        general = str(KINDS[self.code])
        return general if self.name.casefold() in ("", general.casefold()) else f"{general} ({self.name})"

    def step(self, code: str) -> Step:
        return next(step for step in self.steps if step.code == code)

    def followers(self, code: str) -> list[Step]:
        """The steps whose day is counted from this one."""
        return [step for step in self.steps if step.after == code]

    def before(self, code: str) -> list[str]:
        """The steps that come before this one, the nearest first."""
        found, after = [], self.step(code).after
        while after:
            found.append(after)
            after = self.step(after).after
        return found

    def due(self, step: Step, *, done_on: date) -> date | None:
        """By when `step` must be done after the step before it was done; None when the court sets it."""
        if step.days is None:
            return None
        return deadline(
            done_on, step.days, unit=step.unit, country=self.country, roll=self.roll, pause=step.pause
        )  # fmt: skip


@cache
def _all() -> dict[str, dict[str, Kind]]:
    raw: dict[str, dict[str, Any]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {country: {kind.code: kind for kind in _kinds(country, one)} for country, one in raw.items()}


def _kinds(country: str, one: dict[str, Any]) -> list[Kind]:
    kinds = [
        Kind(
            code=kind["code"], name=kind["name"], source=kind["source"], country=country, roll=bool(one["roll"]),
            steps=tuple(Step(**step) for step in kind["steps"]),
        )
        for kind in one["kinds"]
    ]  # fmt: skip
    for kind in kinds:
        _check(kind)
    return kinds


def _check(kind: Kind) -> None:
    seen: set[str] = set()
    for step in kind.steps:
        if step.code not in STEPS or step.unit not in UNITS or (step.after and step.after not in seen):
            raise RulesAreNotWhole(f"{kind.country} {kind.code} {step.code}")
        if step.days is not None and not (step.after and step.source):
            raise RulesAreNotWhole(f"{kind.country} {kind.code} {step.code} counts days without a start or a source")
        seen.add(step.code)
    if kind.code not in KINDS:
        raise RulesAreNotWhole(f"{kind.country} {kind.code}")


def countries() -> list[str]:
    return [country for country in _all() if country != "default"]


def kinds_of(country: str) -> list[Kind]:
    """Proceedings of the country; elsewhere a plain lawsuit and enforcement whose days the court sets."""
    return list((_all().get(country) or _all()["default"]).values())


def kind_of(country: str, code: str) -> Kind | None:
    return (_all().get(country) or _all()["default"]).get(code)
