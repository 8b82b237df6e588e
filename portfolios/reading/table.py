"""The shapes that readers give."""

from dataclasses import asdict, dataclass, field
from typing import Any

Cells = list[str]


class Typed(str):
    """A cell whose file says what it is: a plain decimal, an ISO day, or "true"/"false"."""

    __slots__ = ()


@dataclass(frozen=True)
class Detected:
    """What a file is and where its table begins. `header_row` counts lines from 1; 0 = the file has no header.

    `hints` are notices for people, as {"code", …}; `encodings` are other readings of the bytes, likeliest first.
    """

    format: str
    encoding: str = ""
    encodings: list[str] = field(default_factory=list)
    delimiter: str = ""
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)
    model: str = ""
    models: dict[str, int] = field(default_factory=dict)
    header_row: int = 1
    header: list[str] = field(default_factory=list)
    unnamed: list[int] = field(default_factory=list)
    label: str = ""
    hints: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_json(cls, data: dict[str, Any]) -> "Detected":
        return cls(**{key: value for key, value in data.items() if key in cls.__dataclass_fields__})


def named_header(cells: Cells, width: int) -> tuple[list[str], list[int]]:
    """Distinct names for `width` columns, and the positions of those that had none."""
    names: list[str] = []
    unnamed: list[int] = []
    seen: dict[str, int] = {}
    for position in range(width):
        name = " ".join(cells[position].split())[:120] if position < len(cells) else ""
        if not name:
            unnamed.append(position)
            name = f"#{position + 1}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names, unnamed


def is_blank(cells: Cells) -> bool:
    return not any(cell and not cell.isspace() for cell in cells)
