"""Intake: a case file of 100,000 rows with row errors, from bytes to open cases, under row security.

The limit is COPY by the superuser of the very same rows into the very same tables with the very same indexes and
triggers. Both are taken in one run; the tables hold the first load while the second is measured in a fresh agency.
"""

import csv
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from django.db import connection
from django.utils import timezone

from agencies.models import Agency, Membership, User
from agencies.scope import agency_scope
from bench import Figure, scratch
from cases import opening
from portfolios import checking, inspecting, mapping, receiving
from portfolios.models import CaseFile, Creditor, Mandate, Portfolio

ROWS = 100_000
SEED = 20_261_124
TABLES = (
    "portfolios_casefilerow", "debtors_debtor", "debtors_nametoken", "debtors_contactpoint", "ledger_account",
    "ledger_entry", "ledger_line", "ledger_due", "cases_case", "cases_party", "audit_event",
)  # fmt: skip
"""In the order in which their keys point."""
FIRST = ("Ion", "Ana", "Ștefan", "Maria", "Vasile", "Elena", "Petru", "Ioana", "Gheorghe", "Tatiana")
LAST = ("Țurcanu", "Rusu", "Ceban", "Lupu", "Moraru", "Popa", "Ciobanu", "Bălan", "Sandu", "Munteanu")
HEADER = (
    "Contract nr", "Nume", "Prenume", "IDNP", "Telefon mobil", "Telefon fix", "Adresa", "Localitatea", "Filiala",
    "Valuta", "Principal", "Dobânda", "Penalitate", "Data scadenței", "Fidejusor", "Telefon fidejusor",
)  # fmt: skip


def write_file(path: Path, rows: int) -> None:
    """About one row in fifty is wrong; one in ten has a guarantor; one in twenty debtors owes twice."""
    random = Random(SEED)
    today = date(2026, 11, 24)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADER)
        person = 0
        for n in range(rows):
            person += random.random() > 0.05
            guarantor = random.random() < 0.1
            writer.writerow(
                (
                    f"B{n:07d}", LAST[person % 10], FIRST[person // 10 % 10], _idnp(person),
                    f"06{9000000 + person % 999999:07d}",
                    f"022{200000 + person % 99999:06d}", f"str. Florilor {person % 300}", "Chișinău", "Centru", "MDL",
                    "n/a?" if random.random() < 0.02 else f"{random.randrange(100_00, 90_000_00) / 100:.2f}",
                    f"{random.randrange(0, 900_00) / 100:.2f}", "0.00",
                    f"{today - timedelta(days=random.randrange(5, 700)):%d.%m.%Y}",
                    "Maria Lungu" if guarantor else "", f"078{n % 999999:06d}" if guarantor else "",
                )
            )  # fmt: skip


def _idnp(person: int) -> str:
    body = f"200{person:09d}"
    return body + str(sum(w * int(d) for w, d in zip((7, 3, 1) * 4, body, strict=True)) % 10)


def set_up(slug: str) -> tuple[Agency, Portfolio, Membership]:
    agency = Agency.objects.create(name=slug, slug=slug, country="MD", time_zone="Europe/Chisinau", currency="MDL")
    with agency_scope(agency.id):
        user = User.objects.create_user(f"{slug}@example.test", full_name="Bench")
        member = Membership.objects.create(user=user, role="COORDINATOR")
        member.agency = agency
        creditor = Creditor.objects.create(name="Bank", country="MD")
        mandate = Mandate.objects.create(
            creditor=creditor, name="M", starts_on=date(2026, 1, 1), jurisdiction="MD", currency="MDL"
        )
        portfolio = Portfolio.objects.create(creditor=creditor, mandate=mandate, name="P", received_on=date(2026, 1, 1))
    return agency, portfolio, member


def take_in(path: Path, slug: str) -> tuple[Agency, dict[str, float]]:
    """The whole way of one file. Returns the agency and seconds by step."""
    agency, portfolio, member = set_up(slug)
    seconds: dict[str, float] = {}
    clock = time.perf_counter()

    def lap(name: str) -> None:
        nonlocal clock
        seconds[name] = time.perf_counter() - clock
        clock = time.perf_counter()

    with agency_scope(agency.id), path.open("rb") as content:
        case_file, _new = receiving.register(portfolio, content=content, filename=path.name, by=member)
    lap("receive")
    with agency_scope(agency.id):
        inspecting.inspect(case_file, now=timezone.now())
        spec = mapping.spec_of(case_file.detected["suggestion"]) if case_file.state == "NEEDS_MAPPING" else None
    lap("inspect")
    with agency_scope(agency.id):
        if spec is not None:
            inspecting.apply_mapping(case_file, spec=spec, by=member.user, now=timezone.now())
    lap("map")
    checking.check(agency.id, case_file.id, now=timezone.now())
    lap("check")
    with agency_scope(agency.id):
        case_file = checking.confirm(CaseFile.objects.get(id=case_file.id), by=member.user, now=timezone.now())
    opening.open_confirmed(case_file, now=timezone.now())
    lap("open")
    return agency, seconds


def superuser_copy(agency_id: int, database: str) -> tuple[float, int]:
    """Write the rows of the agency out, then COPY them in again as another agency's. Returns (seconds, table rows)."""
    with scratch.superuser(database) as server, tempfile.TemporaryDirectory() as folder:
        other = _twin_of(server, agency_id)
        shift = 1_000_000_000
        held: list[tuple[str, str, Path]] = []
        total = 0
        for table in TABLES:
            columns = [
                row[0]
                for row in server.execute(
                    "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
                    " ORDER BY attnum", [table],
                )
            ]  # fmt: skip
            names = ", ".join(f'"{name}"' for name in columns)
            shown = ", ".join(_shown(name, shift, other) for name in columns)
            path = Path(folder) / table
            query = f"COPY (SELECT {shown} FROM {table} WHERE agency_id = {agency_id} ORDER BY id) TO STDOUT"  # noqa: S608
            with server.cursor() as cursor, cursor.copy(query) as copy, path.open("wb") as file:
                for data in copy:
                    total += bytes(data).count(b"\n")
                    file.write(data)
            held.append((table, names, path))
        began = time.perf_counter()
        for table, names, path in held:
            with (
                server.cursor() as cursor,
                cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
                path.open("rb") as file,
            ):
                while data := file.read(1 << 20):
                    copy.write(data)
        return time.perf_counter() - began, total


_OWN_KEYS = frozenset(
    {"id", "debtor_id", "account_id", "entry_id", "case_id", "person_id", "source_row_id"}
)  # columns that point to rows copied along


def _shown(name: str, shift: int, other: dict[str, int]) -> str:
    if name in other:
        return f'CASE WHEN "{name}" IS NULL THEN NULL ELSE {other[name]} END'
    return f'"{name}" + {shift}' if name in _OWN_KEYS else f'"{name}"'


def _twin_of(server: Any, agency_id: int) -> dict[str, int]:
    """Another agency with a creditor, mandate, portfolio and case file of its own, for the copied rows to point to."""
    agency, portfolio, member = set_up(f"twin-{agency_id}")
    with agency_scope(agency.id):
        case_file = CaseFile.objects.create(
            creditor_id=portfolio.creditor_id, portfolio=portfolio, filename="x", sha256="x", size=1, path="x",
            uploaded_by=member.user,
        )  # fmt: skip
    return {
        "agency_id": agency.id, "creditor_id": portfolio.creditor_id, "mandate_id": portfolio.mandate_id,
        "portfolio_id": portfolio.id, "case_file_id": case_file.id,
    }  # fmt: skip


def peak_of(path: Path, slug: str) -> float:
    """Peak memory in MB of a process of its own that takes the file in."""
    words = (
        "import sys, resource, pathlib, django; django.setup(); from bench import intake;"
        "intake.take_in(pathlib.Path(sys.argv[1]), sys.argv[2]);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    command = [sys.executable, "-c", words, str(path), slug]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return float(done.stdout.strip().splitlines()[-1])


def run(scale: float) -> list[Figure]:
    rows = max(int(ROWS * scale), 1000)
    database = str(connection.settings_dict["NAME"])
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "small.csv", Path(folder) / "large.csv"
        write_file(small, rows // 10)
        write_file(large, rows)
        take_in(small, "warm")
        agency, seconds = take_in(large, "measured")
        copied, table_rows = superuser_copy(agency.id, database)
        peaks = peak_of(small, "small-alone"), peak_of(large, "large-alone")
    working = seconds["check"] + seconds["open"]
    sizes = {
        "rows": rows,
        "table_rows": table_rows,
        "seed": SEED,
        "seconds": {k: round(v, 2) for k, v in seconds.items()},
    }
    return [
        Figure(
            "intake: check and open", "superuser COPY, same tables and indexes", rows / copied, rows / working,
            copied / working, "at least 0.5", sizes, "rows/s",
        ),
        Figure(
            "intake: from bytes to cases", "superuser COPY, same tables and indexes", rows / copied,
            rows / sum(seconds.values()), copied / sum(seconds.values()), "told beside", sizes, "rows/s",
        ),
        Figure(
            "intake: peak memory", f"the same with {rows // 10:,} rows", peaks[0], peaks[1], peaks[1] / peaks[0],
            "flat: about 1", sizes, "MB",
        ),
    ]  # fmt: skip
