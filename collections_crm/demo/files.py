"""The case files of the demo's creditors, each in its own language, format, encoding and conventions."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from openpyxl import Workbook

from collections_crm.demo.people import Person, invent

Row = dict[str, Any]


@dataclass(frozen=True)
class Debt:
    """One invented debt; amounts in the creditor's currency, `due_on` the oldest unpaid instalment."""

    person: Person
    guarantor: Person | None
    contract_no: str
    branch: str
    principal: Decimal
    interest: Decimal
    penalty: Decimal
    instalment: Decimal
    due_on: date
    signed_on: date
    collateral: str


BRANCHES = {
    "MD": ("Chișinău Centru", "Bălți", "Cahul"), "RO": ("București Unirii", "Timișoara", "Iași"),
    "IT": ("Milano Porta Nuova", "Bologna", "Napoli"), "CZ": ("Praha 4", "Brno", "Ostrava"),
    "LT": ("Vilnius", "Kaunas", "Klaipėda"),
}  # fmt: skip
SIZES = {"MDL": 9_000, "RON": 4_200, "EUR": 1_300, "CZK": 26_000}
CARS = ("Škoda Octavia", "Renault Clio", "Ford Transit", "Dacia Duster", "Volkswagen Golf", "Hyundai i30")


OLD_EVERY, OLD_DAYS = 230, 1010
"""Every so many debts one is this old: in countries of three years its time to sue runs out within weeks."""


def _days_late(random: Random) -> int:
    low, high = random.choices(((4, 30), (31, 60), (61, 90), (91, 210), (211, 700)), weights=(14, 30, 24, 22, 10))[0]
    return random.randint(low, high)


def debts(
    country: str, currency: str, count: int, *, prefix: str, as_of: date, random: Random, cars: bool = False
) -> list[Debt]:
    """Invent `count` debts; about one in twelve has a guarantor, about one in fifteen debtors owes twice."""
    made: list[Debt] = []
    for n in range(count):
        again = made and random.random() < 0.06
        person = random.choice(made).person if again else invent(country, random, today=as_of)
        size = SIZES[currency] * (Decimal(4) if cars else Decimal(1))
        principal = (size * Decimal(str(round(random.lognormvariate(-0.2, 0.8), 4)))).quantize(Decimal("0.01"))
        late = _days_late(random)
        due_on = as_of - timedelta(days=OLD_DAYS if n % OLD_EVERY == 30 else late)
        made.append(
            Debt(
                person=person,
                guarantor=invent(country, random, today=as_of, companies=0) if random.random() < 0.08 else None,
                contract_no=f"{prefix}{100_000 + n * 7 + random.randrange(7)}",
                branch=random.choice(BRANCHES[country]),
                principal=principal,
                interest=(principal * Decimal(random.randrange(0, 140)) / 1000).quantize(Decimal("0.01")),
                penalty=(principal * Decimal(random.randrange(0, 60)) / 1000).quantize(Decimal("0.01")),
                instalment=(principal / random.choice((6, 12, 18, 24))).quantize(Decimal("0.01")),
                due_on=due_on,
                signed_on=due_on - timedelta(days=random.randrange(120, 1500)),
                collateral=random.choice(CARS) if cars else "",
            )
        )
    return made


def _comma(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")


def moldovan_bank(debt: Debt) -> Row:
    p, g = debt.person, debt.guarantor
    return {
        "Contract nr": debt.contract_no, "Nume": p.company or p.last, "Prenume": "" if p.is_company else p.first,
        "IDNP": p.national_id, "Data nașterii": "" if p.is_company else f"{p.born_on:%d.%m.%Y}", "Telefon mobil": p.mobile,
        "Telefon fix": p.landline, "E-mail": p.email, "Adresa": p.street, "Localitatea": p.city,
        "Cod poștal": p.postal_code, "Angajator": p.employer, "Filiala": debt.branch, "Valuta": "MDL",
        "Principal": f"{debt.principal:.2f}", "Dobânda": f"{debt.interest:.2f}", "Penalitate": f"{debt.penalty:.2f}",
        "Rata lunară": f"{debt.instalment:.2f}", "Data scadenței": f"{debt.due_on:%d.%m.%Y}",
        "Data contractului": f"{debt.signed_on:%d.%m.%Y}", "Fidejusor": g.name if g else "",
        "IDNP fidejusor": g.national_id if g else "", "Telefon fidejusor": g.mobile if g else "",
    }  # fmt: skip


def moldovan_telecom(debt: Debt) -> Row:
    p = debt.person
    return {
        "Cod client": debt.contract_no, "Abonat": p.name, "IDNP": p.national_id,
        "Telefoane": f"{p.mobile.removeprefix('+373')}-{p.landline.removeprefix('+373')}", "Adresa": p.address,
        "Sold": f"-{debt.principal / 12:.2f}", "Valuta": "MDL", "Scadent din": f"{debt.due_on:%Y-%m-%d}",
    }  # fmt: skip


def romanian_lender(debt: Debt) -> Row:
    p, g = debt.person, debt.guarantor
    return {
        "Nr contract": debt.contract_no, "Debitor": p.name, "CNP/CUI": p.national_id, "Telefon": p.mobile,
        "Telefon 2": p.landline, "Email": p.email, "Strada": p.street, "Oraș": p.city, "Județ": p.region,
        "Cod poștal": p.postal_code, "Angajator": p.employer, "Sucursala": debt.branch, "Moneda": "RON",
        "Sold principal": _comma(debt.principal), "Dobândă": _comma(debt.interest), "Penalități": _comma(debt.penalty),
        "Rata inițială": _comma(debt.instalment), "Scadența": f"{debt.due_on:%d.%m.%Y}",
        "Data semnării": f"{debt.signed_on:%d.%m.%Y}", "Data notificării cesiunii": f"{debt.due_on + timedelta(days=2):%d.%m.%Y}",
        "Garant": g.name if g else "", "Telefon garant": g.mobile if g else "",
    }  # fmt: skip


def lithuanian_lender(debt: Debt) -> Row:
    p = debt.person
    return {
        "sutarties_nr": debt.contract_no, "vardas": "" if p.is_company else p.first, "pavarde": p.company or p.last,
        "asmens_kodas": p.national_id, "telefonas": p.mobile, "el_pastas": p.email or None,
        "adresas": {"gatve": p.street, "miestas": p.city, "pasto_kodas": p.postal_code}, "darboviete": p.employer or None,
        "filialas": debt.branch, "valiuta": "EUR", "pagrindine_suma": float(debt.principal),
        "palukanos": float(debt.interest), "delspinigiai": float(debt.penalty),
        "menesio_imoka": float(debt.instalment), "mokejimo_terminas": f"{debt.due_on:%Y-%m-%d}",
        "sutarties_data": f"{debt.signed_on:%Y-%m-%d}",
    }  # fmt: skip


def italian_purchaser(debt: Debt) -> Row:
    p, g = debt.person, debt.guarantor
    return {
        "Numero contratto": debt.contract_no, "Cognome o ragione sociale": p.company or p.last,
        "Nome": "" if p.is_company else p.first, "Codice fiscale": p.national_id, "Cellulare": p.mobile,
        "Telefono": p.landline, "E-mail": p.email, "Indirizzo": p.street, "CAP": p.postal_code, "Città": p.city,
        "Provincia": p.region, "Datore di lavoro": p.employer, "Filiale": debt.branch, "Divisa": "EUR",
        "Capitale": debt.principal, "Interessi": debt.interest, "Mora": debt.penalty, "Rata": debt.instalment,
        "Data scadenza": debt.due_on, "Data contratto": debt.signed_on,
        "Data comunicazione cessione": debt.due_on + timedelta(days=3), "Garante": g.name if g else "",
        "Codice fiscale garante": g.national_id if g else "",
    }  # fmt: skip


def czech_lessor(debt: Debt) -> Row:
    p, g = debt.person, debt.guarantor
    return {
        "Číslo smlouvy": debt.contract_no, "Jméno": "" if p.is_company else p.first, "Příjmení": p.company or p.last,
        "Rodné číslo": p.national_id, "Mobil": p.mobile, "E-mail": p.email, "Ulice": p.street, "Obec": p.city,
        "PSČ": p.postal_code, "Zaměstnavatel": p.employer, "Pobočka": debt.branch, "Měna": "CZK",
        "Jistina": _comma(debt.principal), "Úrok": _comma(debt.interest), "Úrok z prodlení": _comma(debt.penalty),
        "Splátka": _comma(debt.instalment), "Datum splatnosti": f"{debt.due_on:%d.%m.%Y}",
        "Datum smlouvy": f"{debt.signed_on:%d.%m.%Y}", "Zajištěno": "ano", "Předmět": debt.collateral,
        "Ručitel": g.name if g else "", "Telefon ručitele": g.mobile if g else "",
    }  # fmt: skip


_CEDILLA = str.maketrans("șțȘȚ", "şţŞŢ")
"""cp1250 knows the Romanian letters with a cedilla alone."""


def as_csv(rows: list[Row], *, delimiter: str, encoding: str) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    text = out.getvalue()
    if encoding == "cp1250":
        text = text.translate(_CEDILLA)
    return text.encode(encoding)


def as_json_lines(rows: list[Row]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def as_xlsx(rows: list[Row]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Posizioni")
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append([float(v) if isinstance(v, Decimal) else v for v in row.values()])
    book.create_sheet("Foglio2")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@dataclass(frozen=True)
class Source:
    """A creditor of the demo and the way its files look."""

    agency: str
    creditor: str
    country: str
    currency: str
    rows: int
    prefix: str
    portfolio: str
    filename: str
    row_of: Callable[[Debt], Row]
    write: Callable[[list[Row]], bytes]
    mandate: dict[str, Any]
    cars: bool = False


SOURCES = (
    Source("prut", "Banca Codrilor", "MD", "MDL", 1300, "BC", "Consumer loans 2026", "credite.csv", moldovan_bank,
           lambda rows: as_csv(rows, delimiter=",", encoding="utf-8-sig"),
           {"debt_kind": "CONSUMER_CREDIT", "commission_percent": 12, "max_discount_percent": 15}),
    Source("prut", "Telenistru", "MD", "MDL", 900, "TN", "Unpaid bills autumn", "abonati.csv", moldovan_telecom,
           lambda rows: as_csv(rows, delimiter=";", encoding="utf-8"),
           {"debt_kind": "TELECOM", "commission_percent": 18, "allowed_channels": ["CALL", "SMS", "IVM", "LETTER"]}),
    Source("prut", "Credit Carpați IFN", "RO", "RON", 800, "CC", "Assigned credits", "cesiune.csv", romanian_lender,
           lambda rows: as_csv(rows, delimiter=";", encoding="cp1250"),
           {"debt_kind": "CONSUMER_CREDIT", "ownership": "CEDED", "commission_percent": 20,
            "assignment_notice_required": True, "approvals": ["DISCOUNT", "LAWSUIT"]}),
    Source("baltia", "Kredito Uostas", "LT", "EUR", 700, "KU", "Small loans", "paskolos.jsonl", lithuanian_lender,
           as_json_lines, {"debt_kind": "CONSUMER_CREDIT", "commission_percent": 14}),
    Source("baltia", "Finanza Adige", "IT", "EUR", 600, "FA", "Purchased credits", "crediti.xlsx", italian_purchaser,
           as_xlsx, {"debt_kind": "CONSUMER_CREDIT", "ownership": "PURCHASED", "commission_percent": 22,
                     "assignment_notice_required": True}),
    Source("baltia", "Leasing Vltava", "CZ", "CZK", 700, "LV", "Car leases", "leasing.csv", czech_lessor,
           lambda rows: as_csv(rows, delimiter=";", encoding="cp1250"),
           {"debt_kind": "CAR_LEASE", "commission_percent": 16, "approvals": ["BOOT", "COMPLAINT"]}, cars=True),
)  # fmt: skip


def case_file(source: Source, *, as_of: date) -> bytes:
    """The creditor's file as of a day. A few rows are wrong or twice, as in life."""
    random = Random(f"{source.prefix} 2026")
    made = debts(
        source.country, source.currency, source.rows, prefix=source.prefix, as_of=as_of, random=random, cars=source.cars
    )
    rows = [source.row_of(debt) for debt in made]
    amount = next(
        name
        for name in rows[0]
        if name in ("Principal", "Sold", "Sold principal", "pagrindine_suma", "Capitale", "Jistina")
    )
    for index in range(40, len(rows), 211):
        rows[index][amount] = "n/a"
    rows.insert(len(rows) // 2, dict(rows[10]))
    return source.write(rows)
