"""Charts are drawn so that their geometry is the numbers and every mark leads to its rows."""

import re
from decimal import Decimal

from common.charts import bar_chart, column_chart, line_chart

STAGES = [{"stage": "Soft", "cases": 50, "code": "SOFT"}, {"stage": "Field", "cases": 100, "code": "FIELD"}]
DAYS = [
    {"day": "1 Nov", "sum": Decimal(30), "way": "Cash"},
    {"day": "1 Nov", "sum": Decimal(10), "way": "Bank"},
    {"day": "2 Nov", "sum": Decimal(80), "way": "Cash"},
]


def widths(svg: str) -> list[str]:
    return re.findall(r'<rect class="mark c\d" x="[\d.]+" width="([\d.]+)"', svg)


def test_the_longest_bar_is_full_and_others_keep_proportion() -> None:
    assert widths(bar_chart(STAGES, x="stage", y="cases", title="Cases").drawing) == ["50", "100"]


def test_every_bar_and_cell_leads_to_its_rows() -> None:
    chart = bar_chart(STAGES, x="stage", y="cases", title="Cases", links=lambda row: f"/cases/?stage={row['code']}")

    assert chart.drawing.count('href="/cases/?stage=SOFT"') == 2
    assert [cell.url for _label, cells in chart.table for cell in cells] == [
        "/cases/?stage=SOFT",
        "/cases/?stage=FIELD",
    ]


def test_columns_stack_their_series_up_to_the_highest_day() -> None:
    chart = column_chart(DAYS, x="day", y="sum", series="way", title="Recovered", unit="MDL")

    assert re.findall(r'y="([\d.]+)" width="[\d.]+" height="([\d.]+)"', chart.drawing) == [
        ("62.5", "37.5"), ("50", "12.5"), ("0", "100"),
    ]  # fmt: skip
    assert [name for _colour, name in chart.series] == ["Cash", "Bank"]


def test_a_day_without_a_series_counts_as_nothing_in_the_table() -> None:
    chart = column_chart(DAYS, x="day", y="sum", series="way", title="Recovered")

    assert [[cell.value for cell in cells] for _day, cells in chart.table] == [["30", "10"], ["80", "0"]]


def test_a_line_runs_from_edge_to_edge() -> None:
    chart = line_chart(DAYS, x="day", y="sum", series="way", title="Recovered")

    assert 'points="0,62.5 100,0"' in chart.drawing


def test_nothing_to_show_is_said() -> None:
    assert bar_chart([], x="stage", y="cases", title="Cases").empty
    assert column_chart([{"day": "1", "sum": 0}], x="day", y="sum", title="Sum").empty


def test_names_in_charts_cannot_carry_markup() -> None:
    chart = bar_chart([{"stage": "<b>x</b>", "cases": 1}], x="stage", y="cases", title="Cases")

    assert "<b>x</b>" not in chart.drawing


def test_no_style_attribute_is_written() -> None:
    drawings = [make(DAYS, x="day", y="sum", title="Sum").drawing for make in (bar_chart, column_chart, line_chart)]

    assert not any("style=" in drawing for drawing in drawings)
