"""Files as they come: every format, encoding and accident. What cannot be read is refused with row and column."""

import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from portfolios.reading import FileRefused, detect, rows

CZECH = "Číslo;Dlužník;Dluh\n1;Růžena Dvořáková;1 000,50\n2;Řehoř Ječný;5,00\n"
LITHUANIAN = "Nr;Skolininkas;Suma\n1;Rūta Žemaitytė;1000,50\n2;Šarūnas Ąžuolas;5,00\n3;Eglė Čiurlionytė;2\n"
ROMANIAN = "Nr;Debitor;Sold\n1;Ştefan Ţurcanu;1000,50\n2;Ana Bălănescu;5,00\n"
ITALIAN = "Nr;Debitore;Saldo\n1;Nicolò Città;1000,50\n2;Andrè Perché;5,00\n"


@pytest.fixture
def stored(tmp_path):
    def store(content: bytes, name: str = "file") -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return store


def read(path: Path) -> list[tuple[int, list[str]]]:
    return list(rows(path, detect(path)))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(CZECH, "cp1250"), (LITHUANIAN, "cp1257"), (ROMANIAN, "cp1250"), (ITALIAN, "cp1252"), (CZECH, "utf-8"),
     (LITHUANIAN, "utf-8-sig"), (ROMANIAN, "utf-16")],
)  # fmt: skip
def test_letters_come_out_right_in_every_encoding(stored, text, encoding):
    found = read(stored(text.encode(encoding)))
    assert [cells for _line, cells in found] == [line.split(";") for line in text.splitlines()[1:]]


def test_baltic_letters_are_not_taken_for_central_european_ones(stored):
    detected = detect(stored(LITHUANIAN.encode("cp1257")))
    assert detected.encoding == "cp1257"
    assert "cp1250" in detected.encodings or detected.encodings


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(stored, delimiter):
    text = f"a{delimiter}b{delimiter}c\n1{delimiter}x y{delimiter}3\n"
    assert detect(stored(text.encode())).delimiter == delimiter


def test_a_quoted_cell_may_hold_line_breaks_and_delimiters(stored):
    found = read(stored(b'no;name;sum\r\n1;"two\r\nlines; and more";3\r\n2;x;4\r\n'))
    assert found == [(2, ["1", "two\r\nlines; and more", "3"]), (4, ["2", "x", "4"])]


def test_a_batch_label_above_the_header_is_set_aside(stored):
    detected = detect(stored(b"Lot 7 / noiembrie;;\n;;\nContract;Debitor;Sold\n1;Ana;5,00\n"))
    assert (detected.header_row, detected.label) == (3, "Lot 7 / noiembrie")
    assert detected.header == ["Contract", "Debitor", "Sold"]


def test_blank_rows_are_left_out_and_lines_keep_their_numbers(stored):
    found = read(stored(b"no;name\n1;a\n;\n\n2;b\n;\n;\n"))
    assert [line for line, _cells in found] == [2, 5]


def test_text_in_an_unnamed_column_keeps_its_place(stored):
    detected = detect(stored(b"no;name;\n1;a;remark\n2;b;\n"))
    assert (detected.header, detected.unnamed) == (["no", "name", "#3"], [2])


def test_doubled_column_names_are_told_apart(stored):
    assert detect(stored(b"no;tel;tel\n1;2x;3y\n")).header == ["no", "tel", "tel (2)"]


def test_a_file_without_a_header_is_told(stored):
    detected = detect(stored(b"1001;Ana;5,00\n1002;Ion;6,00\n"))
    assert (detected.header_row, len(read(stored(b"1001;Ana;5,00\n1002;Ion;6,00\n")))) == (0, 2)
    assert {"code": "no_header"} in detected.hints


def test_a_missing_last_line_break_is_told(stored):
    assert {"code": "no_final_line_break"} in detect(stored(b"no;name\n1;a\n2;b")).hints


def workbook(*, second_sheet: bool = True) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.append(["Contract", "Telefon", "Sold", "Scadent"])
    sheet.append(["A1", 37369123456, -1234.5600000000001, date(2026, 1, 31)])
    sheet.append([None, None, None, None])
    sheet.append(["A2", 69123456, -5, date(2026, 2, 1)])
    if second_sheet:
        book.create_sheet("Foaie2")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_spreadsheets_numbers_and_days_need_no_guessing(stored):
    path = stored(workbook())
    found = read(path)
    assert [cells[1] for _line, cells in found] == ["37369123456", "69123456"]
    assert found[0][1][3] == "2026-01-31"
    assert {"code": "empty_sheets", "text": "Foaie2"} in detect(path).hints


def test_json_lines_are_flattened_with_dots(stored):
    lines = [{"no": 1, "who": {"name": "Ana", "tels": ["1", "2"]}}, {"no": 2, "who": {"name": "Ion"}, "new": True}]
    path = stored("".join(json.dumps(line) + "\n" for line in lines).encode())
    assert detect(path).header == ["no", "who.name", "who.tels", "new"]
    assert read(path)[0] == (1, ["1", "Ana", "1; 2", ""])


def refused(path: Path) -> dict:
    with pytest.raises(FileRefused) as caught:
        list(rows(path, detect(path)))
    return caught.value.as_problem()


def test_a_quote_that_never_closes_is_refused_with_its_row(stored):
    problem = refused(stored(b'no;name\n1;a\n2;"open\n3;c\n'))
    assert (problem["code"], problem["row"]) == ("truncated", 3)


def test_broken_json_is_refused_with_row_and_column(stored):
    problem = refused(stored(b'{"no": 1}\n{"no": 2, "na\n'))
    assert (problem["code"], problem["row"]) == ("broken_json", 2)
    assert problem["column"]


def test_json_nested_without_end_is_refused(stored):
    problem = refused(stored(b'{"a": ' * 50 + b"1" + b"}" * 50))
    assert problem["code"] == "too_deep"


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "empty"), (b"%PDF-1.7 ...", "wrong_type"), (b"\x89PNG\r\n", "wrong_type"), (b"MZ\x90\x00", "wrong_type"),
     (b"a;b\n1;\x00\x01\n", "not_text"), (b"no;name\n", "empty"), (b"<html><body>", "wrong_type")],
)  # fmt: skip
def test_what_is_no_table_is_refused(stored, content, code):
    assert refused(stored(content))["code"] == code


def test_a_cut_off_spreadsheet_is_refused(stored):
    assert refused(stored(workbook()[:-900]))["code"] == "truncated"


def test_a_spreadsheet_that_would_unpack_beyond_measure_is_not_opened(stored):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("xl/workbook.xml", b"<x/>")
        with container.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member:
            for _ in range(64):
                member.write(b"0" * (1 << 20))
    assert len(out.getvalue()) < 200_000
    assert refused(stored(out.getvalue()))["code"] == "bomb"


def test_an_archive_of_something_else_is_refused(stored):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        container.writestr("debts.csv", "a;b")
    assert refused(stored(out.getvalue()))["code"] == "wrong_type"


def test_a_cell_beyond_measure_is_refused(stored):
    assert refused(stored(b"no;name\n1;" + b"x" * 200_000 + b"\n"))["code"] == "cell_too_long"
