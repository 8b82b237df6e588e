"""Contacts: planning a campaign, sending at a slow carrier, and letters, each against its limit.

The rows are made by SQL as the superuser with keys and triggers off; everything measured runs as the application's role
under row security, unless it is the limit.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.request import Request, urlopen

from django.utils import timezone

from agencies.models import Agency, User
from agencies.scope import agency_scope
from bench import Figure, scratch
from cases.models import Case
from common.pdf_press import PdfPress
from contacts import campaign_runs, campaigns, default_templates, letter_layout, letters, outbox, reconciling, wording
from contacts.models import Message, Template
from debtors.models import ContactPoint
from portfolios.models import Creditor, Mandate, Portfolio

PLANNED = 100_000
SENT = 6_000
LETTERS = 120
THREADS = 32
SENDERS = 2
LATENCY_MS = 50
TODAY = date(2026, 11, 24)
ROOT = Path(__file__).resolve().parent.parent
ACCOUNT, TOKEN = "AC" + "0" * 32, "simulated-auth-token"


def run(scale: float) -> list[Figure]:
    cases = max(int(PLANNED * scale), 2000)
    agency, portfolio = _house()
    _say(f"making {cases:,} cases")
    _make(agency, portfolio, cases)
    only = os.environ.get("BENCH_PART", "")
    figures: list[Figure] = []
    if only in ("", "plan"):
        figures.append(_plan(agency, portfolio, cases))
    if only in ("", "send"):
        figures += _send(agency, max(int(SENT * scale), 600))
    if only in ("", "letters"):
        figures += _letters(agency, max(int(LETTERS * scale), 20))
    return figures


def _house() -> tuple[Agency, Portfolio]:
    agency = Agency.objects.create(
        name="Bench", slug="bench", country="MD", time_zone="Europe/Chisinau", currency="MDL", language="ro",
        sms_sender="+37360000001", contact_profile={"flags": ["profile:no_practice"]},
    )  # fmt: skip
    with agency_scope(agency.id):
        default_templates.create(agency)
        creditor = Creditor.objects.create(name="Bank", country="MD")
        mandate = Mandate.objects.create(
            creditor=creditor, name="M", starts_on=date(2026, 1, 1), jurisdiction="MD", currency="MDL"
        )
        return agency, Portfolio.objects.create(creditor=creditor, mandate=mandate, name="P", received_on=TODAY)


_MAKE = (
    """
    INSERT INTO debtors_debtor (id, agency_id, kind, name, name_key, language, country, region, time_zone, preference,
        source_reference, employer_name, created_at)
    SELECT n, %(agency)s, 'PERSON', 'Ștefan Țurcanu ' || n, 'stefan turcanu ' || n, 'ro', 'MD', '', '', '{}', '', '',
           now() FROM generate_series(1, %(last)s::bigint) AS s (n)""",
    """
    INSERT INTO debtors_contactpoint (agency_id, debtor_id, kind, owner_role, place, value, street, city, postal_code,
        region, country, source, validity, time_zone, created_at)
    SELECT %(agency)s, n, kind, 'HOLDER', 'MOBILE',
           CASE kind WHEN 'PHONE' THEN '+3736' || (1000000 + n) ELSE 'Strada Florilor ' || n END,
           CASE kind WHEN 'PHONE' THEN '' ELSE 'Strada Florilor ' || n END, 'Chișinău', 'MD-2001', '', 'MD',
           'CREDITOR', 'UNKNOWN', '', now()
      FROM generate_series(1, %(last)s::bigint) AS s (n), (VALUES ('PHONE'), ('ADDRESS')) AS k (kind)""",
    """
    INSERT INTO ledger_account
        (id, agency_id, currency, opened_on, principal, interest, penalty, fees, costs, balance, paid)
    SELECT n, %(agency)s, 'MDL', %(today)s, 1000 + n %% 9000, 50, 0, 0, 0, 1050 + n %% 9000, 0
      FROM generate_series(1, %(last)s::bigint) AS s (n)""",
    """
    INSERT INTO cases_case (id, agency_id, creditor_id, mandate_id, portfolio_id, debtor_id, account_id, contract_no,
        branch, product, debt_kind, ownership, jurisdiction, contract_status, source_accelerated, secured, collateral,
        currency, balance, overdue, oldest_due_on, opened_on, stage, stage_since, close_reason, broken_in_a_row,
        on_hold, next_action, next_action_at, priority)
    SELECT n, %(agency)s, %(creditor)s, %(mandate)s, %(portfolio)s, n, n, 'B' || lpad(n::text, 8, '0'), '', '',
        'CONSUMER_CREDIT', 'ENTRUSTED', 'MD', 'IN_FORCE', false, false, '', 'MDL', 1050 + n %% 9000, 1050 + n %% 9000,
        %(today)s - 40, %(today)s - 30, 'PRE_SOFT', %(today)s - 10, '', 0, false, 'NEW', now(), 50
      FROM generate_series(1, %(last)s::bigint) AS s (n)""",
)


def _make(agency: Agency, portfolio: Portfolio, cases: int) -> None:
    values = {
        "agency": agency.id, "portfolio": portfolio.id, "creditor": portfolio.creditor_id,
        "mandate": portfolio.mandate_id, "last": cases, "today": TODAY,
    }  # fmt: skip
    with scratch.superuser(os.environ["BENCH_DATABASE"]) as boss:
        boss.autocommit = True
        boss.execute("SET session_replication_role = replica")
        for sql in _MAKE:
            boss.execute(sql.replace("'{}'", "'{{}}'").replace("{{}}", "{}"), values)
        for table in ("cases_case", "debtors_debtor", "debtors_contactpoint", "ledger_account"):
            boss.execute(f"VACUUM (ANALYZE) {table}")


# --- planning -------------------------------------------------------------------------------------------------------

_BARE_INSERT = """
INSERT INTO contacts_message
    (agency_id, case_id, debtor_id, contact_point_id, channel, template_id, dedupe_key, body, state, not_before,
     attempts, refusal_codes, provider_sid, provider_status, error_code, pressed, cost, pages, sha256, path, created_at)
SELECT c.agency_id, c.id, c.debtor_id, p.id, 'SMS', %(template)s, 'bare:' || c.id, '', 'PENDING', now(), 0, '{}', '',
       '', '', '', 0, 0, '', '', now()
  FROM cases_case c JOIN debtors_contactpoint p ON p.agency_id = c.agency_id AND p.debtor_id = c.debtor_id
   AND p.kind = 'PHONE'
 WHERE c.agency_id = %(agency)s AND c.id > %(after)s AND c.id <= %(after)s + 2000
    ON CONFLICT (agency_id, dedupe_key) DO NOTHING
"""


def _plan(agency: Agency, portfolio: Portfolio, cases: int) -> Figure:
    """Verdicts and outbox rows a second, against the same rows put there by bare statements without any question."""
    now = timezone.now()
    planner, approver = (User.objects.create_user(f"{n}@bench.test", full_name=n) for n in ("planner", "approver"))
    with agency_scope(agency.id):
        template = Template.objects.get(name="payment-reminder", language="ro")
    with scratch.superuser(os.environ["BENCH_DATABASE"]) as boss:
        boss.autocommit = True
        began = time.perf_counter()
        for after in range(0, cases, 2000):
            boss.execute(_BARE_INSERT, {"agency": agency.id, "template": template.id, "after": after})
        bare = cases / (time.perf_counter() - began)
        boss.execute("DELETE FROM contacts_message")
        boss.execute("VACUUM (ANALYZE) contacts_message")
    with agency_scope(agency.id):
        campaign = campaigns.plan(
            by=planner, now=now, name="Bench", channel="SMS", template_name="payment-reminder", stage="PRE_SOFT",
            portfolio=portfolio, starts_at=now - timedelta(minutes=1), state="FORECAST",
        )  # fmt: skip
        campaigns.approve(campaign, by=approver, now=now)
        [run_id] = campaign_runs.start_due(now=now)
    _say(f"planning {cases:,} messages")
    began = time.perf_counter()
    judged = campaign_runs.plan(agency.id, run_id, clock=timezone.now)
    ours = judged / (time.perf_counter() - began)
    with agency_scope(agency.id):
        assert Message.objects.filter(state="PENDING").count() == cases
        campaigns.cancel(campaign, by=planner, now=timezone.now())
    return Figure(
        work="planning a campaign: a verdict and a message per case", limit_name="bare INSERT of the same rows",
        limit=bare, ours=ours, ratio=ours / bare, goal="at least 0.25 (10,000 of 40,000)",
        sizes={"cases": cases}, unit="a second",
    )  # fmt: skip


# --- sending --------------------------------------------------------------------------------------------------------


def _send(agency: Agency, messages: int) -> Iterator[Figure]:
    """Messages a second at a carrier that takes 50 ms, against threads / latency; then the same with a kill -9."""
    ideal = THREADS / (LATENCY_MS / 1000)
    sizes = {"messages": messages, "threads": THREADS, "processes": SENDERS, "latency_ms": LATENCY_MS}
    with _carrier() as url:
        _say(f"ordering {messages:,} messages in a bare loop with {THREADS} threads in {SENDERS} processes")
        bare = messages / _race([_sender(agency, url, how="bare", number=messages // SENDERS) for _ in range(SENDERS)])
    yield Figure(
        work="a bare loop of the carrier's client at 50 ms latency", limit_name="threads / latency", limit=ideal,
        ours=bare, ratio=bare / ideal, goal="none: what client, simulator and machine leave", sizes=sizes,
        unit="a second",
    )  # fmt: skip
    with _carrier() as url:
        _enqueue(agency, messages, first=1)
        _say(f"sending {messages:,} messages with {THREADS} threads in {SENDERS} processes")
        ours = messages / _race([_sender(agency, url) for _ in range(SENDERS)])
        once = _accepted(url)
        sizes |= {"twice": sum(n > 1 for n in once.values()), "lost": messages - len(once)}
        yield Figure(
            work="sending at 50 ms carrier latency", limit_name="threads / latency", limit=ideal, ours=ours,
            ratio=ours / ideal, goal="at least 0.85", sizes=sizes, unit="a second",
        )  # fmt: skip
        yield Figure(
            work="sending at 50 ms carrier latency", limit_name="the bare loop of the client", limit=bare, ours=ours,
            ratio=ours / bare, goal="at least 0.85 where the bare loop is the limit", sizes=sizes, unit="a second",
        )  # fmt: skip
        yield _killed(agency, url, messages, already=len(once))


def _race(senders: list[subprocess.Popen[str]]) -> float:
    """Seconds from the start of all, once each is ready, to the end of the last."""
    for sender in senders:
        _line(sender, "ready")
    began = time.perf_counter()
    for sender in senders:
        _go(sender)
    for sender in senders:
        if sender.wait():
            raise RuntimeError("a sender failed")
    return time.perf_counter() - began


def _killed(agency: Agency, url: str, messages: int, *, already: int) -> Figure:
    _enqueue(agency, messages, first=messages + 1)
    for share in (0.2, 0.6):
        sender = _sender(agency, url)
        _line(sender, "ready")
        _go(sender)
        while len(_accepted(url)) - already < messages * share and sender.poll() is None:
            time.sleep(0.05)
        os.kill(sender.pid, signal.SIGKILL)
        sender.wait()
    later = timezone.now() + timedelta(minutes=3)
    for _round in range(3):
        with agency_scope(agency.id):
            reconciling.expire_leases(now=later)
        _reconcile(agency, url, later)
        sender = _sender(agency, url, number=int((later - timezone.now()).total_seconds()) + 1)
        _line(sender, "ready")
        _go(sender)
        sender.wait()
        later += timedelta(minutes=4)
    counts = _accepted(url)
    arrived = len(counts) - already
    twice = sum(n > 1 for n in counts.values())
    return Figure(
        work="messages that arrive exactly once although senders are killed outright", limit_name="all of them",
        limit=messages, ours=arrived - twice, ratio=(arrived - twice) / messages, goal="exactly 1.00",
        sizes={"messages": messages, "killed": 2, "twice": twice},
    )  # fmt: skip


def _reconcile(agency: Agency, url: str, now: datetime) -> None:
    from django.conf import settings

    settings.TWILIO_BASE_URL, settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = url, ACCOUNT, TOKEN
    while True:
        done = reconciling.reconcile(agency.id, now=now)
        if not done.found and not done.again:
            return


def _enqueue(agency: Agency, messages: int, *, first: int) -> None:
    with agency_scope(agency.id):
        template = Template.objects.get(name="payment-reminder", language="ro")
    with scratch.superuser(os.environ["BENCH_DATABASE"]) as boss:
        boss.autocommit = True
        sql = _BARE_INSERT.replace("'bare:'", "'send:'").replace("%(after)s + 2000", "%(after)s + %(n)s")
        boss.execute(sql, {"agency": agency.id, "template": template.id, "after": first - 1, "n": messages})
        boss.execute("ANALYZE contacts_message")


@contextmanager
def _carrier() -> Iterator[str]:
    """The simulator as a process of its own; it answers after the latency and calls nobody back."""
    process = subprocess.Popen(
        [sys.executable, "-m", "carrier_simulator", "--port", "0", "--latency-ms", str(LATENCY_MS),
         "--no-magic-suffixes"],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        url = _line(process, "listens on").rsplit(" ", 1)[1]
        body = json.dumps({"pattern": ".*", "kind": "message", "effect": ["callbacks_lost"]}).encode()
        urlopen(Request(f"{url}/_control/rules", data=body, headers={"Content-Type": "application/json"}))  # noqa: S310
        yield url
    finally:
        process.terminate()
        process.wait()


def _accepted(url: str) -> Counter[str]:
    with urlopen(f"{url}/_control/messages") as answer:  # noqa: S310
        found = json.load(answer)
    return Counter(message["to"] for message in found["messages"])


def _sender(agency: Agency, url: str, *, how: str = "send", number: int = 0) -> subprocess.Popen[str]:
    """`number`: for a bare loop the orders it makes, else the seconds by which its clock goes before ours, when the
    minutes of waiting are skipped.
    """
    environment = {
        **os.environ, "TWILIO_BASE_URL": url, "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN,
        "DJANGO_SETTINGS_MODULE": "bench.settings", "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-c", "from bench.contacts_sender import main; main()", how, str(agency.id),
         str(THREADS // SENDERS), str(number)],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True,
    )  # fmt: skip


def _go(sender: subprocess.Popen[str]) -> None:
    assert sender.stdin is not None
    sender.stdin.write("go\n")
    sender.stdin.flush()


def _line(process: subprocess.Popen[str], holding: str) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if holding in line:
            return line.strip()
    raise RuntimeError(f"the process ended without saying {holding!r}")


# --- letters --------------------------------------------------------------------------------------------------------


def _letters(agency: Agency, number: int) -> Iterator[Figure]:
    """Letters a second: rendered, kept and noted; against a bare loop of one cached renderer over the same HTML."""
    _say(f"rendering {number} letters three times")
    now = timezone.now()
    with agency_scope(agency.id):
        template = Template.objects.get(name="notification-letter", language="ro")
        cases = list(Case.objects.order_by("id")[: number * 2])
        points = {
            point.debtor_id: point
            for point in ContactPoint.objects.filter(kind="ADDRESS", debtor_id__in=[case.debtor_id for case in cases])
        }
        facts = wording.collect([case.id for case in cases[:number]], now=now)
        documents = [
            letter_layout.letter_html(
                facts[case.id], subject="Contract", body=campaigns.preview(template, facts[case.id]), language="ro",
                address=letters.address_lines(points[case.debtor_id]),
            )
            for case in cases[:number]
        ]  # fmt: skip
    with PdfPress(1) as press:
        press.render(documents[0])
        began = time.perf_counter()
        for html in documents:
            press.render(html)
        bare = number / (time.perf_counter() - began)
    speeds = []
    for workers in (1, 2):
        with agency_scope(agency.id):
            for case in cases[(workers - 1) * number : workers * number]:
                outbox.enqueue(
                    case, channel="LETTER", contact_point=points[case.debtor_id], template=template,
                    dedupe_key=f"letter:{case.id}", by=None, now=now,
                )  # fmt: skip
        with PdfPress(workers) as press:
            press.warm_up()
            began = time.perf_counter()
            done = letters.render_due(agency.id, clock=timezone.now, press=press)
            speeds.append(done / (time.perf_counter() - began))
    sizes = {"letters": number}
    yield Figure(
        work="letters: gate, rendering, storing", limit_name="bare loop of one cached renderer", limit=bare,
        ours=speeds[0], ratio=speeds[0] / bare, goal="at least 0.9", sizes=sizes, unit="a second",
    )  # fmt: skip
    yield Figure(
        work="letters with two renderers", limit_name="with one", limit=speeds[0], ours=speeds[1],
        ratio=speeds[1] / speeds[0], goal="at least 1.7", sizes=sizes, unit="a second",
    )  # fmt: skip


def _say(text: str) -> None:
    print(f"  {text} …", file=sys.stderr, flush=True)
