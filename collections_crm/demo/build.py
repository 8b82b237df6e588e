"""Build the demo: found the agencies, take their creditors' files over, live the weeks up to yesterday."""

import io
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from agencies.models import Agency, User
from agencies.scope import agency_scope
from cases.opening import open_confirmed
from collections_crm.demo import cast
from collections_crm.demo.files import case_file
from collections_crm.demo.story import Story, working_days
from portfolios import checking, inspecting, receiving
from portfolios.mapping import Spec, spec_of
from portfolios.models import CaseFile

WEEKS = 5
SEED = 2026

Tell = Callable[[str], None]


class DemoFileRefused(RuntimeError):
    """The product did not take a demo file over as a creditor would expect: a defect of one of the two."""


def is_built() -> bool:
    return Agency.objects.filter(slug=cast.HOUSES[-1].slug).exists()


def build(*, today: date, tell: Tell) -> None:
    """Build everything as of `today`; the story begins on the Monday five weeks before.

    Args:
        tell: is told in a few words what is being done.
    """
    start = today - timedelta(weeks=WEEKS, days=today.weekday())
    stories = []
    for house in cast.HOUSES:
        zone = ZoneInfo(house.time_zone)
        opening = datetime.combine(start, time(6), zone)
        tell(f"{house.name}: people and creditors")
        agency = cast.found(house, on=start, now=opening)
        for entrusted in cast.entrust(house, agency, on=start):
            tell(f"{house.name}: case file of {entrusted.creditor.name}")
            take_over(agency, entrusted, as_of=start, now=opening)
        stories.append(Story(agency, Random(SEED)))
    for story in stories:
        story.allocate(start)
    for day in working_days(start, today - timedelta(days=1)):
        tell(f"the day of {day:%d %B}")
        for story in stories:
            story.live(day)
    for story in stories:
        story.wake(today)
    if not User.objects.filter(email=cast.OPERATOR).exists():
        User.objects.create_user(
            cast.OPERATOR, cast.PASSWORD, full_name="Platform operator", language="en", is_platform_operator=True
        )


def take_over(agency: Agency, entrusted: cast.Entrusted, *, as_of: date, now: datetime) -> CaseFile:
    """Upload, map, check, confirm and open one creditor's file, as the creditor's user would."""
    content = io.BytesIO(case_file(entrusted.source, as_of=as_of))
    by = entrusted.uploader
    with agency_scope(agency.pk):
        received, _new = receiving.register(
            entrusted.portfolio, content=content, filename=entrusted.source.filename, by=by
        )
        received = CaseFile.objects.select_related("portfolio__mandate", "agency").get(pk=received.pk)
        inspecting.inspect(received, now=now)
        if received.state == CaseFile.State.NEEDS_MAPPING:
            inspecting.apply_mapping(received, spec=_kept(received), by=by.user, now=now)
    checking.check(agency.pk, received.pk, now=now)
    with agency_scope(agency.pk):
        received = CaseFile.objects.select_related("portfolio__mandate", "agency").get(pk=received.pk)
        if received.state != CaseFile.State.CHECKED:
            raise DemoFileRefused(f"{received.filename}: {received.state} {received.problem}")
        confirmed = checking.confirm(received, by=by.user, now=now)
    open_confirmed(confirmed, now=now)
    return confirmed


def _kept(received: CaseFile) -> Spec:
    """The suggestion of the product; what nobody recognises is kept beside the case."""
    suggestion = dict(received.detected["suggestion"])
    suggestion["columns"] = [
        {**column, "to": column["to"] or "extra"} for column in suggestion["columns"]
    ]
    return spec_of(suggestion)
