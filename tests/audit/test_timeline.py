"""History speaks in sentences, and never breaks on what old code wrote."""

from datetime import date

import pytest
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit import queries, record
from audit.sentences import outline_of, sentence_of
from debtors import statuses
from field import orders
from tests import factories

PROMISED = record.kind("test.promised", _("A promise of %(amount)s for %(due_on)s was made."))
MOVED = record.kind("test.moved", _("Moved to %(colour)s."), colour=[("RED", _("Hold")), ("BLUE", "blue")])
STAGED = record.kind("test.staged", _("Moved to %(new_stage)s."))


def test_a_timeline_is_newest_first_and_turns_pages(in_agency):
    for n in range(5):
        record.record(PROMISED, case_id=1, amount=str(n), due_on="2026-12-01")
    record.record(PROMISED, case_id=2, amount="9", due_on="2026-12-01")
    first = queries.timeline(1, limit=3)
    rest = queries.timeline(1, limit=3, before=first[-1].id)
    assert [entry.data["amount"] for entry in first + rest] == ["4", "3", "2", "1", "0"]


def test_days_and_codes_are_spoken(in_agency):
    record.record(PROMISED, case_id=1, amount="10.00 MDL", due_on="2026-12-01")
    record.record(MOVED, case_id=1, colour="BLUE")
    record.record(STAGED, case_id=1, new_stage="PRE_SOFT")
    assert [entry.sentence for entry in queries.timeline(1)] == [
        "Moved to Pre-soft.", "Moved to blue.", "A promise of 10.00 MDL for Dec 1, 2026 was made.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        (statuses.RECORDED, {"status": "CEASE_REQUEST"}, "Asked for contact to cease"),
        (statuses.ENDED, {"status": "DECEASED"}, "Deceased"),
        (orders.PREPARED, {"part": "registry"}, "registries checked"),
    ],
)
def test_what_a_deed_was_about_is_said_in_the_readers_words(kind, data, words):
    assert words in sentence_of(kind, data)
    with translation.override("ro"):
        said = sentence_of(kind, data)
        assert gettext(words) in said
    assert words not in said


@pytest.mark.parametrize(
    ("data", "sentence"),
    [({}, "A promise of … for … was made."), ({"amount": None, "due_on": ["a"]}, "A promise of … for a was made.")],
)
def test_missing_data_never_break_a_sentence(in_agency, data, sentence):
    record.record(PROMISED, case_id=1, **data)
    assert queries.timeline(1)[0].sentence == sentence


def test_a_kind_nobody_knows_any_more_is_still_shown(in_agency):
    record.KINDS["test.gone"] = record.Kind("test.gone", "x")
    record.record("test.gone", case_id=1)
    del record.KINDS["test.gone"]
    assert queries.timeline(1)[0].sentence == "Something happened that this version does not know."


def test_a_sentence_with_an_odd_placeholder_falls_back_to_its_outline(in_agency):
    odd = record.kind("test.odd", "Paid %(amount).2f, 5%% of it.")
    record.record(odd, case_id=1, amount="x")
    assert queries.timeline(1)[0].sentence == "Paid …, 5% of it."
    assert outline_of(odd) == "Paid …, 5% of it."


def test_days_follow_the_readers_language(in_agency):
    record.record(PROMISED, case_id=1, amount="1", due_on="2026-12-01")
    with translation.override("ro"):
        assert "1 dec. 2026" in queries.timeline(1)[0].sentence


def test_history_is_narrowed_by_kind_person_day_and_case(in_agency):
    person = factories.make_user()
    wanted = record.record(PROMISED, by=person, case_id=5)
    record.record(MOVED, by=person, case_id=5)
    record.record(PROMISED, case_id=5)
    record.record(PROMISED, by=person, case_id=6)
    today = wanted.at.date()
    filters = queries.Filters(kind=PROMISED, actor_id=person.id, case_id=5, day=today)
    assert [entry.id for entry in queries.history(filters)] == [wanted.id]
    assert queries.history(queries.Filters(day=date(2020, 1, 1))) == []
