"""Run an approved campaign now, without waiting for the clock: plan it, send it, tell what became of it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from agencies.models import Agency
from agencies.scope import agency_scope
from contacts import campaign_runs, campaigns, letters, sending
from contacts.models import Campaign

State = Campaign.State


class Command(BaseCommand):
    help = "Run an approved campaign now: plan its messages, send them, and tell what became of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("agency", help="short name of the agency")
        parser.add_argument("campaign", help="number of the campaign, or its name when only one of that name may run")
        parser.add_argument("--threads", type=int, default=sending.THREADS)
        parser.add_argument("--plan-only", action="store_true", help="put the messages into the outbox, send nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        agency = Agency.objects.filter(slug=options["agency"]).first()
        if agency is None:
            raise CommandError(f"There is no agency {options['agency']}.")
        with agency_scope(agency.id):
            campaign = _named(options["campaign"], agency)
            runs = campaign_runs.start_now(campaign, now=timezone.now())
        for run_id in runs:
            judged = campaign_runs.plan(agency.id, run_id, clock=timezone.now)
            self.stdout.write(f"{judged} cases judged.")
        if not options["plan_only"]:
            if campaign.channel == "LETTER":
                letters.render_due(agency.id, clock=timezone.now)
            else:
                sending.send_due(agency.id, clock=timezone.now, threads=options["threads"])
        with agency_scope(agency.id):
            campaign_runs.finish_done(now=timezone.now())
            for state, number in campaigns.progress(campaign)["states"]:
                self.stdout.write(f"{state.label}: {number}")


def _named(text: str, agency: Agency) -> Campaign:
    """The one campaign meant, by number before name, that may run."""
    found = list(Campaign.objects.filter(id=int(text))) if text.isdecimal() else []
    found = found or list(Campaign.objects.filter(name=text).order_by("id"))
    if not found:
        raise CommandError(f"There is no campaign {text} in {agency.name}.")
    ready: list[Campaign] = [one for one in found if one.state in (State.APPROVED, State.PLANNING, State.RUNNING)]
    if not ready:
        raise CommandError("The campaign must be approved before it can run.")
    if len(ready) > 1:
        numbers = ", ".join(str(one.id) for one in ready)
        raise CommandError(f"Several campaigns are called {text}; give one of the numbers {numbers}.")
    return ready[0]
