"""Build the demo: found the agencies, take their creditors' files over, live the weeks up to yesterday."""

import io
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from django.test.utils import override_settings as override

from agencies.models import Agency, User
from agencies.scope import agency_scope
from cases.opening import open_confirmed
from collections_crm.demo import cast, mailing, results
from collections_crm.demo.card import Card
from collections_crm.demo.files import case_file
from collections_crm.demo.quality import Quality
from collections_crm.demo.story import Story, working_days
from portfolios import checking, inspecting, receiving
from portfolios.mapping import Spec, spec_of
from portfolios.models import CaseFile, Portfolio

WEEKS = 5
SEED = 2026

Tell = Callable[[str], None]


class DemoFileRefused(RuntimeError):
    """The product did not take a demo file over as a creditor would expect: a defect of one of the two."""


def is_built() -> bool:
    return Agency.objects.filter(slug=cast.HOUSES[-1].slug).exists()


def build(*, today: date, state: Path, tell: Tell) -> None:
    """Build everything as of `today`; the story begins on the Monday five weeks before.

    Args:
        state: where the carrier simulator keeps what arrived on the phones.
        tell: is told in a few words what is being done.
    """
    start = today - timedelta(weeks=WEEKS, days=today.weekday())
    stories: list[Story] = []
    portfolios: dict[str, list[Portfolio]] = {}
    for house in cast.HOUSES:
        zone = ZoneInfo(house.time_zone)
        opening = datetime.combine(start, time(6), zone)
        tell(f"{house.name}: people and creditors")
        agency = cast.found(house, on=start, now=opening)
        for entrusted in cast.entrust(house, agency, on=start):
            tell(f"{house.name}: case file of {entrusted.creditor.name}")
            take_over(agency, entrusted, as_of=start, now=opening)
            portfolios.setdefault(house.slug, []).append(entrusted.portfolio)
        stories.append(Story(agency, Random(SEED)))
    cards = [Card(story) for story in stories]
    qualities = [Quality(story) for story in stories]
    for story, card in zip(stories, cards, strict=True):
        story.allocate(start)
        card.begin(start)
        results.agree(story, start)
    with mailing.carrier(state) as address, override(TWILIO_BASE_URL=address):
        for number, day in enumerate(working_days(start, today - timedelta(days=1))):
            tell(f"the day of {day:%d %B}")
            for story in stories:
                story.live(day)
            for card in cards:
                card.live(number, day)
            for quality in qualities:
                quality.live(number, day)
            _write(number, day, stories, portfolios)
    for story in stories:
        story.wake(today)
        results.close(story, today)
        mailing.waiting_for_approval(
            story.agency, name=f"SMS {today:%d.%m}", stage="SOFT", planner=story.coordinators[0],
            now=story.at(today, 6),
        )  # fmt: skip
        tell(f"{story.agency.name}: refused along the way: {story.refused}")
    if not User.objects.filter(email=cast.OPERATOR).exists():
        User.objects.create_user(
            cast.OPERATOR, cast.PASSWORD, full_name="Platform operator", language="en", is_platform_operator=True
        )


def _write(number: int, day: date, stories: list[Story], portfolios: dict[str, list[Portfolio]]) -> None:
    """On some days the agencies also write: messages in the second and fourth week, letters in between."""
    for story in stories:
        first, *others = portfolios[story.agency.slug]
        people = {"planner": story.coordinators[0], "approver": story.manager}
        if number in (7, 18):
            mailing.text_messages(
                story.agency, name=f"SMS {day:%d.%m}", portfolio=first if number == 7 else others[0],
                stage="PRE_SOFT" if number == 7 else "SOFT", now=story.at(day, 17), random=Random(number), **people,
            )  # fmt: skip
        if number == 13:
            least = {"MDL": 25_000, "EUR": 3_500}[first.mandate.currency]
            mailing.notification_letters(
                story.agency, name=f"{day:%d.%m}", portfolio=first, stage="SOFT", now=story.at(day, 17),
                min_balance=least, **people,
            )  # fmt: skip


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
    suggestion["columns"] = [{**column, "to": column["to"] or "extra"} for column in suggestion["columns"]]
    return spec_of(suggestion)
