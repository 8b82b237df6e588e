"""Many threads working for two agencies over few connections: no row ever shows up on the wrong side."""

import threading
from collections import Counter

import pytest
from django.db import connection, transaction

from agencies.scope import agency_scope
from cases.models import Case
from tests.tenancy.trial import ask, no_scope

pytestmark = [pytest.mark.isolation, pytest.mark.usefixtures("mode")]

THREADS, REQUESTS = 8, 50


def _in_threads(work):
    start = threading.Barrier(THREADS)
    failures = []

    def run(number):
        try:
            start.wait(30)
            for n in range(REQUESTS):
                work(number + n)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert failures == []


def test_no_thread_sees_a_row_of_the_other_agency(two):
    houses, seen, lock = (two.a, two.b), Counter(), threading.Lock()

    def request(n):
        own, other = houses[n % 2], houses[(n + 1) % 2]
        with no_scope():
            before = len(ask("SELECT id FROM cases_case"))
        with agency_scope(own.agency.id):
            raw = {agency_id for (agency_id,) in ask("SELECT agency_id FROM cases_case")}
            orm = set(Case.objects.values_list("agency_id", flat=True))
            foreign = ask("SELECT 1 FROM cases_case WHERE id = %s", other.ids["case_id"])
        with lock:
            seen["requests"] += 1
            seen["leaks"] += before + len(foreign) + (raw != {own.agency.id}) + (orm != {own.agency.id})

    _in_threads(request)
    assert seen == {"requests": THREADS * REQUESTS, "leaks": 0}


def test_errors_in_some_requests_leave_nothing_for_the_others(two):
    leaks = []

    def request(n):
        own = (two.a, two.b)[n % 2]
        try:
            with agency_scope(own.agency.id):
                ask("SELECT id FROM cases_case")
                if n % 3 == 0:
                    ask("SELECT 1 / 0")
                if n % 5 == 0:
                    raise LookupError
        except (LookupError, Exception):  # the request fails; what matters is the next one
            connection.close()
        with no_scope():
            leaks.extend(ask("SELECT id FROM cases_case"))

    _in_threads(request)
    assert leaks == []


def test_the_probes_have_power(two):
    """Control: an agency set for the session instead of the transaction leaks every time, and this shows it."""
    attempts, leaks = 40, 0
    for _n in range(attempts):
        with transaction.atomic():
            ask("SELECT set_config('app.agency_id', %s, false)", str(two.b.agency.id))
        with transaction.atomic():
            leaks += len(ask("SELECT id FROM cases_case"))
    with transaction.atomic():
        ask("SELECT set_config('app.agency_id', '', false)")
    assert leaks == attempts
