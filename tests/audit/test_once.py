"""The same request under the same key is answered again, and done once."""

import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from agencies.scope import agency_scope
from audit import once, tasks
from audit.models import OnceKey
from tests import factories

DIGEST = once.digest_of("POST", b"body")


def test_the_first_answer_comes_again(in_agency):
    calls = []

    def upload():
        calls.append(1)
        return 201, {"id": 7}

    first = once.once("files", "key-1", DIGEST, upload)
    again = once.once("files", "key-1", DIGEST, upload)
    assert (first.status, first.body, first.replayed) == (201, {"id": 7}, False)
    assert (again.status, again.body, again.replayed) == (201, {"id": 7}, True)
    assert len(calls) == 1


def test_another_content_under_the_same_key_is_refused(in_agency):
    once.once("files", "key-1", DIGEST, lambda: (201, {}))
    with pytest.raises(once.KeyUsedForAnotherRequest) as refusal:
        once.once("files", "key-1", once.digest_of("POST", b"other"), lambda: (201, {}))
    assert refusal.value.status == 422


def test_a_failed_request_leaves_the_key_free(in_agency):
    with pytest.raises(ZeroDivisionError):
        once.once("files", "key-1", DIGEST, lambda: (201, 1 // 0))
    assert once.once("files", "key-1", DIGEST, lambda: (201, {})).replayed is False


@pytest.mark.parametrize("key", ["", "x" * 121])
def test_a_key_has_a_sensible_length(in_agency, key):
    with pytest.raises(once.KeyNotUsable):
        once.once("files", key, DIGEST, lambda: (201, {}))


def test_keys_of_other_scopes_and_agencies_do_not_meet(agency, other_agency):
    for owner, scope in ((agency, "files"), (agency, "payments"), (other_agency, "files")):
        with agency_scope(owner.id):
            assert once.once(scope, "key-1", DIGEST, lambda: (201, {})).replayed is False


def test_parts_of_a_digest_cannot_be_shifted_into_each_other():
    assert once.digest_of("ab", "c") != once.digest_of("a", "bc")


@pytest.mark.django_db(transaction=True)
def test_of_eight_requests_at_once_one_is_done():
    agency = factories.make_agency()
    start, done, answers = threading.Barrier(8), [], []

    def ask():
        try:
            start.wait(10)
            with agency_scope(agency.id):
                answers.append(once.once("files", "key-1", DIGEST, lambda: (done.append(1) or 201, {"n": len(done)})))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(done) == 1
    assert sorted(answer.replayed for answer in answers) == [False] + [True] * 7
    assert {answer.body["n"] for answer in answers} == {1}
    with agency_scope(agency.id):
        assert OnceKey.objects.count() == 1


def test_keys_older_than_thirty_days_are_forgotten_every_day_in_every_agency(agency, other_agency):
    for owner in (agency, other_agency):
        with agency_scope(owner.id):
            for key, age in (("old", 31), ("young", 29)):
                once.once("files", key, DIGEST, lambda: (201, {}))
                OnceKey.objects.filter(key=key).update(created_at=timezone.now() - timedelta(days=age))
    assert tasks.forget_once_keys() == 2
    for owner in (agency, other_agency):
        with agency_scope(owner.id):
            assert list(OnceKey.objects.values_list("key", flat=True)) == ["young"]
            assert once.once("files", "old", DIGEST, lambda: (201, {})).replayed is False
    daily = [entry["schedule"] for entry in settings.CELERY_BEAT_SCHEDULE.values() if "once" in entry["task"]]
    assert daily == [timedelta(days=1).total_seconds()]
