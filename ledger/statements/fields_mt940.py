"""The fields of an MT940 file with the line each begins in: `:61:2411…` is field 61.

A field goes on in the lines below it that begin with no tag. `-` ends a statement; what stands between one statement
and the next (headers of banks and of SWIFT) is no field.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TAG = re.compile(r"^:(?P<tag>\d{2}[A-Z]?|NS):(?P<rest>.*)$", re.DOTALL)
_NEWLINE = re.compile(r"\r\n|\r|\n")
_OTHER_TAG = re.compile(r"^:\d{3}:")
_END = re.compile(r"^-(?:\}.*|XXX)?\s*$")
WIDTH = 65
"""Banks break a text here, in the middle of a word if need be."""


@dataclass(frozen=True, slots=True)
class Field:
    tag: str
    lines: tuple[str, ...]
    at_line: int

    @property
    def first(self) -> str:
        return self.lines[0].strip()

    @property
    def value(self) -> str:
        return "\n".join(line.rstrip() for line in self.lines).strip()


def fields_of(text: str) -> list[Field]:
    """All fields of the text in their order."""
    return list(_fields(text))


def _fields(text: str) -> Iterator[Field]:
    lines: list[str] = []
    tag, began, inside = "", 0, False
    for number, line in enumerate(_NEWLINE.split(text), start=1):
        found = _TAG.match(line)
        if found or _END.match(line) or _OTHER_TAG.match(line):
            if tag:
                yield Field(tag, tuple(lines), began)
            tag, lines, began = (found["tag"], [found["rest"]], number) if found else ("", [], 0)
            inside = bool(found)
        elif inside and (line.strip() or tag == "86"):
            lines.append(line)
    if tag:
        yield Field(tag, tuple(lines), began)


def blocks_of(fields: list[Field]) -> list[list[Field]]:
    """The fields of each statement: a field 20 begins one."""
    blocks: list[list[Field]] = []
    for field in fields:
        if field.tag == "20" or not blocks:
            blocks.append([])
        blocks[-1].append(field)
    return blocks


def joined(lines: tuple[str, ...]) -> str:
    """A free text as it was before the bank broke it: full lines are joined without a space, shorter ones with one."""
    text, width = "", 0
    for line in lines:
        text += line if not text or width >= WIDTH else f" {line.lstrip()}"
        width = len(line) + (0 if width else len(":86:"))
    return " ".join(text.split())
