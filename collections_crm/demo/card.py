"""The rest of a case's life in the demo: statements, plans, settlements, visits, the court, remittance.

As in the story, everything is done by the functions people's clicks call, with the day's own clock; what the rules
refuse is left undone, as people would.
"""

import io
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from PIL import Image, ImageDraw

from agencies.models import Membership, User
from agencies.scope import agency_scope
from cases import approvals, payment_reports, plan_formats, plans, remittances, settlements
from cases.models import Approval, ApprovalKind, Case, Plan, PlanFormat
from cases.statement_booking import match_file
from collections_crm.demo import talks
from collections_crm.demo.cast import PASSWORD
from collections_crm.demo.statements import Incoming, camt
from collections_crm.demo.story import Story
from common.refusals import Refused
from field import objects, orders, photos, territories, visiting
from field.models import Territory, VisitOrder
from ledger.statements import keeping
from legal import costs, firms, handoffs, lawsuits, proceedings
from legal.models import Handoff, LawFirm, LawFirmMember, LawsuitCheck, LawsuitDecision, ProceedingStep
from portfolios.models import Creditor, CreditorUser, Mandate

FORMATS = (
    plan_formats.FormatTerms(name="Standard", max_months=6),
    plan_formats.FormatTerms(name="Extended", max_months=12, fee_percent=Decimal("1.5"), balloon_allowed=True),
)
AREAS: dict[str, tuple[tuple[str, list[str], list[str]], ...]] = {
    "prut": (("Nord", ["MD-3", "MD-4"], []), ("Centru", ["MD-2"], []), ("Sud", ["MD-39", "MD-5"], [])),
    "baltia": (("Vilnius", ["0", "1"], []), ("Klaipėda", ["9"], []), ("Praha", ["1"], []), ("Nord Italia", ["3"], [])),
}
FIRMS = {
    "prut": ("Balan și Asociații", "MD", "lawyer@balan.example", "Marina Balan"),
    "baltia": ("Gintaras Law", "LT", "lawyer@gintaras.example", "Gintaras Petkus"),
}


class Card:
    """What one agency does beside calling, day by day."""

    def __init__(self, story: Story) -> None:
        self.story, self.agency, self.random = story, story.agency, story.random
        self.statement, self.opening = 0, Decimal("12500.00")
        self.lawyer: Membership | None = None

    def begin(self, day: date) -> None:
        """Terms, formats, territories and the law firm, before the first day."""
        now = self.story.at(day, 9)
        with agency_scope(self.agency.pk):
            for mandate in Mandate.objects.select_related("creditor").order_by("id"):
                Mandate.objects.filter(id=mandate.id).update(
                    interest_percent=Decimal("9.5"), penalty_percent_daily=Decimal("0.02"),
                    max_discount_percent=max(mandate.max_discount_percent, Decimal(20)),
                )  # fmt: skip
                for terms in FORMATS:
                    made = plan_formats.make(mandate, terms, by=self.story.manager, now=now)
                    self._approve(ApprovalKind.PLAN_FORMAT, made.id, now)
            for number, (name, prefixes, cities) in enumerate(AREAS[self.agency.slug]):
                collectors = self.story.field_collectors
                territories.keep(
                    Territory(
                        name=name, country="", postal_prefixes=prefixes, cities=cities,
                        collector=collectors[number % len(collectors)],
                    ),
                    by=self.story.manager, now=now,
                )  # fmt: skip
            name, country, email, person = FIRMS[self.agency.slug]
            firm = firms.save_firm(
                LawFirm(name=name, country=country, contact_name=person, contact_email=email),
                by=self.story.manager, now=now,
            )  # fmt: skip
            user = User.objects.create_user(email, PASSWORD, full_name=person, language=self.agency.language)
            self.lawyer = Membership.objects.create(user=user, role="LAW_FIRM_USER")
            LawFirmMember.objects.create(membership=self.lawyer, firm=firm)

    def live(self, number: int, day: date) -> None:
        """One working day; `number` counts them from the first."""
        with agency_scope(self.agency.pk):
            orders.keep_in_step(as_of=day, now=self.story.at(day, 7))
            self._give_trips(day)
        for what, weekdays in (
            (self._agree, (0, 3)), (self._visit, (1, 3)), (self._go_to_court, (2,)), (self._bank, (4,)),
            (self._hear_creditors, (3,)),
        ):  # fmt: skip
            if day.weekday() in weekdays:
                with agency_scope(self.agency.pk):
                    what(day)
        with agency_scope(self.agency.pk):
            self._follow_plans(day)
            if number == 17:
                self._remit(day)

    # --- money ------------------------------------------------------------------------------------------------------

    def _bank(self, day: date) -> None:
        now = self.story.at(day, 18)
        currency = self.agency.currency
        open_cases = (
            Case.objects.select_related("debtor").filter(currency=currency, balance__gt=50).exclude(stage="CLOSED")
        )
        ids = list(open_cases.order_by("id").values_list("id", flat=True))
        lines = []
        for case in open_cases.filter(id__in=self.random.sample(ids, min(14, len(ids)))).order_by("id"):
            amount = min(case.balance, max(case.overdue / 4, Decimal(20))).quantize(Decimal("0.01"))
            kind = self.random.random()
            text = f"Rata {case.contract_no}" if kind < 0.7 else "Plata datorie" if kind < 0.9 else "Transfer"
            lines.append(Incoming(amount, case.debtor.name if kind < 0.9 else "Cont colector", text))
        self.statement += 1
        content, self.opening = camt(
            iban=self.agency.payment_iban, currency=currency, number=self.statement, day=day, opening=self.opening,
            lines=lines,
        )  # fmt: skip
        file, is_new = keeping.keep(content, filename=f"camt053-{day:%Y%m%d}.xml", by=self.story.manager, now=now)
        if is_new:
            match_file(self.agency.pk, file.id, now=now)

    def _hear_creditors(self, day: date) -> None:
        now = self.story.at(day, 17)
        for creditor in Creditor.objects.order_by("id"):
            user = self._creditor_user(creditor.id)
            found = Case.objects.filter(creditor=creditor, balance__gt=100).exclude(stage="CLOSED")
            ids = list(found.order_by("id").values_list("id", flat=True))
            lines = [
                payment_reports.Line(
                    case.contract_no,
                    min(case.balance, Decimal(150)),
                    case.currency,
                    day - timedelta(days=1),
                    "Cash desk",
                )
                for case in found.filter(id__in=self.random.sample(ids, min(4, len(ids)))).order_by("id")
            ]
            lines.append(payment_reports.Line(f"{creditor.id}-unknown", Decimal(75), self.agency.currency, day))
            payment_reports.report(creditor, lines, via="API", by=user, now=now)

    def _remit(self, day: date) -> None:
        now = self.story.at(day, 16)
        for mandate in Mandate.objects.select_related("creditor").order_by("id"):
            try:
                made = remittances.issue(
                    mandate, currency=mandate.currency, through=day - timedelta(days=1), by=self.story.manager, now=now
                )
            except Refused:
                continue
            if mandate.id % 2:
                remittances.mark_paid_over(made, on=day, by=self.story.manager, now=now)

    # --- plans and settlements --------------------------------------------------------------------------------------

    def _agree(self, day: date) -> None:
        now = self.story.at(day, 11)
        willing = Case.objects.select_related("mandate", "agency", "account").filter(
            stage__in=("SOFT", "FIELD"), on_hold=False, original_instalment__gt=0, on_plan=False
        )
        ids = list(willing.order_by("id").values_list("id", flat=True))
        for case in willing.filter(id__in=self.random.sample(ids, min(5, len(ids)))).order_by("id"):
            formats = PlanFormat.objects.filter(mandate=case.mandate, state="APPROVED").order_by("id")
            try:
                plans.request(
                    case, format=formats[case.id % 2], advance=case.original_instalment,
                    advance_by=day + timedelta(days=4), by=self.story.collectors[0], as_of=day, now=now,
                )  # fmt: skip
            except Refused:
                continue
            if self.random.random() < 0.75:
                self.story.pay(case, case.original_instalment, day)
        for case in willing.filter(id__in=self.random.sample(ids, min(2, len(ids)))).order_by("id"):
            try:
                offer = settlements.offer(
                    case, discount_percent=Decimal(10), pay_by=day + timedelta(days=10), by=self.story.collectors[0],
                    as_of=day, now=now,
                )  # fmt: skip
            except Refused:
                continue
            if self.random.random() < 0.7:
                self._approve(ApprovalKind.DISCOUNT, offer.id, now + timedelta(hours=2))
                if self.random.random() < 0.5:
                    self.story.pay(case, offer.amount, day)

    def _follow_plans(self, day: date) -> None:
        """The restructuring officer drafts what is ready; deciders decide; most debtors sign and pay."""
        now = self.story.at(day, 14)
        officer = self.story.restructuring or self.story.coordinators[0]
        for plan in Plan.objects.select_related("case__mandate", "case__account", "case__agency", "format").filter(
            state__in=("DRAFTING", "APPROVED")
        ).order_by("id"):  # fmt: skip
            try:
                if plan.state == "APPROVED":
                    plans.sign(plan, by=officer, as_of=day, now=now)
                    continue
                amount, first_on = plans.proposal(plan, as_of=day)
                terms = plans.terms_of(plan, amount=amount, months=min(plan.format.max_months, 4), first_on=first_on)
                drafted = plans.draft(plan, terms, by=officer, as_of=day, now=now)
                if self.random.random() < 0.8:
                    self._approve(ApprovalKind.PLAN, drafted.id, now + timedelta(hours=1))
            except Refused:
                continue

    # --- visits -----------------------------------------------------------------------------------------------------

    def _give_trips(self, day: date) -> None:
        by, now = self.story.manager, self.story.at(day, 7, 30)
        waiting = list(
            VisitOrder.objects.filter(state="OPEN", collector=None).order_by("due_at").values_list("id", flat=True)
        )
        people = self.story.field_collectors
        for place, person in enumerate(people):
            orders.assign(waiting[place :: len(people) + 1], person, by=by, now=now)

    def _visit(self, day: date) -> None:
        outcomes = ("MET_DEBTOR", "NOBODY", "NOBODY", "MET_OTHER", "MOVED", "REFUSED")
        for collector in self.story.field_collectors:
            for place, stop in enumerate(visiting.pending_of(collector)[:5]):
                moment = self.story.at(day, 10) + timedelta(minutes=50 * place)
                outcome = self.random.choice(outcomes)
                try:
                    visit = visiting.record_visit(
                        stop, draft_key=UUID(int=self.random.getrandbits(128)), started_at=moment,
                        report=self._report(outcome, stop.order.case), by=collector, now=moment + timedelta(minutes=20),
                    )  # fmt: skip
                except Refused:
                    continue
                if visit.case.debt_kind == "CAR_LEASE" and outcome != "MOVED":
                    self._object(visit.case, collector, moment + timedelta(minutes=25))

    def _report(self, outcome: str, case: Case) -> visiting.Report:
        further: dict[str, Any] = {}
        if outcome == "MET_DEBTOR":
            further = {
                "result": self.story.codes["REFUSES" if self.random.random() < 0.4 else "CALL_BACK"],
                "new_number": talks.fresh_number(case), "number_not_given": True,
                "letter": "DEBTOR", "rights_explained": True, "monthly_income": Decimal(self.random.randrange(400, 2200)),
                "occupants": self.random.randrange(1, 6),
                "assets": (visiting.AssetFound("VEHICLE", "Car, about ten years old", Decimal(3500)),),
            }  # fmt: skip
        elif outcome == "MET_OTHER":
            further = {"relation": "neighbour"}
        if outcome in ("REFUSED", "MOVED"):
            further["recommends"] = ("LEGAL", "USELESS", "") if outcome == "REFUSED" else ("PHONE", "OTHER_ADDRESS", "")
        picture = photos.read(_house(case.id), kind="RESIDENCE", time_zone=self.agency.time_zone)
        return visiting.Report(outcome=outcome, business_card=True, photos=(picture,), **further)

    def _object(self, case: Case, collector: Membership, now: datetime) -> None:
        """A leased car is found; the boot waits for the creditor, who sometimes says yes."""
        try:
            car = objects.register(
                case, description=case.collateral or "Car", plate=f"LV {case.id}", by=collector, now=now
            )
            objects.take_step(car, "FOUND", place="Parked in front of the house", by=collector, now=now)
            asked = objects.ask_for_boot(car, note="Keys are refused.", by=collector, now=now)
            if self.random.random() < 0.5:
                self._approve(ApprovalKind.BOOT, asked.id, now + timedelta(hours=3))
                objects.take_step(car, "BOOTED", by=collector, now=now + timedelta(hours=20))
        except Refused:
            return

    # --- court ------------------------------------------------------------------------------------------------------

    def _go_to_court(self, day: date) -> None:
        """The legal officer decides on a few old field cases; most go to the law firm, some wait for their approval."""
        now, officer = self.story.at(day, 15), self.story.legal_officer
        stale = Case.objects.select_related("agency", "account", "mandate").filter(
            stage="FIELD", court_decision_id=None, oldest_due_on__lte=day - timedelta(days=120)
        )
        for case in stale.order_by("-balance", "id")[:4]:
            try:
                decision = lawsuits.save_draft(
                    case, reasons=["NO_CONTACT", "USELESS"], text="The debt is documented and not disputed.", ticks={},
                    by=officer, as_of=day, now=now,
                )  # fmt: skip
                missing = LawsuitCheck.objects.filter(decision=decision, state="MISSING").values_list("code", flat=True)
                ticks = {code: lawsuits.Tick(explanation="In the creditor's archive, ordered.") for code in missing}
                decision = lawsuits.save_draft(
                    case,
                    reasons=["NO_CONTACT", "USELESS"],
                    text=decision.text,
                    ticks=ticks,
                    by=officer,
                    as_of=day,
                    now=now,
                )
                decision = lawsuits.ask(decision, by=officer, as_of=day, now=now)
                if self.random.random() < 0.75:
                    self._approve(ApprovalKind.LAWSUIT, decision.id, now + timedelta(hours=1))
                    self._hand_over(decision.id, day, now + timedelta(hours=2))
            except Refused:
                continue

    def _hand_over(self, decision_id: int, day: date, now: datetime) -> None:
        officer, lawyer = self.story.legal_officer, self.lawyer
        decision = LawsuitDecision.objects.get(id=decision_id)
        firm = LawFirm.objects.order_by("id").first()
        assert firm is not None
        assert lawyer is not None
        handoff = handoffs.prepare(
            decision, firm=firm, by=officer, as_of=day, now=now, payment_note="What was paid lowers the claim."
        )
        if self.random.random() < 0.2:
            return
        handoffs.send(handoff, by=officer, now=now)
        if self.random.random() < 0.2:
            return
        handoff = handoffs.accept(handoff, by=lawyer, now=now + timedelta(hours=1))
        handoff = Handoff.objects.select_related("case").get(id=handoff.id)
        kind = proceedings.kinds_for(handoff)[0]
        opened = proceedings.open_proceeding(
            handoff, kind=kind.code, opened_on=day, by=lawyer, now=now + timedelta(hours=2), court="District court"
        )
        step = ProceedingStep.objects.filter(proceeding=opened).order_by("position").first()
        assert step is not None
        proceedings.report_step(step, done_on=day, by=lawyer, as_of=day, now=now + timedelta(hours=2))
        costs.report(
            handoff, kind="COURT_FEE", amount=Decimal("35.00"), incurred_on=day, by=lawyer, now=now + timedelta(hours=2)
        )

    # --- who says yes -----------------------------------------------------------------------------------------------

    def _approve(self, kind: ApprovalKind, subject_id: int, now: datetime) -> None:
        for asked in Approval.objects.filter(kind=kind, subject_id=subject_id, state="WAITING").order_by("id"):
            by = self._creditor_user(asked.creditor_id) if asked.side == "CREDITOR" else self.story.manager
            if by.user_id == asked.asked_by_id:
                by = self.story.coordinators[0]
            approvals.decide(asked, grant=True, by=by, now=now)

    def _creditor_user(self, creditor_id: int) -> Membership:
        found: CreditorUser = (
            CreditorUser.objects.filter(creditor_id=creditor_id).select_related("membership__user").order_by("id")[0]
        )
        member: Membership = found.membership
        return member


def _house(number: int) -> bytes:
    """A picture of a house, drawn for this demo: no photograph of anything real."""
    hue = (number * 47) % 160 + 60
    image = Image.new("RGB", (960, 640), (196, 214, 230))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 460, 960, 640), fill=(120, 140, 110))
    draw.rectangle((240, 260, 720, 500), fill=(hue, 180, 200 - hue // 3))
    draw.polygon(((200, 260), (480, 110), (760, 260)), fill=(140, 70, 60))
    draw.rectangle((440, 370, 520, 500), fill=(90, 60, 50))
    for left in (290, 600):
        draw.rectangle((left, 320, left + 80, 390), fill=(230, 235, 240))
    draw.text((20, 610), f"No. {number}", fill=(255, 255, 255))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()
