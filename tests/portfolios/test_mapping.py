"""What columns mean: suggested by name and content, asked where the data are silent, never guessed or dropped."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debtors.models import NATIONAL_ID_COLUMN
from portfolios import persons, suggesting
from portfolios.cells import Unreadable, amount_of, day_of, marks_of, orders_of, settle
from portfolios.debts import dues_of, parts_of
from portfolios.fields import FIELDS
from portfolios.mapping import Column, Spec, fingerprint, problems_of
from portfolios.reading import detect
from portfolios.synonyms import SYNONYMS


@pytest.mark.parametrize(
    ("cell", "mark", "amount"),
    [("1.234,50", ",", "1234.50"), ("1,234.50", ".", "1234.50"), ("1 234,5", ",", "1234.50"), ("-12,00", ",", "-12.00"),
     ("(12.00)", ".", "-12.00"), ("12.00-", ".", "-12.00"), ("1'000.05", ".", "1000.05"), ("100 lei", ",", "100.00"),
     ("€ 5,25", ",", "5.25"), ("0.005", ".", "0.01")],
)  # fmt: skip
def test_amounts_are_read_under_their_mark(cell, mark, amount):
    assert amount_of(cell, mark) == Decimal(amount)


@pytest.mark.parametrize("cell", ["abc", "1.2.3", "", "NaN", "Infinity", "1e400", "9999999999999999"])
def test_what_is_no_amount_is_not_read(cell):
    with pytest.raises(Unreadable):
        amount_of(cell, ".")


def test_a_lone_group_of_three_says_nothing_about_the_mark():
    assert marks_of("1,234") == {".", ","}
    assert marks_of("1,23") == {","}
    assert marks_of("1.234,5") == {","}


def test_a_day_that_reads_two_ways_leaves_both_open():
    assert orders_of("03/04/2026") == {"DMY", "MDY"}
    assert orders_of("13/04/2026") == {"DMY"}
    assert orders_of("2026-04-03") == {"YMD"}


def test_one_clear_day_settles_the_column():
    assert settle(["03/04/2026", "05/06/2026", "25/12/2026"], orders_of)[0] == {"DMY"}


@given(st.dates(min_value=date(1970, 1, 1), max_value=date(2069, 12, 31)), st.sampled_from(["DMY", "MDY", "YMD"]))
def test_every_day_is_read_back_in_its_order(day, order):
    pattern = {"DMY": "%d.%m.%Y", "MDY": "%m/%d/%Y", "YMD": "%Y-%m-%d"}[order]
    assert day_of(day.strftime(pattern), order) == day


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_every_amount_is_read_back_under_either_mark(amount):
    assert amount_of(f"{amount:,.2f}", ".") == amount
    assert amount_of(f"{amount:,.2f}".translate(str.maketrans(",.", ".,")), ",") == amount


@pytest.fixture
def suggested(tmp_path):
    def suggest(text: str, country: str = "MD"):
        path = tmp_path / "file.csv"
        path.write_text(text, encoding="utf-8")
        detected = detect(path)
        found = suggesting.profiles(path, detected)
        return suggesting.with_conventions(suggesting.suggest(found, country=country), found, path, detected)

    return suggest


@pytest.mark.parametrize(
    ("header", "country", "meanings"),
    [
        ("Contract nr;Nume;Prenume;IDNP;Sold;Data scadenței", "MD",
         "contract_no last_name first_name national_id total due_on"),
        ("Číslo smlouvy;Příjmení;Jméno;Rodné číslo;Jistina;Datum splatnosti", "CZ",
         "contract_no last_name first_name national_id principal due_on"),
        ("Numero contratto;Cognome;Nome;Codice fiscale;Capitale;Data scadenza", "IT",
         "contract_no last_name first_name national_id principal due_on"),
        ("sutarties_nr;pavarde;vardas;asmens_kodas;pagrindine_suma;mokejimo_terminas", "LT",
         "contract_no last_name first_name national_id principal due_on"),
        ("Contract number;Last name;First name;National ID;Balance;Due date", "RO",
         "contract_no last_name first_name national_id total due_on"),
    ],
)  # fmt: skip
def test_columns_are_known_by_name_in_five_languages(suggested, header, country, meanings):
    spec, _questions = suggested(f"{header}\nA-1;Xxx;Yyy;;10,50;31.01.2026\n", country)
    assert [column.to for column in spec.columns] == meanings.split()


def test_nume_alone_is_the_whole_name(suggested):
    spec, _questions = suggested("Contract;Nume;Sold\nA-1;Ana Rusu;10,50\n")
    assert [column.to for column in spec.columns] == ["contract_no", "debtor_name", "total"]


def test_an_ambiguous_order_of_days_is_asked_with_samples(suggested):
    _spec, questions = suggested("Contract;Nume;Sold;Data scadenței\n1x;A;1,50;03/04/2026\n2x;B;2,50;05/06/2026\n")
    assert [(q["kind"], q["column"]) for q in questions] == [("dates", "Data scadenței")]
    assert [option["value"] for option in questions[0]["options"]] == ["DMY", "MDY"]
    assert questions[0]["options"][0]["reads"][0] == ["03/04/2026", "2026-04-03"]


def test_an_ambiguous_decimal_mark_is_asked(suggested):
    _spec, questions = suggested("Contract;Nume;Sold\n1x;A;1,234\n2x;B;2,345\n")
    assert [(q["kind"], q["column"]) for q in questions] == [("decimal", "Sold")]


def test_debts_written_as_negative_numbers_are_turned(suggested):
    spec, _questions = suggested("Contract;Nume;Sold\n1x;A;-10.50\n2x;B;-3.25\n")
    assert spec.negate == ("total",)


def spec_of_columns(*pairs: tuple[str, str]) -> Spec:
    return Spec(columns=tuple(Column(name, to) for name, to in pairs))


FULL = (("a", "contract_no"), ("b", "debtor_name"), ("c", "total"), ("d", "due_on"))


def test_a_full_mapping_has_no_problems():
    assert problems_of(spec_of_columns(*FULL), ["a", "b", "c", "d"]) == []


def test_a_column_nobody_decided_about_is_a_problem():
    assert [p["code"] for p in problems_of(spec_of_columns(*FULL), ["a", "b", "c", "d", "e"])] == ["undecided"]


def test_two_columns_on_one_field_are_refused():
    spec = spec_of_columns(*FULL, ("e", "total"))
    assert [p["code"] for p in problems_of(spec, ["a", "b", "c", "d", "e"])] == ["twice"]


def test_two_phones_are_welcome():
    spec = spec_of_columns(*FULL, ("e", "phone"), ("f", "phone"))
    assert problems_of(spec, list("abcdef")) == []


def test_a_mapping_without_amounts_or_days_says_what_is_missing():
    spec = spec_of_columns(("a", "contract_no"), ("b", "debtor_name"))
    assert [p["code"] for p in problems_of(spec, ["a", "b"])] == ["missing", "missing"]


def test_the_same_kind_of_file_is_recognised_by_its_header():
    assert fingerprint(["Sold", "Număr"]) == fingerprint(["NUMAR", "sold"])
    assert fingerprint(["Sold", "Număr"]) != fingerprint(["Sold"])


def test_every_synonym_speaks_of_a_field():
    assert SYNONYMS.keys() <= FIELDS.keys()


def test_ids_are_sealed_for_the_column_that_will_hold_them():
    assert persons.NATIONAL_ID_COLUMN == NATIONAL_ID_COLUMN


D = Decimal


def test_parts_that_do_not_add_up_are_told():
    _parts, total, told = parts_of({"principal": D(90), "interest": D(5), "total": D(100)}, rest="", total_column="T")
    assert (total, [reason["code"] for reason in told]) == (D(95), ["parts_do_not_add_up"])


def test_what_the_total_says_beyond_its_parts_goes_where_the_mapping_says():
    parts, total, told = parts_of({"principal": D(90), "total": D(100)}, rest="interest", total_column="T")
    assert (parts, total, told) == ({"principal": D(90), "interest": D(10)}, D(100), [])


@given(
    total=st.decimals(min_value=1, max_value=10**6, places=2), share=st.integers(0, 100),
    instalment=st.decimals(min_value=10, max_value=10**5, places=2), late=st.integers(1, 900),
)  # fmt: skip
def test_the_dues_of_a_debt_are_the_whole_debt(total, share, instalment, late):
    as_of = date(2026, 11, 24)
    due_on = date.fromordinal(as_of.toordinal() - late)
    overdue = (total * share / 100).quantize(D("0.01"))
    dues = dues_of(total, due_on=due_on, overdue=overdue, instalment=instalment, maturity_on=None, accelerated_on=None,
                   as_of=as_of)  # fmt: skip
    assert sum(amount for _day, amount in dues) == total
    assert sum(amount for day, amount in dues if day < as_of) == overdue
