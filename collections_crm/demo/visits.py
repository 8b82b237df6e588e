"""Visits in the demo: territories, trips, what was found at the door, leased cars, and what coordinators decide."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from agencies.models import Membership
from cases.models import ApprovalKind, Case
from collections_crm.demo import deciding, talks
from collections_crm.demo.pictures import car as car_photo
from collections_crm.demo.pictures import house, signature
from collections_crm.demo.story import REASONS, Story
from field import experts, final_reports, follow_up, objects, orders, photos, reporting, territories, visiting
from field.models import Discrepancy, Incident, Recommendation, Territory, Visit, VisitOrder

AREAS: dict[str, tuple[tuple[str, list[str], list[str]], ...]] = {
    "prut": (("Nord", ["MD-3", "MD-4"], []), ("Centru", ["MD-2"], []), ("Sud", ["MD-39", "MD-5"], [])),
    "baltia": (("Vilnius", ["0", "1"], []), ("Klaipėda", ["9"], []), ("Praha", ["1"], []), ("Nord Italia", ["3"], [])),
}
OUTCOMES = ("MET_DEBTOR", "NOBODY", "NOBODY", "MET_OTHER", "MOVED", "REFUSED")
CAR_STEPS = ("SECURED", "TRANSPORTED", "HANDED_OVER")


class Visits:
    """What the field collectors of one agency do, and what follows."""

    def __init__(self, story: Story) -> None:
        self.story, self.agency, self.random = story, story.agency, story.random

    def begin(self, now: datetime) -> None:
        for number, (name, prefixes, cities) in enumerate(AREAS[self.agency.slug]):
            collectors = self.story.field_collectors
            territories.keep(
                Territory(
                    name=name, country="", postal_prefixes=prefixes, cities=cities,
                    collector=collectors[number % len(collectors)],
                ),
                by=self.story.manager, now=now,
            )  # fmt: skip

    def morning(self, day: date) -> None:
        """Orders are opened and given; the most pressing first."""
        now = self.story.at(day, 7, 30)
        orders.keep_in_step(as_of=day, now=self.story.at(day, 7))
        experts.mark_due(as_of=day, now=self.story.at(day, 7))
        waiting = list(
            VisitOrder.objects.filter(state="OPEN", collector=None).order_by("due_at").values_list("id", flat=True)
        )
        people = self.story.field_collectors
        for place, person in enumerate(people):
            orders.assign(waiting[place :: len(people) + 1], person, by=self.story.manager, now=now)

    def drive(self, day: date) -> None:
        for collector in self.story.field_collectors:
            for place, stop in enumerate(visiting.pending_of(collector)[:5]):
                moment = self.story.at(day, 10) + timedelta(minutes=50 * place)
                outcome = self.random.choice(OUTCOMES)
                with self.story.refused.passed_over("visits"):
                    visit = visiting.record_visit(
                        stop, draft_key=UUID(int=self.random.getrandbits(128)), started_at=moment,
                        report=self._report(outcome, stop.order.case), by=collector, now=moment + timedelta(minutes=20),
                    )  # fmt: skip
                    if visit.case.debt_kind == "CAR_LEASE" and outcome != "MOVED":
                        self._car(visit.case, collector, moment + timedelta(minutes=25))

    def _report(self, outcome: str, case: Case) -> visiting.Report:
        further: dict[str, Any] = {}
        say = self.story.say
        if outcome == "MET_DEBTOR":
            further = {
                "result": self.story.codes["REFUSES" if self.random.random() < 0.4 else "CALL_BACK"],
                "reason": self.random.choice(REASONS), "letter": "DEBTOR", "rights_explained": True, "monthly_income": Decimal(self.random.randrange(400, 2200)),
                "occupants": self.random.randrange(1, 6), "signature": signature(case.id), "signer": case.debtor.name[:120],
                "new_number": talks.fresh_number(case), "number_not_given": True,
                "assets": (visiting.AssetFound("VEHICLE", say(ro="Mașină de vreo zece ani", en="Car, about ten years old"), Decimal(3500)),),
            }  # fmt: skip
            if self.random.random() < 0.3:
                further["differs"] = (
                    say(ro="Locul de muncă", en="Employer"), say(ro="ca în fișier", en="as in the file"),
                    say(ro="a plecat acum un an", en="left a year ago"),
                )  # fmt: skip
        elif outcome == "MET_OTHER":
            further = {"relation": self.random.choice(("NEIGHBOUR", "FAMILY", "ADMINISTRATOR"))}
        if outcome in ("REFUSED", "MOVED"):
            further["recommends"] = ("LEGAL", "USELESS", "") if outcome == "REFUSED" else ("PHONE", "OTHER_ADDRESS", "")
        if outcome == "REFUSED" and self.random.random() < 0.25:
            further["incident"] = say(
                ro="Au dat drumul câinelui în curte; am plecat imediat.",
                en="The dog was let loose in the yard; I left at once.",
            )
        picture = photos.read(house(case.id), kind="RESIDENCE", time_zone=self.agency.time_zone)
        return visiting.Report(outcome=outcome, business_card=True, photos=(picture,), **further)

    def _car(self, case: Case, collector: Membership, now: datetime) -> None:
        """A leased car is found; the boot waits for the creditor, who sometimes says yes; some cars are taken home."""
        with self.story.refused.passed_over("cars"):
            car = objects.register(
                case, description=case.collateral or "Car", plate=f"LV {case.id}", by=collector, now=now
            )
            seen = photos.read(car_photo(case.id), kind="OBJECT", time_zone=self.agency.time_zone)
            objects.take_step(
                car, "FOUND", place="Parked in front of the house", pictures=(seen,), by=collector, now=now
            )
            asked = objects.ask_for_boot(car, note="Keys are refused.", by=collector, now=now)
            if self.random.random() < 0.6:
                deciding.approve(self.story, ApprovalKind.BOOT, asked.id, now + timedelta(hours=3))
                objects.take_step(car, "BOOTED", by=collector, now=now + timedelta(hours=20))
                for hours, step in enumerate(CAR_STEPS[: self.random.randrange(4)], start=22):
                    objects.take_step(
                        car, step, place="Creditor's yard", by=collector, now=now + timedelta(hours=hours)
                    )

    def decide(self, day: date) -> None:
        """The coordinator goes through what the visits left: most is followed, some stays for today."""
        now, by, say = self.story.at(day, 16, 30), self.story.manager, self.story.say
        for made in Recommendation.objects.filter(state="OPEN").select_related("case").order_by("id")[:3]:
            with self.story.refused.passed_over("recommendations"):
                follow_up.decide(
                    made,
                    accept=self.random.random() < 0.7,
                    by=by,
                    now=now,
                    note=say(ro="Mai încercați o dată la telefon.", en="Try once more by phone first."),
                )
        for difference in Discrepancy.objects.filter(resolved_at=None).order_by("id")[:1]:
            corrected = say(
                ro="Am întrebat creditorul; dosarul este corectat.", en="Asked the creditor; the file is corrected."
            )
            follow_up.resolve(difference, resolution=corrected, by=by, now=now)
        for incident in Incident.objects.filter(creditor_told_at=None).order_by("id")[:1]:
            follow_up.tell_creditor(
                incident, person=say(ro="Serviciul de securitate", en="Security desk"), by=by, now=now
            )

    def pay_off(self, day: date) -> None:
        """Two debtors who were met at home pay all they owe."""
        met = Visit.objects.filter(outcome="MET_DEBTOR").values("case_id")
        for case in (
            Case.objects.filter(id__in=met, balance__gt=0).exclude(stage="CLOSED").order_by("balance", "id")[:2]
        ):
            self.story.pay(case, case.balance, day)

    def report(self, day: date) -> None:
        """What the evening's worker makes: final reports of visited cases that closed."""
        for case_id in final_reports.owed():
            reporting.make_wanted_report(case_id, now=self.story.at(day, 21))
