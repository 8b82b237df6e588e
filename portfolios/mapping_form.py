"""The mapping page's form: from what a person chose to a spec, and from a spec to what the page shows."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from portfolios.cells import DAY_ORDERS
from portfolios.fields import EXTRA, FIELDS, GROUPS, IGNORE
from portfolios.mapping import Column, Spec, needs_dates, needs_mark

READING = ("encoding", "delimiter", "sheet", "model")
DAY_LABELS = {
    "DMY": "31.12.2026", "MDY": "12/31/2026", "YMD": "2026-12-31", "YYMMDD": "261231", "DDMMYY": "311226",
    "YYYYMMDD": "20261231", "DDMMYYYY": "31122026",
}  # fmt: skip


def spec_of_form(data: QueryDict, header: list[str], before: Spec) -> Spec:
    """Build a spec from the posted form; what the form does not show is kept from `before`."""
    columns = []
    for position, name in enumerate(header):
        to = data.get(f"to-{position}", "")
        meaning = FIELDS.get(to)
        columns.append(
            Column(
                name, to,
                dates=data.get(f"dates-{position}", "") if needs_dates(meaning) else "",
                decimal=data.get(f"decimal-{position}", "") if needs_mark(meaning) else "",
            )
        )  # fmt: skip
    return Spec(
        columns=tuple(columns),
        constants=_pairs(data.get("constants", "")),
        templates=_pairs(data.get("templates", "")),
        value_maps=_nested(data.get("value_maps", "")),
        only={name: words.split("|") for name, words in _pairs(data.get("only", "")).items()},
        as_of=data.get("as_of", ""),
        negate=before.negate,
        rest=data.get("rest", ""),
        reading={name: data.get(name, "") for name in READING if data.get(name)},
    )


def rows_of(spec: Spec, detected: dict[str, Any], questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One entry per column for the page: name, samples, meaning, conventions, and the question about it."""
    chosen = {column.column: column for column in spec.columns}
    asked = {question["column"]: question for question in questions}
    unnamed = set(detected.get("unnamed", ()))
    shown = []
    for position, name in enumerate(detected["header"]):
        column = chosen.get(name, Column(name))
        meaning = FIELDS.get(column.to)
        shown.append(
            {
                "position": position, "name": name, "column": column, "unnamed": position in unnamed,
                "samples": detected.get("samples", {}).get(name, []), "filled": detected.get("filled", {}).get(name, 0),
                "question": asked.get(name), "dates": needs_dates(meaning), "decimal": needs_mark(meaning),
            }
        )  # fmt: skip
    return shown


def meanings() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """Groups of (field, label) for the selects."""
    grouped = [
        (label, [(field.name, field.label) for field in FIELDS.values() if field.group == group])
        for group, label in GROUPS.items()
    ]
    return [(_("No field of ours"), [(EXTRA, _("Keep beside the case")), (IGNORE, _("Leave out"))]), *grouped]


def day_orders() -> list[tuple[str, str]]:
    return [(order, DAY_LABELS[order]) for order in DAY_ORDERS]


def lines_of(spec: Spec) -> dict[str, str]:
    """The rules that are shown as lines of text."""
    return {
        "constants": _lines(spec.constants),
        "templates": _lines(spec.templates),
        "value_maps": "\n".join(f"{n}: {w} = {c}" for n, words in spec.value_maps.items() for w, c in words.items()),
        "only": "\n".join(f"{name} = {'|'.join(words)}" for name, words in spec.only.items()),
    }


def _lines(pairs: Any) -> str:
    return "\n".join(f"{name} = {value}" for name, value in pairs.items())


def _pairs(text: str) -> dict[str, str]:
    found = (line.partition("=") for line in text.splitlines() if "=" in line)
    return {name.strip(): value.strip() for name, _mark, value in found}


def _nested(text: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for line in text.splitlines():
        name, mark, rest = line.partition(":")
        word, equals, code = rest.rpartition("=")
        if mark and equals:
            found.setdefault(name.strip(), {})[word.strip()] = code.strip()
    return found
