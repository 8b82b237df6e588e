"""What follows for field when cases are closed, whoever closed them."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction

from agencies.actors import Actor
from agencies.scope import current_agency_id
from field import final_reports, tasks


def sum_up(case_ids: Sequence[int], _by: Actor, now: datetime) -> None:
    """Have the final reports of visited cases made, once the closing stands."""
    if final_reports.want(case_ids, now=now):
        wake = partial(tasks.queue_final_reports.delay, current_agency_id())
        transaction.on_commit(wake, robust=True)  # without a broker the clock makes them later
