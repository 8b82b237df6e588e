"""The plan of a run: a verdict and a message for each case, chunk by chunk, each chunk its own transaction.

While the database writes one chunk, the next one is judged: the two take about as long, and neither needs the other.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from agencies.scope import agency_scope, current_agency_id
from contacts import gate, selection
from contacts.arrays import moments, numbers, words
from contacts.models import Campaign, CampaignRun
from contacts.selection import Judged
from contacts.template_versions import Choices

State = Campaign.State


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Cases that come after the id `after`, judged; none when there are no more."""

    after: int
    judged: list[Judged]


def plan(agency_id: int, run_id: int, *, clock: Callable[[], datetime], size: int = selection.CHUNK) -> int:
    """Put the run's messages into the outbox. Returns how many cases were judged. A planner that dies is continued
    from the last whole chunk; two at once take turns, and what one judged and the other wrote is thrown away.
    """
    planned = 0
    ahead: _Chunk | None = None
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="planner") as writer:
        while True:
            with agency_scope(agency_id):
                written, ahead = _plan_chunk(run_id, ahead, writer, now=clock(), size=size)
            if written is None:
                return planned
            planned += written


def _plan_chunk(
    run_id: int, ahead: _Chunk | None, writer: ThreadPoolExecutor, *, now: datetime, size: int
) -> tuple[int | None, _Chunk | None]:
    """Write one chunk and judge the next. Gives None when the run is planned, or is not to be planned any more."""
    run = CampaignRun.objects.select_for_update().select_related("campaign").get(id=run_id)
    campaign = run.campaign
    if run.planned_at is not None or campaign.state != State.PLANNING:
        return None, None
    choices = Choices(name=campaign.template_name, channel=campaign.channel)
    if ahead is None or ahead.after != run.planned_up_to:
        about = _facts(campaign, run.planned_up_to, now=now, size=size)
        ahead = _judge(campaign, run.planned_up_to, about, choices, now=now)
    judged = ahead.judged
    if not judged:
        run.planned_at = now
        run.save(update_fields=["planned_at"])
        Campaign.objects.filter(id=campaign.id, state=State.PLANNING).update(state=State.RUNNING)
        return None, None
    last = judged[-1].case_id
    about = _facts(campaign, last, now=now, size=size)
    writing = writer.submit(_execute, connection.connection, _INSERT, _rows(run, judged, now=now))
    following = _judge(campaign, last, about, choices, now=now)
    with connection.wrap_database_errors:
        writing.result()
    gate.keep_refusals([one for one in judged if one.ruling == "BLOCK"], run=run, now=now)
    counts = Counter(run.counts)
    counts.update(one.ruling for one in judged)
    counts["missing"] += sum(one.template is None for one in judged)
    run.counts, run.planned_up_to = dict(counts), last
    run.save(update_fields=["counts", "planned_up_to"])
    return len(judged), following


def _facts(campaign: Campaign, after: int, *, now: datetime, size: int) -> Any:
    ids = next(selection.chunks(campaign, as_of=selection.today(now), after=after, size=size), [])
    return selection.facts_of(ids, now=now) if ids else {}


def _judge(campaign: Campaign, after: int, about: Any, choices: Choices, *, now: datetime) -> _Chunk:
    return _Chunk(after, selection.judge_facts(campaign, about, choices=choices, now=now))


def _execute(raw: Any, sql: str, values: Sequence[Any]) -> None:
    """On the planner's own connection, from the thread that waits for the database."""
    raw.execute(sql, values)


_INSERT = """
INSERT INTO contacts_message
    (agency_id, case_id, debtor_id, contact_point_id, channel, template_id, campaign_run_id, dedupe_key,
     body, state, not_before, attempts, refusal_codes, provider_sid, provider_status, error_code, pressed,
     cost, pages, sha256, path, created_by_id, created_at, settled_at)
SELECT %s, v.case_id, v.debtor_id, v.point_id, %s, v.template_id, %s,
       'run:' || %s || ':case:' || v.case_id,
       '', v.state, v.not_before, 0, string_to_array(v.codes, ' '), '', '', '', '', 0, 0, '', '', %s, %s,
       CASE WHEN v.state = 'REFUSED' THEN %s::timestamptz END
  FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::timestamptz[],
              %s::text[]) AS v (case_id, debtor_id, point_id, template_id, state, not_before, codes)
    ON CONFLICT (agency_id, dedupe_key) DO NOTHING
"""
"""One statement for a chunk; a row that is there already stays. What must wait carries its first lawful moment."""


def _rows(run: CampaignRun, judged: Sequence[Judged], *, now: datetime) -> list[Any]:
    rows = [one for one in judged if one.template is not None and one.point_id is not None]
    return [
        current_agency_id(),
        run.campaign.channel,
        run.id,
        str(run.id),
        run.campaign.created_by_id,
        now,
        now,
        numbers(one.case_id for one in rows),
        numbers(one.debtor_id for one in rows),
        numbers(one.point_id for one in rows),
        numbers(one.template.id for one in rows if one.template is not None),
        words("REFUSED" if one.ruling == "BLOCK" else "PENDING" for one in rows),
        moments(one.until if one.ruling == "DEFER" and one.until is not None else now for one in rows),
        words(" ".join(one.codes) for one in rows),
    ]
