"""JSON Lines (streamed), JSON arrays of objects, and Django fixtures ({"model", "pk", "fields"}).

Nested objects are flattened with dots. In a fixture one model's records are the rows; a field whose values are keys of
another model is followed once, so a loan brings its counterparty's fields along as `field.name`.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from portfolios.reading.refusal import FileRefused
from portfolios.reading.sheets import text_of
from portfolios.reading.table import Cells

MAX_ARRAY = 64 * 1024 * 1024
MAX_LINE = 1_000_000
MAX_DEPTH = 6
MAX_COLUMNS = 500
Record = dict[str, str]


def is_array(path: Path) -> bool:
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        return file.read(4096).lstrip().startswith("[")


def json_lines(path: Path) -> Iterator[tuple[int, Record]]:
    """Stream (line, flattened object).

    Raises:
        FileRefused: a line that is no JSON object, with its row and column.
    """
    with path.open(encoding="utf-8-sig", newline="\n") as file:
        line = 0
        while True:
            try:
                text = file.readline(MAX_LINE + 1)
            except UnicodeDecodeError as error:
                raise FileRefused(_("JSON must be UTF-8."), reason="wrong_encoding", row=line + 1) from error
            if not text:
                return
            line += 1
            if len(text) > MAX_LINE:
                raise FileRefused(_("Row %(row)s is too long.") % {"row": line}, reason="cell_too_long", row=line)
            if text.strip():
                yield line, _flat(_object(text, line), line)


def records_of_array(path: Path) -> list[dict[str, Any]]:
    """All objects of a JSON array.

    Raises:
        FileRefused: broken JSON (with row and column), something else than objects, or more than 64 MB.
    """
    if path.stat().st_size > MAX_ARRAY:
        raise FileRefused(
            _("A JSON array may have up to %(most)s MB; send JSON Lines instead.")
            % {"most": MAX_ARRAY // (1024 * 1024)},
            reason="too_large",
        )
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        raise _broken(error, error.lineno) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise FileRefused(_("The JSON cannot be read."), reason="broken_json") from error
    if not isinstance(data, list):
        raise FileRefused(_("The JSON is not a list of objects."), reason="broken_json")
    for index, record in enumerate(data, 1):
        if not isinstance(record, dict):
            raise FileRefused(_("Entry %(row)s is not an object.") % {"row": index}, reason="broken_json", row=index)
    return data


def is_fixture(records: list[dict[str, Any]]) -> bool:
    return bool(records) and all({"model", "fields"} <= record.keys() for record in records)


def models_of(records: list[dict[str, Any]]) -> dict[str, int]:
    """How many records each model of a fixture has, the likeliest to be debts first."""
    counts = Counter(str(record["model"]) for record in records)
    wanted = ("loan", "receivable", "debt", "invoice", "case", "contract")
    return dict(
        sorted(counts.items(), key=lambda item: (not any(word in item[0] for word in wanted), -item[1], item[0]))
    )


def array_rows(records: list[dict[str, Any]], model: str = "") -> Iterator[tuple[int, Record]]:
    """(Position in the array, flattened object); of one model, with what it points to, in a fixture."""
    if not model:
        for index, record in enumerate(records, 1):
            yield index, _flat(record, index)
        return
    by_model: dict[str, dict[str, dict[str, Any]]] = {}
    for record in records:
        by_model.setdefault(str(record["model"]), {})[str(record.get("pk"))] = record["fields"]
    pointers = _pointers(by_model, model)
    for index, record in enumerate(records, 1):
        if record["model"] == model:
            fields = {"pk": record.get("pk"), **record["fields"]}
            for name, target in pointers.items():
                fields[f"{name}>"] = by_model[target].get(str(fields.get(name)), {})
            yield index, _flat(fields, index)


def _pointers(by_model: dict[str, dict[str, dict[str, Any]]], model: str) -> dict[str, str]:
    """Field -> model it points to: every value is a key there, and the field's name begins with the model's."""
    found: dict[str, str] = {}
    records = list(by_model.get(model, {}).values())
    for other, targets in by_model.items():
        word = other.rpartition(".")[2]
        for name in records[0] if records and other != model else ():
            values = {str(record.get(name)) for record in records if record.get(name) is not None}
            if name.startswith(word) and values and values <= targets.keys():
                found[name] = other
    return found


def table_of(records: Iterable[tuple[int, Record]], header: list[str]) -> Iterator[tuple[int, Cells]]:
    """Cells in the order of `header`; members nobody saw before follow as `name: value` cells of unnamed columns."""
    known = dict.fromkeys(header)
    for line, record in records:
        cells = [record.get(name, "") for name in header]
        if len(record) > len(header) or not record.keys() <= known.keys():
            cells += [f"{name}: {value}" for name, value in record.items() if name not in known and value]
        yield line, cells


def header_of(records: Iterable[tuple[int, Record]], look_at: int) -> list[str]:
    """Member names in order of appearance over the first `look_at` records."""
    names: dict[str, None] = {}
    for count, (line, record) in enumerate(records, 1):
        names.update(dict.fromkeys(record))
        if len(names) > MAX_COLUMNS:
            raise FileRefused(_("Row %(row)s has too many members.") % {"row": line}, reason="too_wide", row=line)
        if count >= look_at:
            break
    return list(names)


def _object(text: str, line: int) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise _broken(error, line) from error
    except RecursionError as error:
        raise FileRefused(_("Row %(row)s is nested too deep.") % {"row": line}, reason="too_deep", row=line) from error
    if not isinstance(value, dict):
        raise FileRefused(_("Row %(row)s is not a JSON object.") % {"row": line}, reason="broken_json", row=line)
    return value


def _broken(error: json.JSONDecodeError, line: int) -> FileRefused:
    return FileRefused(
        _("Row %(row)s, column %(column)s: this is not JSON; the file is cut off or damaged.")
        % {"row": line, "column": error.colno},
        reason="broken_json", row=line, column=error.colno,
    )  # fmt: skip


def _flat(value: dict[str, Any], line: int, prefix: str = "", depth: int = 1) -> Record:
    if depth > MAX_DEPTH:
        raise FileRefused(_("Row %(row)s is nested too deep.") % {"row": line}, reason="too_deep", row=line)
    flat: Record = {}
    for key, inner in value.items():
        name = f"{prefix}{key}".replace("\0", "")
        if isinstance(inner, dict):
            flat.update(_flat(inner, line, name if name.endswith(">") else f"{name}.", depth + 1))
        elif isinstance(inner, list):
            flat[name] = _listed(inner)
        else:
            flat[name] = text_of(inner)
    return flat


def _listed(values: list[Any]) -> str:
    if all(not isinstance(value, dict | list) for value in values):
        return "; ".join(text_of(value) for value in values if value is not None)
    return json.dumps(values, ensure_ascii=False)[:10_000]
