"""Charts drawn on the server as plain SVG in the page's own colours: printable, readable without script.

Every mark leads to its rows. Labels are HTML, so they keep their size on any screen; each chart carries its numbers
as a table.

No inline style is used (the content security policy forbids it): geometry is in SVG attributes, colour in classes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from babel.numbers import format_compact_decimal, format_decimal
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

Row = Mapping[str, Any]
Link = Callable[[Row], str]
Text = str | Promise
COLOURS = 7


@dataclass(frozen=True)
class Cell:
    """One number of the table under the chart, with the address of the rows behind it ("" for none)."""

    value: str
    url: str = ""


@dataclass(frozen=True)
class Chart:
    """What `parts/chart.html` shows: the drawing, a legend (class, name) and the table."""

    title: Text
    unit: str
    kind: str
    drawing: SafeString
    series: Sequence[tuple[str, Text]] = ()
    columns: Sequence[Text] = ()
    table: Sequence[tuple[Text, Sequence[Cell]]] = ()
    first: Text = ""
    last: Text = ""
    top: str = ""
    empty: bool = False


@dataclass
class _Grid:
    """Rows arranged by x and series, in the order of their first appearance."""

    xs: list[Any] = field(default_factory=list)
    names: list[Any] = field(default_factory=list)
    rows: dict[tuple[Any, Any], Row] = field(default_factory=dict)
    value: str = ""

    def at(self, x: Any, name: Any) -> Decimal:
        row = self.rows.get((x, name))
        return Decimal(row[self.value] or 0) if row else Decimal(0)

    def total(self, x: Any) -> Decimal:
        return sum((self.at(x, name) for name in self.names), Decimal(0))


def bar_chart(
    rows: Iterable[Row],
    *,
    x: str,
    y: str,
    series: str | None = None,
    title: Text,
    unit: str = "",
    links: Link | None = None,
) -> Chart:
    """Horizontal bars, one per category, stacked by `series` when given. For categories with names to read.

    Args:
        x, y, series: members of a row: its category (text), its number, and the part of the bar it is.
        unit: a currency code, or "" for a count.
        links: gives the address of the rows behind one mark.
    """
    grid = _arrange(rows, x, y, series)
    longest = max((grid.total(each) for each in grid.xs), default=Decimal(0))
    lines = (
        (_label(grid, each, links), _bar(grid, each, longest, links), _number(grid.total(each), unit))
        for each in grid.xs
    )
    drawing = format_html(
        '<ul class="bars" role="list">{}</ul>',
        format_html_join("", '<li><span class="bar-label">{}</span>{}<b class="bar-value">{}</b></li>', lines),
    )
    return _chart("bars", grid, drawing, title, unit, links, longest)


def column_chart(
    rows: Iterable[Row],
    *,
    x: str,
    y: str,
    series: str | None = None,
    title: Text,
    unit: str = "",
    links: Link | None = None,
) -> Chart:
    """Vertical columns along time, stacked by `series` when given; arguments as in `bar_chart`."""
    grid = _arrange(rows, x, y, series)
    top = max((grid.total(each) for each in grid.xs), default=Decimal(0))
    step = 100 / max(len(grid.xs), 1)
    marks: list[SafeString] = []
    for i, each in enumerate(grid.xs):
        base = 100.0
        for n, name in enumerate(grid.names):
            height = _share(grid.at(each, name), top)
            base -= height
            if height:
                spot = format_html(
                    '<rect class="mark c{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>',
                    n % COLOURS, _n(i * step + step * 0.12), _n(base), _n(step * 0.76), _n(height),
                    _tip(grid, each, name, unit),
                )  # fmt: skip
                marks.append(_around(spot, grid.rows[each, name], links))
    return _chart("columns", grid, _plot(marks), title, unit, links, top)


def line_chart(
    rows: Iterable[Row],
    *,
    x: str,
    y: str,
    series: str | None = None,
    title: Text,
    unit: str = "",
    links: Link | None = None,
) -> Chart:
    """One line per series along time; arguments as in `bar_chart`."""
    grid = _arrange(rows, x, y, series)
    top = max((grid.at(each, name) for each in grid.xs for name in grid.names), default=Decimal(0))
    step = 100 / max(len(grid.xs) - 1, 1)
    marks = [
        format_html(
            '<polyline class="line c{}" vector-effect="non-scaling-stroke" points="{}"/>',
            n % COLOURS,
            " ".join(f"{_n(i * step)},{_n(100 - _share(grid.at(each, name), top))}" for i, each in enumerate(grid.xs)),
        )
        for n, name in enumerate(grid.names)
    ]
    return _chart("lines", grid, _plot(marks), title, unit, links, top)


def _arrange(rows: Iterable[Row], x: str, y: str, series: str | None) -> _Grid:
    grid = _Grid(value=y)
    for row in rows:
        at, name = row[x], row[series] if series else ""
        if at not in grid.xs:
            grid.xs.append(at)
        if name not in grid.names:
            grid.names.append(name)
        grid.rows[at, name] = row
    return grid


def _bar(grid: _Grid, x: Any, longest: Decimal, links: Link | None) -> SafeString:
    marks, start = [], 0.0
    for n, name in enumerate(grid.names):
        width = _share(grid.at(x, name), longest)
        if width:
            spot = format_html(
                '<rect class="mark c{}" x="{}" width="{}" height="1"><title>{}</title></rect>',
                n % COLOURS, _n(start), _n(width), _tip(grid, x, name, ""),
            )  # fmt: skip
            marks.append(_around(spot, grid.rows[x, name], links))
        start += width
    return format_html(
        '<svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true" focusable="false">{}</svg>',
        format_html_join("", "{}", ((mark,) for mark in marks)),
    )


def _plot(marks: Sequence[SafeString]) -> SafeString:
    rules = format_html_join(
        "", '<path class="axis" vector-effect="non-scaling-stroke" d="M0 {}H100"/>', ((n,) for n in (0, 50, 100))
    )
    return format_html(
        '<svg class="plot" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true"'
        ' focusable="false">{}{}</svg>',
        rules,
        format_html_join("", "{}", ((mark,) for mark in marks)),
    )


def _chart(
    kind: str, grid: _Grid, drawing: SafeString, title: Text, unit: str, links: Link | None, top: Decimal
) -> Chart:
    several = len(grid.names) > 1
    return Chart(
        title=title,
        unit=unit,
        kind=kind,
        drawing=drawing,
        series=[(f"c{n % COLOURS}", name) for n, name in enumerate(grid.names)] if several else [],
        columns=grid.names if several else [unit or ""],
        table=[(each, [_cell(grid, each, name, unit, links) for name in grid.names]) for each in grid.xs],
        first=grid.xs[0] if grid.xs else "",
        last=grid.xs[-1] if len(grid.xs) > 1 else "",
        top=format_compact_decimal(top, locale=_locale(), fraction_digits=1),
        empty=not top,
    )


def _cell(grid: _Grid, x: Any, name: Any, unit: str, links: Link | None) -> Cell:
    row = grid.rows.get((x, name))
    return Cell(_number(grid.at(x, name), "", cents=_is_money(unit)), links(row) if links and row else "")


def _label(grid: _Grid, x: Any, links: Link | None) -> Any:
    """The name of a bar; a link when the bar is one mark."""
    if links is None or len(grid.names) > 1:
        return x
    return format_html('<a href="{}">{}</a>', links(grid.rows[x, grid.names[0]]), x)


def _around(mark: SafeString, row: Row, links: Link | None) -> SafeString:
    """A mark as a link. The keyboard finds the same links in the table, so marks are no stops of the tab key."""
    return format_html('<a href="{}" tabindex="-1">{}</a>', links(row), mark) if links else mark


def _tip(grid: _Grid, x: Any, name: Any, unit: str) -> str:
    return " · ".join(str(part) for part in (x, name, _number(grid.at(x, name), unit)) if str(part))


def _share(value: Decimal, of: Decimal) -> float:
    return float(max(value, Decimal(0)) / of * 100) if of else 0.0


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _is_money(unit: str) -> bool:
    """Whether the unit is a currency: money always shows its cents, so that a column of sums lines up."""
    return len(unit) == 3 and unit.isupper()


def _number(value: Decimal, unit: str, *, cents: bool = False) -> str:
    whole = value == value.to_integral_value() and not cents and not _is_money(unit)
    shown = str(format_decimal(value, format="#,##0" if whole else "#,##0.00", locale=_locale()))
    return f"{shown} {unit}" if unit else shown


def _locale() -> str:
    return (get_language() or "en").split("-")[0]
