"""`manage.py doctor`: is this installation safe and complete, and if not, what to do about it."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import redis
from django.conf import settings
from django.core import checks
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from collections_crm import health

LETTERS: Final = {
    "ro": "ăâîșț",
    "it": "àèéìòù",
    "cs": "áčďéěíňóřšťúůýž",
    "lt": "ąčęėįšųūž",
}
GIGABYTE: Final = 1024**3
SKEW_WARN_SECONDS: Final = 1.0
SKEW_FAIL_SECONDS: Final = 30.0


class Level(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """One check: what was looked at, how it stands, what was seen, and how to put it right."""

    check: str
    level: Level
    seen: str
    fix: str = ""


def database_is_reachable() -> Iterator[Finding]:
    """Every configured database takes a query."""
    for alias in connections:
        name = f"Database ({alias})"
        try:
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT current_user, current_setting('server_version')")
                user, version = cursor.fetchone()
            yield Finding(name, Level.OK, f"answers as {user}, PostgreSQL {version}")
        except DatabaseError as error:
            yield Finding(name, Level.FAIL, _first_line(error), "Is the server up, and is the address in .env right?")


def roles_are_bounded() -> Iterator[Finding]:
    """The roles of web and workers cannot read past row-level security, and do not own the tables."""
    for alias in connections:
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole,"
                " EXISTS (SELECT 1 FROM pg_class WHERE relowner = pg_roles.oid AND relkind IN ('r', 'p'))"
                " FROM pg_roles WHERE rolname = current_user"
            )
            role, superuser, bypass, creates, owns = cursor.fetchone()
        wrong = [
            word
            for word, so in (
                ("is a superuser", superuser),
                ("reads past row-level security", bypass),
                ("may create roles", creates),
                ("owns tables", owns and alias != "owner"),
            )
            if so
        ]
        if wrong:
            fix = "Run `python -m collections_crm.embedded roles`, and give DATABASE_URL the role crm_app."
            yield Finding(f"Role ({alias})", Level.FAIL, f"{role} {', '.join(wrong)}", fix)
        else:
            yield Finding(f"Role ({alias})", Level.OK, f"{role} is bounded by row-level security")


def agencies_are_walled() -> Iterator[Finding]:
    """Every table with an agency_id forces row-level security and has a policy."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity"
            " AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid)"
            " FROM pg_class c"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'agency_id' AND NOT a.attisdropped"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY c.relname"
        )
        tables = cursor.fetchall()
    open_tables = [name for name, walled in tables if not walled and name not in _readable_before_agency()]
    if not tables:
        yield Finding("Walls between agencies", Level.FAIL, "no table has an agency", "Run `manage.py migrate`.")
    elif open_tables:
        yield Finding(
            "Walls between agencies",
            Level.FAIL,
            f"no forced row-level security on {', '.join(open_tables)}",
            "Run `manage.py migrate`; if it stays, someone altered these tables by hand.",
        )
    else:
        yield Finding("Walls between agencies", Level.OK, f"{len(tables)} tables force row-level security")


def tables_are_migrated() -> Iterator[Finding]:
    """No migration waits."""
    executor = MigrationExecutor(connections["default"])
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _ in waiting[:3])
        yield Finding("Migrations", Level.FAIL, f"{len(waiting)} wait ({names} …)", "Run `manage.py migrate`.")
    else:
        yield Finding("Migrations", Level.OK, "all are applied")


def redis_keeps_tasks() -> Iterator[Finding]:
    """Redis answers, writes every task to disk, and never throws one away."""
    with contextlib.closing(health.redis_client()) as client:
        try:
            told: Any = client.info()
        except redis.RedisError as error:
            yield Finding("Redis", Level.FAIL, _first_line(error), "Is the server up, and is REDIS_URL right?")
            return
    yield Finding("Redis", Level.OK, f"answers, version {told.get('valkey_version') or told.get('redis_version')}")
    policy = str(told.get("maxmemory_policy", "unknown"))
    if policy == "noeviction":
        yield Finding("Redis memory", Level.OK, "never evicts")
    else:
        fix = "Start it with `--maxmemory-policy noeviction`; otherwise tasks vanish when memory is short."
        yield Finding("Redis memory", Level.FAIL, f"policy is {policy}", fix)
    if str(told.get("aof_enabled", "")) == "1":
        yield Finding("Redis on disk", Level.OK, "append-only file is on")
    else:
        fix = "Start it with `--appendonly yes`; otherwise a restart loses waiting tasks."
        yield Finding("Redis on disk", Level.WARN, "append-only file is off", fix)


def workers_answer() -> Iterator[Finding]:
    """At least one worker listens."""
    from collections_crm import celery_app

    try:
        names = sorted(name for reply in celery_app.control.ping(timeout=1.5) or [] for name in reply)
    except Exception as error:
        yield Finding("Workers", Level.WARN, _first_line(error), "Is REDIS_URL right?")
        return
    if names:
        yield Finding("Workers", Level.OK, f"{len(names)} answer: {', '.join(names)}")
    else:
        fix = "Start one: `celery -A collections_crm worker`. Without it nothing is sent."
        yield Finding("Workers", Level.WARN, "none answers", fix)


def letters_can_be_printed() -> Iterator[Finding]:
    """A line in each language becomes a PDF whose letters are all there."""
    wanted = " ".join(LETTERS.values())
    fix = "On Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"
    try:
        printed, fonts = print_line(wanted)
    except OSError as error:
        yield Finding("Letters", Level.FAIL, f"Pango does not load: {_first_line(error)}", fix)
        return
    missing = [language for language, letters in LETTERS.items() if not set(letters) <= set(printed)]
    if missing or not fonts:
        languages = ", ".join(missing) or "all languages"
        yield Finding("Letters", Level.FAIL, f"no font has the letters of {languages}", fix)
    else:
        yield Finding("Letters", Level.OK, f"all letters print, with {', '.join(sorted(fonts))}")


def print_line(text: str) -> tuple[str, set[str]]:
    """Print one line; the text that can be read back from the PDF, and the fonts that lie in it."""
    from pypdf import PdfReader
    from weasyprint import HTML

    style = "font-family: 'DejaVu Sans', sans-serif"
    page = PdfReader(io.BytesIO(HTML(string=f'<p style="{style}">{text}</p>').write_pdf())).pages[0]
    resources: Any = page["/Resources"]
    fonts = {str(font.get_object()["/BaseFont"]).lstrip("/") for font in resources.get("/Font", {}).values()}
    return page.extract_text(), fonts


def carrier_is_reachable() -> Iterator[Finding]:
    """The carrier's address answers something, whatever it is."""
    address = str(getattr(settings, "TWILIO_BASE_URL", "") or "")
    if not address.startswith(("http://", "https://")):
        yield Finding("Carrier", Level.WARN, "no address is set", "Set TWILIO_BASE_URL, or nothing can be sent.")
        return
    try:
        with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - http and https alone, checked above
            pass
    except urllib.error.HTTPError as answer:
        yield Finding("Carrier", Level.OK, f"{address} answers ({answer.code})")
    except (urllib.error.URLError, OSError) as error:
        fix = "Check TWILIO_BASE_URL and that the machine may reach it."
        yield Finding("Carrier", Level.WARN, f"{address}: {_first_line(error)}", fix)
    else:
        yield Finding("Carrier", Level.OK, f"{address} answers")


def settings_are_safe() -> Iterator[Finding]:
    """What must hold before real people's data goes in. A demo on its own servers is only warned."""
    level = Level.WARN if _on_embedded_servers() else Level.FAIL
    found = False
    if settings.DEBUG:
        found = True
        yield Finding("Settings", level, "DEBUG is on: errors show data to visitors", "Set DEBUG=false.")
    if "*" in settings.ALLOWED_HOSTS:
        found = True
        yield Finding("Settings", level, "any host name is accepted", "Set ALLOWED_HOSTS to the site's names.")
    if not getattr(settings, "FIELD_ENCRYPTION_KEYS", None):
        found = True
        yield Finding("Settings", level, "no key encrypts national ids", "Set FIELD_ENCRYPTION_KEYS.")
    if _on_embedded_servers():
        yield Finding("Settings", Level.OK, "a demo on this machine; real people's data needs a database of its own")
        return
    for message in checks.run_checks(tags=[checks.Tags.security], include_deployment_checks=True):
        if message.level >= checks.WARNING:
            found = True
            fix = message.hint or "See `manage.py check --deploy`."
            yield Finding("Settings", Level.WARN, f"{message.id}: {_first_line(message.msg).split('. ')[0]}", fix)
    if not found:
        yield Finding("Settings", Level.OK, "safe for real data")


def disk_has_room() -> Iterator[Finding]:
    """Files still fit."""
    where = Path(str(getattr(settings, "MEDIA_ROOT", "") or settings.BASE_DIR))
    while not where.exists():
        where = where.parent
    free = shutil.disk_usage(where).free / GIGABYTE
    level = Level.OK if free >= 5 else Level.WARN if free >= 1 else Level.FAIL
    fix = "" if level is Level.OK else "Free some room, or move MEDIA_ROOT to a bigger disk."
    yield Finding("Disk", level, f"{free:.1f} GB free at {where}", fix)


def clocks_agree() -> Iterator[Finding]:
    """Program and database agree on the time; calling hours and token lifetimes depend on it."""
    with connections["default"].cursor() as cursor:
        before = time.time()
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        (there,) = cursor.fetchone()
        here = (before + time.time()) / 2
    skew = abs(here - there)
    level = Level.OK if skew < SKEW_WARN_SECONDS else Level.WARN if skew < SKEW_FAIL_SECONDS else Level.FAIL
    fix = "" if level is Level.OK else "Turn on time synchronisation on both machines."
    yield Finding("Clock", level, f"differs from the database's by {skew:.3f} s", fix)


EXAMINATIONS: Final[tuple[tuple[str, Callable[[], Iterator[Finding]]], ...]] = (
    ("Database", database_is_reachable),
    ("Roles", roles_are_bounded),
    ("Migrations", tables_are_migrated),
    ("Walls between agencies", agencies_are_walled),
    ("Clock", clocks_agree),
    ("Redis", redis_keeps_tasks),
    ("Workers", workers_answer),
    ("Letters", letters_can_be_printed),
    ("Carrier", carrier_is_reachable),
    ("Settings", settings_are_safe),
    ("Disk", disk_has_room),
)


def examine() -> list[Finding]:
    """Make every check; one that cannot be made because the database is away counts as failed."""
    findings: list[Finding] = []
    for name, examination in EXAMINATIONS:
        try:
            findings += examination()
        except DatabaseError as error:
            findings.append(Finding(name, Level.FAIL, _first_line(error), "See the first lines of this table."))
    return findings


def _first_line(error: object) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _on_embedded_servers() -> bool:
    return bool(getattr(settings, "EMBEDDED", False))


def _readable_before_agency() -> set[str]:
    """Tables that log-in reads before it knows the agency; they are guarded by other means."""
    return set(getattr(settings, "TABLES_READ_BEFORE_AGENCY", ()))


class Command(BaseCommand):
    """Print a table of findings, or JSON."""

    help = "Check database, roles, walls, Redis, fonts, carrier, settings, disk and clock; exit code 1 when one fails."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the findings as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = examine()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
        else:
            self._print_table(findings)
        if any(finding.level is Level.FAIL for finding in findings):
            raise SystemExit(1)

    def _print_table(self, findings: list[Finding]) -> None:
        styles = {Level.OK: self.style.SUCCESS, Level.WARN: self.style.WARNING, Level.FAIL: self.style.ERROR}
        width = max(len(finding.check) for finding in findings)
        for finding in findings:
            self.stdout.write(
                f"{styles[finding.level](f'{finding.level:<4}')}  {finding.check:<{width}}  {finding.seen}"
            )
            if finding.fix and finding.level is not Level.OK:
                self.stdout.write(f"{'':<6}{'':<{width}}  → {finding.fix}")
        counts = [f"{sum(f.level is level for f in findings)} {level}" for level in Level]
        self.stdout.write(", ".join(counts))
