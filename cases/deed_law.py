"""Which countries enforce a notarial deed without a lawsuit: data of `cases/data/deeds.yaml`, checked on reading."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from django.conf import settings

_FILE = Path(__file__).resolve().parent / "data" / "deeds.yaml"


@dataclass(frozen=True)
class DeedLaw:
    """The country's term, the language of its notaries, the rule, and the proceedings the deed opens."""

    country: str
    name: str
    language: str
    source: str
    opens: tuple[str, ...]


@cache
def _all() -> dict[str, DeedLaw]:
    raw = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    spoken = {code for code, _name in settings.LANGUAGES}
    found = {}
    for country, one in raw.items():
        if one["language"] not in spoken or not (one["source"] and one["opens"]):
            raise ValueError(f"deeds.yaml: {country} is not whole")
        found[country] = DeedLaw(country, one["name"], one["language"], one["source"], tuple(one["opens"]))
    return found


def law_of(jurisdiction: str) -> DeedLaw | None:
    """The rule of the country the jurisdiction lies in; None where no way past the lawsuit is known."""
    return _all().get(jurisdiction.partition("-")[0])


def countries() -> list[str]:
    return list(_all())
