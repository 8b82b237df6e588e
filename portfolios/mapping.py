"""A mapping's spec: what each column of a creditor's file means, and under which conventions it is written.

Stored as JSON in `Mapping.spec`, sent as JSON through the API, kept as JSON files in the tests:

    {"columns": [{"column": "Sold", "to": "total", "decimal": ","},
                 {"column": "Scadent", "to": "due_on", "dates": "DMY"},
                 {"column": "Grupa", "to": "extra"}, {"column": "x", "to": "ignore"}],
     "constants": {"currency": "MDL"},
     "templates": {"debtor_name": "{Nume} {Prenume}", "contract_no": "R-{line}"},
     "value_maps": {"status": {"B": "CLOSED"}},
     "only": {"Tip": ["credit"]},
     "as_of": "2026-11-01", "negate": ["total"], "rest": "interest",
     "reading": {"encoding": "cp1250", "delimiter": ";"}}

`constants` and `templates` give a field no column has. `only` leaves out rows with another word in a column. `as_of` is
the day the file speaks of, for days past due. `negate`: amounts the creditor writes as negative. `rest`: the bucket of
what the total says beyond its parts.
"""

from collections import Counter
from collections.abc import Mapping as MappingOf
from dataclasses import asdict, dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from common.folding import fold
from common.refusals import NotUnderstood
from portfolios.cells import DAY_ORDERS, DECIMAL_MARKS
from portfolios.fields import AMOUNTS, EXTRA, FIELDS, IGNORE, Field, Kind

MAX_TEMPLATE = 300


class MappingRefused(NotUnderstood):
    """The mapping cannot be used; `details["problems"]` lists why, each with its column."""

    field = "mapping"


@dataclass(frozen=True)
class Column:
    """One column of the file. `to`: a field's name, "extra", "ignore", or "" while nobody decided."""

    column: str
    to: str = ""
    dates: str = ""
    decimal: str = ""


@dataclass(frozen=True)
class Spec:
    columns: tuple[Column, ...] = ()
    constants: MappingOf[str, str] = field(default_factory=dict)
    templates: MappingOf[str, str] = field(default_factory=dict)
    value_maps: MappingOf[str, MappingOf[str, str]] = field(default_factory=dict)
    only: MappingOf[str, list[str]] = field(default_factory=dict)
    as_of: str = ""
    negate: tuple[str, ...] = ()
    rest: str = ""
    reading: MappingOf[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def given(self) -> set[str]:
        """Fields that some column, constant or template gives."""
        return {column.to for column in self.columns} | set(self.constants) | set(self.templates)

    def columns_of(self, name: str) -> list[str]:
        return [column.column for column in self.columns if column.to == name]


def spec_of(data: Any) -> Spec:
    """Read a spec from JSON.

    Raises:
        MappingRefused: not of the documented shape.
    """
    try:
        columns = tuple(
            Column(**{key: str(value) for key, value in column.items()}) for column in data.get("columns", ())
        )
        return Spec(
            columns=columns,
            constants={str(k): str(v) for k, v in data.get("constants", {}).items()},
            templates={str(k): str(v)[:MAX_TEMPLATE] for k, v in data.get("templates", {}).items()},
            value_maps={str(k): {str(a): str(b) for a, b in v.items()} for k, v in data.get("value_maps", {}).items()},
            only={str(k): [str(w) for w in v] for k, v in data.get("only", {}).items()},
            as_of=str(data.get("as_of") or ""),
            negate=tuple(str(name) for name in data.get("negate", ())),
            rest=str(data.get("rest") or ""),
            reading={str(k): str(v) for k, v in data.get("reading", {}).items() if v},
        )
    except (AttributeError, TypeError, ValueError) as error:
        raise MappingRefused(_("The mapping is not of the documented shape.")) from error


def fingerprint(header: list[str]) -> str:
    """Recognises the same kind of file next time: column names, whatever their case, accents and order."""
    return sha256("|".join(sorted(fold(name) or name for name in header)).encode()).hexdigest()


def problems_of(spec: Spec, header: list[str]) -> list[dict[str, str]]:
    """Why `spec` cannot be used on a file with this header; empty when it can. Each: {"code", "column", "sentence"}."""
    found: list[dict[str, str]] = []

    def tell(code: str, sentence: str, column: str = "") -> None:
        found.append({"code": code, "column": column, "sentence": sentence})

    known = {column.column: column for column in spec.columns}
    for name in header:
        if name not in known or not known[name].to:
            tell(
                "undecided", _("Say what column “%(column)s” means, keep it, or leave it out.") % {"column": name}, name
            )
    for column in spec.columns:
        _check_column(column, header, tell)
    _check_singles(spec, tell)
    _check_given(spec, header, tell)
    return found


def _check_column(column: Column, header: list[str], tell: Any) -> None:
    if column.column not in header:
        tell("no_such_column", _("The file has no column “%(column)s”.") % {"column": column.column}, column.column)
    meaning = FIELDS.get(column.to)
    if meaning is None and column.to not in (EXTRA, IGNORE, ""):
        tell("no_such_field", _("“%(field)s” is not a field.") % {"field": column.to}, column.column)
    if column.dates and column.dates not in DAY_ORDERS:
        tell("no_such_order", _("“%(order)s” is not an order of dates.") % {"order": column.dates}, column.column)
    if column.decimal and column.decimal not in DECIMAL_MARKS:
        tell("no_such_mark", _("“%(mark)s” is not a decimal mark.") % {"mark": column.decimal}, column.column)


def _check_singles(spec: Spec, tell: Any) -> None:
    counts = Counter(column.to for column in spec.columns if column.to in FIELDS)
    counts.update([*spec.constants, *spec.templates])
    for name, count in counts.items():
        meaning = FIELDS.get(name)
        if meaning is not None and count > 1 and not meaning.many:
            columns = ", ".join(spec.columns_of(name))
            tell(
                "twice",
                _("Two columns cannot both be “%(field)s”: %(columns)s.")
                % {"field": meaning.label, "columns": columns},
                spec.columns_of(name)[-1] if spec.columns_of(name) else "",
            )


def _check_given(spec: Spec, header: list[str], tell: Any) -> None:
    given = spec.given()
    for name in [*spec.constants, *spec.templates, *spec.negate]:
        if name not in FIELDS:
            tell("no_such_field", _("“%(field)s” is not a field.") % {"field": name})
    for name in spec.only:
        if name not in header:
            tell("no_such_column", _("The file has no column “%(column)s”.") % {"column": name}, name)
    if "contract_no" not in given:
        tell("missing", _("No column is the contract number."))
    if not given & {"debtor_name", "last_name"}:
        tell("missing", _("No column is the debtor's name."))
    if not given & {"total", *AMOUNTS}:
        tell("missing", _("No column says how much is owed."))
    if not given & {"due_on", "days_past_due"}:
        tell("missing", _("No column says since when it is past due."))
    if "overdue" in given and not given & {"maturity_on", "original_instalment"}:
        tell("missing", _("A part past due needs the instalment or the last due day, to know when the rest falls due."))
    if spec.rest and spec.rest not in AMOUNTS:
        tell("no_such_field", _("“%(field)s” is not a field.") % {"field": spec.rest})
    if spec.as_of and not _is_day(spec.as_of):
        tell("no_such_day", _("“%(day)s” is not a day.") % {"day": spec.as_of})


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def needs_dates(meaning: Field | None) -> bool:
    return meaning is not None and meaning.kind is Kind.DAY


def needs_mark(meaning: Field | None) -> bool:
    return meaning is not None and meaning.kind is Kind.AMOUNT
