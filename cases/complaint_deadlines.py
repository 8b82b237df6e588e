"""Until when a complaint is answered: by country and kind, from `data/complaint_deadlines.yaml`."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

_FILE = Path(__file__).resolve().parent / "data" / "complaint_deadlines.yaml"
OWN_RULE = "agency's rule"


@dataclass(frozen=True)
class Deadline:
    """The last day, and the rule it follows from ("" where a person entered the day)."""

    on: date
    source: str


def deadline(received_on: date, *, jurisdiction: str, kind: str) -> Deadline:
    """The last day on which a complaint received on `received_on` is answered in time."""
    rule = _rule(jurisdiction.partition("-")[0], kind)
    return Deadline(_later(received_on, rule["count"], rule["unit"]), rule["source"])


def source_label(source: str) -> str:
    """The rule for people: laws by their name, our own rule in the reader's language."""
    return _("agency's rule") if source == OWN_RULE else source or _("day entered by hand")


def _rule(country: str, kind: str) -> dict[str, Any]:
    rules = _rules()
    own = rules.get(country, {}) if country != "members" else {}
    union = rules["EU"] if country in rules["members"] else {}
    found: dict[str, Any] = own.get(kind) or own.get("any") or union.get(kind) or rules["default"]
    return found


@cache
def _rules() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return loaded


def _later(day: date, count: int, unit: str) -> date:
    """`count` days, weeks or months later; a month without that day ends the period on its last day."""
    if unit != "months":
        return day + timedelta(days=count * {"days": 1, "weeks": 7}[unit])
    years, month = divmod(day.month - 1 + count, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
