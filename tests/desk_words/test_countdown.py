"""Countdowns speak as people do: days and hours, minutes at the end, days when it is late."""

from datetime import timedelta

import pytest
from django.utils import translation

from common.templatetags.trade import countdown
from tests.desk.conftest import NOW


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(days=2, hours=4), "in 2 days 4 h"),
        (timedelta(days=1, hours=1), "in 1 day 1 h"),
        (timedelta(days=2), "in 2 days"),
        (timedelta(days=9, hours=5), "in 9 days"),
        (timedelta(hours=5, minutes=59), "in 5 h"),
        (timedelta(minutes=40), "in 40 min"),
        (timedelta(0), "in 0 min"),
        (-timedelta(minutes=10), "10 min late"),
        (-timedelta(hours=5), "5 h late"),
        (-timedelta(days=1, hours=20), "1 day late"),
        (-timedelta(days=3, hours=1), "3 days late"),
    ],
)
def test_what_is_left_is_said_in_days_and_hours(left: timedelta, said: str) -> None:
    with translation.override("en"):
        assert countdown(NOW + left, NOW) == said


def test_no_moment_has_no_countdown() -> None:
    assert countdown(None, NOW) == "–"
