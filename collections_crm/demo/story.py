"""How the demo's weeks went: each day the night's roll, payments, calls through the gate, promises and decisions.

Everything is done by the same functions people's clicks call, with the day's own clock. Whether a debtor answers and
pays follows from the contract number, so the same file always tells the same story.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from agencies.models import Agency, Membership
from agencies.scope import agency_scope
from cases import assignment, money, promises, queue, transitions
from cases.dispositions import record_disposition
from cases.models import Case, DispositionCode, Promise, Stage
from cases.notes import add_note
from cases.roll import roll_day
from collections_crm.demo import talks
from collections_crm.demo.refusals import Refusals
from common.refusals import Refused
from contacts import calls, waterfall
from debtors.models import ContactPoint
from portfolios.models import Creditor

CALLS_A_DAY = 11
NOTES = {
    "ro": (
        "Lucrează cu ziua, salariul vine pe 10.", "Roagă să fie sunat după ora 17.", "Soția a preluat apelul, revenim.",
        "Cere detalii despre dobândă, i s-au explicat.", "A plătit la bancă, trimite dovada.",
    ),
    "en": (
        "Paid by the day, wages come on the 10th.", "Asks to be called after five.", "Wants the interest explained; done.",
        "Will ask his brother for help.", "Says the bank took the instalment twice; to be checked with the creditor.",
    ),
}  # fmt: skip
REASONS = ("FORGOT", "INCOME_LOST", "ILLNESS", "OTHER_DEBTS", "UNWILLING", "UNKNOWN")


@dataclass(frozen=True)
class Nature:
    """What this case's debtor is like: shares of 1."""

    answers: float
    promises: float
    keeps: float


def nature_of(case: Case) -> Nature:
    kind = Random(case.contract_no).random()
    if kind < 0.24:
        return Nature(0.75, 0.7, 0.9)
    if kind < 0.58:
        return Nature(0.5, 0.45, 0.6)
    if kind < 0.8:
        return Nature(0.45, 0.4, 0.12)
    return Nature(0.12, 0.2, 0.2)


def working_days(start: date, end: date) -> Iterator[date]:
    """Mondays to Fridays from `start` to `end`, both included."""
    day = start
    while day <= end:
        if day.weekday() < 5:
            yield day
        day += timedelta(days=1)


@dataclass
class Story:
    """The days of one agency."""

    agency: Agency
    random: Random
    refused: Refusals = field(default_factory=Refusals)

    def __post_init__(self) -> None:
        self.zone = ZoneInfo(self.agency.time_zone)
        with agency_scope(self.agency.pk):
            self.codes = {code.code: code for code in DispositionCode.objects.all()}
            people = list(Membership.objects.select_related("user", "team", "agency").order_by("id"))
        self.collectors = [m for m in people if m.role == "COLLECTOR"]
        self.field_collectors = [m for m in people if m.role == "FIELD_COLLECTOR"]
        self.coordinators = [m for m in people if m.role == "COORDINATOR"]
        self.manager = next(m for m in people if m.role == "MANAGER")
        self.legal_officer = next(m for m in people if m.role == "LEGAL_OFFICER")
        self.restructuring = next((m for m in people if m.role == "RESTRUCTURING_OFFICER"), None)

    def say(self, *, ro: str, en: str) -> str:
        """What the people of this agency write: in Romanian at home, in English where three countries meet."""
        return ro if self.agency.language == "ro" else en

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute), self.zone)

    def allocate(self, day: date) -> None:
        """The manager gives portfolios to the call centre's team, its coordinator deals them to the collectors."""
        now = self.at(day, 8, 30)
        team = self.collectors[0].team_id
        if team is None:
            return
        with agency_scope(self.agency.pk):
            talks.write_lists(self.agency.language, by=self.coordinators[0], now=now)
            assignment.allocate(assignment.Rule("TEAM", (team,), as_of=day, now=now), by=self.manager, now=now)
            assignment.allocate(
                assignment.Rule(
                    "COLLECTOR", tuple(m.pk for m in self.collectors), as_of=day, now=now, team_ids=(team,)
                ),
                by=next(m for m in self.coordinators if m.team_id == team),
                now=now,
            )

    def live(self, day: date) -> None:
        """One working day from the night's roll to the last call."""
        with agency_scope(self.agency.pk):
            roll_day(as_of=day, now=self.at(day, 1, 30))
        with agency_scope(self.agency.pk):
            self._pay_promises(day)
            self._pay_unasked(day)
            self._decide_promises(day)
        for number, collector in enumerate(self.collectors):
            with agency_scope(self.agency.pk):
                self._work(collector, day, share=1 - 0.12 * number)
        if day.weekday() == 2:
            with agency_scope(self.agency.pk):
                self._move_stages(day)

    def wake(self, day: date) -> None:
        """The night before today: the roll is done, the day's work waits."""
        with agency_scope(self.agency.pk):
            roll_day(as_of=day, now=self.at(day, 1, 30))

    def _pay_promises(self, day: date) -> None:
        due = Promise.objects.select_related("case__account", "case__agency").filter(state="ACTIVE", due_on=day)
        for promise in due.order_by("id"):
            if self.random.random() < nature_of(promise.case).keeps:
                self.pay(promise.case, promise.amount, day)
            elif self.random.random() < 0.2:
                self.pay(promise.case, (promise.amount / 3).quantize(Decimal("0.01")), day)

    def _pay_unasked(self, day: date) -> None:
        open_cases = Case.objects.select_related("account", "agency").exclude(stage="CLOSED").filter(balance__gt=0)
        ids = list(open_cases.order_by("id").values_list("id", flat=True))
        for case in open_cases.filter(id__in=self.random.sample(ids, len(ids) // 260)).order_by("id"):
            share = self.random.choice((Decimal(1), Decimal("0.25"), Decimal("0.5"), Decimal("0.1")))
            self.pay(case, max((case.overdue or case.balance) * share, Decimal(1)).quantize(Decimal("0.01")), day)

    def pay(self, case: Case, amount: Decimal, day: date) -> None:
        """Book a payment of at most what is owed, at some hour of the day; a closed case takes none."""
        fresh = Case.objects.select_related("account", "agency").get(id=case.id)
        amount = min(amount, fresh.balance)
        if fresh.stage == Stage.CLOSED or amount <= 0:
            return
        now = self.at(day, self.random.randrange(8, 17), self.random.randrange(60))
        money.take_payment(
            fresh, amount=amount, received_on=day, by=self.manager, now=now, reference=f"{fresh.contract_no} {day:%d%m}"
        )

    def _decide_promises(self, day: date) -> None:
        for promise in Promise.objects.select_related("case__agency").filter(state="AWAITING_APPROVAL").order_by("id"):
            if day.toordinal() - promise.made_on.toordinal() < 1:
                continue
            by, now = self.coordinators[0], self.at(day, 9, 5)
            if self.random.random() < 0.8:
                promises.approve(promise, by=by, now=now)
            else:
                promises.refuse(
                    promise,
                    by=by,
                    now=now,
                    reason=self.say(ro="Cereți mai întâi o rată acum.", en="Ask for a first instalment now."),
                )

    def _work(self, collector: Membership, day: date, *, share: float) -> None:
        begin = self.at(day, 9, self.random.randrange(4, 30))
        rows = queue.page(collector, now=begin, limit=max(4, round(CALLS_A_DAY * share)))
        for number, row in enumerate(rows):
            now = begin + timedelta(minutes=number * 31 + self.random.randrange(12))
            case = Case.objects.select_related("agency", "account", "debtor", "mandate").get(id=row.id)
            self._work_one(case, collector, day, now)

    def _work_one(self, case: Case, collector: Membership, day: date, now: datetime) -> None:
        usable = [point for point in waterfall.best_points(case, now=now) if point.allowed]
        if not usable:
            self._leave_without_contact(case, collector, now)
            return
        point = ContactPoint.objects.get(id=usable[0].point_id)
        try:
            permit = calls.begin_call(case, point, by=collector, now=now)
        except Refused as refused:
            self.refused.count("calls", refused)
            self._leave_without_contact(case, collector, now)
            return
        code, further = self._answer(case, collector, day, now)
        talk = timedelta(minutes=self.random.randrange(2, 9))
        calls.record_result(
            case,
            code=self.codes[code],
            permit_id=permit.pk,
            contact_point=point,
            by=collector,
            now=now + talk,
            **further,
        )

    def _leave_without_contact(self, case: Case, collector: Membership, now: datetime) -> None:
        record_disposition(case, code=self.codes["NO_CONTACT"], by=collector, now=now, channel="CALL")

    def _answer(self, case: Case, collector: Membership, day: date, now: datetime) -> tuple[str, dict[str, Any]]:
        """What came of the call: a code, and what the code asks for."""
        nature, random = nature_of(case), self.random
        if random.random() > nature.answers:
            return random.choices(("NO_ANSWER", "BUSY", "WRONG_NUMBER", "THIRD_PARTY"), weights=(58, 24, 6, 12))[0], {}
        talked: dict[str, Any] = {"spoke_with": "HOLDER", "reason": random.choice(REASONS)}
        if random.random() < 0.35:
            talked["note"] = random.choice(NOTES["ro" if self.agency.language == "ro" else "en"])
        if random.random() < nature.promises and self._promise(case, collector, day, now):
            return "PROMISE", talked
        code = random.choices(
            ("CALL_BACK", "REFUSES", "SAYS_PAID", "DISPUTES", "HARDSHIP", "NO_FURTHER_CONTACT"),
            weights=(46, 26, 12, 6, 8, 2),
        )[0]
        if code == "SAYS_PAID":
            details = {
                "paid_on": day - timedelta(days=2), "amount": case.overdue or case.balance, "bank": "", "branch": case.branch,
                "method": "TRANSFER",
            }  # fmt: skip
            return code, {"details": details, "spoke_with": "HOLDER"}
        if code in ("CALL_BACK", "REFUSES"):
            talked["argument"] = talks.argument_of(case)
        if random.random() < 0.1:
            add_note(
                case, text=random.choice(NOTES["ro" if self.agency.language == "ro" else "en"]), by=collector, now=now
            )
        return code, talked

    def _promise(self, case: Case, collector: Membership, day: date, now: datetime) -> bool:
        """Agree a promise of one of the usual shapes; False when the rules refuse it."""
        if promises.open_promise(case) is not None:
            return False
        full = promises.due_sum(case, day)
        far = self.random.random() < 0.12
        half = max(case.original_instalment or Decimal(0), full / 2).quantize(Decimal("0.01"))
        amount = full if far or self.random.random() < 0.5 else min(half, full)
        due_on = day + timedelta(days=self.random.randrange(10, 26) if far else self.random.randrange(2, 8))
        try:
            made = promises.make_promise(case, amount=amount, due_on=due_on, by=collector, as_of=day, now=now)
        except Refused as refused:
            self.refused.count("promises", refused)
            return False
        talks.agree_way(made, by=collector, now=now)
        return True

    def _move_stages(self, day: date) -> None:
        """On Wednesdays the coordinator sends the largest ripe cases of each creditor to field."""
        now = self.at(day, 15)
        ripe = Case.objects.select_related("agency").filter(
            stage="SOFT", on_hold=False, on_plan=False, oldest_due_on__lte=day - timedelta(days=91)
        )
        largest = [
            case for creditor in Creditor.objects.order_by("id")
            for case in ripe.filter(creditor=creditor).order_by("-balance", "id")[:5]
        ]  # fmt: skip
        for case in largest:
            with self.refused.passed_over("cases to field"):
                transitions.apply(case, "send_to_field", by=self.manager, as_of=day, now=now)
                if self.field_collectors:
                    collector = self.field_collectors[case.pk % len(self.field_collectors)]
                    assignment.reassign(case, collector, by=self.manager, as_of=day, now=now)
