"""Which proceedings a country knows and their steps: data of `legal/data/proceedings.yaml`, checked on reading."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from jurisdictions.intent import HolidayOverride
from legal.deadlines import deadline, deadline_in_months
from legal.proceeding_words import KINDS, STEPS

_FILE = Path(__file__).resolve().parent / "data" / "proceedings.yaml"
UNITS = frozenset({"calendar", "working", "free"})


class RulesAreNotWhole(ValueError):
    """The data name a step, a kind or a unit that nobody knows."""


DEBTORS_TIME = frozenset(
    {
        "SUMMONS_PERIOD_OVER", "DEFENCE_PERIOD_OVER", "OBJECTION_PERIOD_OVER", "ANNULMENT_PERIOD_OVER",
        "DEMAND_PERIOD_OVER", "VOLUNTARY_PERIOD_OVER", "CONTEST_PERIOD_OVER",
    }
)  # fmt: skip
"""Periods that only the debtor can let pass: looking a day later loses nothing."""


@dataclass(frozen=True)
class Otherwise:
    """So many months from another step, where the one that a period begins with was left out."""

    after: str
    months: int
    source: str


@dataclass(frozen=True)
class Step:
    """One step. `days` None: no rule known here fixes its day, a person enters it. `act`: stops with the case.

    `court`: a court or a bailiff sets its day. `optional`: it may be left out, so the next step can be reported without
    it. `unsure`: a lawyer of the country has yet to confirm the period.
    """

    code: str
    after: str = ""
    days: int | None = None
    unit: str = "calendar"
    pause: bool = False
    act: bool = False
    optional: bool = False
    court: bool = False
    unsure: bool = False
    source: str = ""
    otherwise: Otherwise | None = None

    @property
    def label(self) -> str:
        return str(STEPS[self.code])

    @property
    def sources(self) -> str:
        return f"{self.source}; {self.otherwise.source}" if self.otherwise else self.source


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
        return [one for one in self.steps if one.after == code or (one.otherwise and one.otherwise.after == code)]

    def before(self, code: str) -> list[str]:
        """The steps that come before this one, the nearest first."""
        found, after = [], self.step(code).after
        while after:
            found.append(after)
            after = self.step(after).after
        return found

    def due(self, step: Step, done: Mapping[str, date], *, days_off: tuple[HolidayOverride, ...] = ()) -> date | None:
        """By when `step` must be done, from the days on which others were; None while no rule gives a day.

        `days_off`, which the agency adds to the calendar, move only the end of the debtor's own time: what would be
        lost by coming late is counted by the public calendar alone.
        """
        known = days_off if step.code in DEBTORS_TIME else ()
        ends = []
        if step.days is not None and step.after in done:
            ends.append(
                deadline(
                    done[step.after], step.days, unit=step.unit, country=self.country, roll=self.roll,
                    pause=step.pause, overrides=known,
                )
            )  # fmt: skip
        other = step.otherwise
        if other is not None and other.after in done:
            ends.append(
                deadline_in_months(
                    done[other.after], other.months, country=self.country, roll=self.roll, pause=step.pause,
                    overrides=known,
                )
            )  # fmt: skip
        return min(ends, default=None)


@cache
def _all() -> dict[str, dict[str, Kind]]:
    raw: dict[str, dict[str, Any]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {country: {kind.code: kind for kind in _kinds(country, one)} for country, one in raw.items()}


def _kinds(country: str, one: dict[str, Any]) -> list[Kind]:
    kinds = [
        Kind(
            code=kind["code"], name=kind["name"], source=kind["source"], country=country, roll=bool(one["roll"]),
            steps=tuple(_step(step) for step in kind["steps"]),
        )
        for kind in one["kinds"]
    ]  # fmt: skip
    for kind in kinds:
        _check(kind)
    return kinds


def _step(raw: dict[str, Any]) -> Step:
    other = raw.get("otherwise")
    return Step(**{**raw, "otherwise": Otherwise(**other) if other else None})


def _check(kind: Kind) -> None:
    seen: set[str] = set()
    for step in kind.steps:
        if step.code not in STEPS or step.unit not in UNITS or (step.after and step.after not in seen):
            raise RulesAreNotWhole(f"{kind.country} {kind.code} {step.code}")
        if step.days is not None and not (step.after and step.source):
            raise RulesAreNotWhole(f"{kind.country} {kind.code} {step.code} counts days without a start or a source")
        if step.otherwise and (step.otherwise.after not in seen or not step.otherwise.source):
            raise RulesAreNotWhole(f"{kind.country} {kind.code} {step.code} counts months without a start or a source")
        seen.add(step.code)
    if kind.code not in KINDS:
        raise RulesAreNotWhole(f"{kind.country} {kind.code}")


def countries() -> list[str]:
    return [country for country in _all() if country != "default"]


def kinds_of(country: str) -> list[Kind]:
    """Proceedings of the country; elsewhere a plain lawsuit and enforcement whose days are entered by hand."""
    return list((_all().get(country) or _all()["default"]).values())


def kind_of(country: str, code: str) -> Kind | None:
    return (_all().get(country) or _all()["default"]).get(code)
