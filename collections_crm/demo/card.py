"""The rest of a case's life in the demo: statements, plans, settlements, remittance; visits and the court beside.

As in the story, everything is done by the functions people's clicks call, with the day's own clock; what the rules
refuse is left undone, as people would.
"""

from datetime import date, timedelta
from decimal import Decimal

from agencies.scope import agency_scope
from cases import payment_reports, plan_formats, plans, remittances, settlements, waivers
from cases.models import ApprovalKind, Case, Instalment, Plan, PlanFormat
from cases.plan_schedule import most_months
from cases.statement_booking import match_file
from collections_crm.demo import deciding
from collections_crm.demo.court import Court
from collections_crm.demo.handed_on import HandedOn
from collections_crm.demo.notary import Notary
from collections_crm.demo.statements import Incoming, account, camt
from collections_crm.demo.story import Story, nature_of
from collections_crm.demo.visits import Visits
from debtors import contact_points
from debtors.models import ContactPoint
from ledger.models import Bucket
from ledger.statements import keeping
from portfolios.models import Creditor, Mandate

FORMATS = (
    plan_formats.FormatTerms(name="Standard", max_months=6),
    plan_formats.FormatTerms(name="Extended", max_months=12, fee_percent=Decimal("1.5"), balloon_allowed=True),
)
EARLY = timedelta(days=7)
"""Every third plan begins so soon that the weeks still show whether it is kept."""


class Card:
    """What one agency does beside calling, day by day."""

    def __init__(self, story: Story) -> None:
        self.story, self.agency, self.random = story, story.agency, story.random
        self.statement, self.opening = 0, Decimal("12500.00")
        self.visits, self.court = Visits(story), Court(story)
        self.notary, self.handed_on = Notary(story), HandedOn(story)

    def begin(self, day: date) -> None:
        """Terms, formats, territories and the law firms, before the first day."""
        now = self.story.at(day, 9)
        with agency_scope(self.agency.pk):
            for mandate in Mandate.objects.select_related("creditor").order_by("id"):
                Mandate.objects.filter(id=mandate.id).update(
                    interest_percent=Decimal("9.5"), penalty_percent_daily=Decimal("0.02"),
                    max_discount_percent=max(mandate.max_discount_percent, Decimal(20)),
                )  # fmt: skip
                for terms in FORMATS:
                    made = plan_formats.make(mandate, terms, by=self.story.manager, now=now)
                    deciding.approve(self.story, ApprovalKind.PLAN_FORMAT, made.id, now)
            self.visits.begin(now)
            self.court.begin(now)
            self.handed_on.begin(day, now)

    def live(self, number: int, day: date) -> None:
        """One working day; `number` counts them from the first."""
        with agency_scope(self.agency.pk):
            self.visits.morning(day)
        for what, weekdays in (
            (self._agree, (0, 3)), (self.visits.drive, (0, 1, 3, 4)), (self.visits.decide, (2,)), (self.court.sit, (2,)),
            (self._bank, (4,)), (self._hear_creditors, (3,)), (self._forgive, (1,)),
        ):  # fmt: skip
            if day.weekday() in weekdays:
                with agency_scope(self.agency.pk):
                    what(day)
        with agency_scope(self.agency.pk):
            self._follow_plans(day)
            self._pay_instalments(day)
            self.notary.live(number, day)
            self.handed_on.live(number, day)
            if number == 17:
                self._remit(day)
            if number == 19:
                self.court.complain(day)
            if number == 20:
                self.visits.pay_off(day)
            self.visits.report(day)

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
        lines += self._from_known_accounts(ids, day)
        self.statement += 1
        content, self.opening = camt(
            iban=self.agency.payment_iban, currency=currency, number=self.statement, day=day, opening=self.opening,
            lines=lines,
        )  # fmt: skip
        file, is_new = keeping.keep(content, filename=f"camt053-{day:%Y%m%d}.xml", by=self.story.manager, now=now)
        if is_new:
            match_file(self.agency.pk, file.id, now=now)

    def _from_known_accounts(self, ids: list[int], day: date) -> list[Incoming]:
        """Payers who name nothing: their account is known, because they were asked from which one they would pay."""
        lines = []
        at_home = Case.objects.select_related("debtor").filter(id__in=ids, jurisdiction=self.agency.country)
        for case in at_home.order_by("-balance", "id")[self.statement :: 40][:2]:
            paid_from = account(self.agency.country, case.debtor_id)
            if not ContactPoint.objects.filter(debtor=case.debtor, kind="ACCOUNT").exists():
                contact_points.add(
                    case.debtor, kind="ACCOUNT", value=paid_from, by=self.story.collectors[0],
                    now=self.story.at(day, 10), case_id=case.id,
                )  # fmt: skip
            lines.append(Incoming(Decimal(100), "Cont colector", "Transfer", paid_from))
        return lines

    def _hear_creditors(self, day: date) -> None:
        now = self.story.at(day, 17)
        for creditor in Creditor.objects.order_by("id"):
            user = deciding.creditor_user(creditor.id)
            found = Case.objects.filter(creditor=creditor, balance__gt=100).exclude(stage="CLOSED")
            ids = list(found.order_by("id").values_list("id", flat=True))
            lines = [
                payment_reports.Line(
                    case.contract_no,
                    min(case.balance, Decimal(150)),
                    case.currency,
                    day - timedelta(days=1),
                    self.story.say(ro="Casierie", en="Cash desk"),
                )
                for case in found.filter(id__in=self.random.sample(ids, min(4, len(ids)))).order_by("id")
            ]
            lines.append(payment_reports.Line(f"{creditor.id}-unknown", Decimal(75), self.agency.currency, day))
            payment_reports.report(creditor, lines, via="API", by=user, now=now)

    def _remit(self, day: date) -> None:
        now = self.story.at(day, 16)
        for mandate in Mandate.objects.select_related("creditor").order_by("id"):
            with self.story.refused.passed_over("remittances"):
                made = remittances.issue(
                    mandate, currency=mandate.currency, through=day - timedelta(days=1), by=self.story.manager, now=now
                )
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
            with self.story.refused.passed_over("plans"):
                plans.request(
                    case, format=formats[case.id % 2], advance=case.original_instalment,
                    advance_by=day + timedelta(days=4), by=self.story.collectors[0], as_of=day, now=now,
                )  # fmt: skip
                if self.random.random() < 0.75:
                    self.story.pay(case, case.original_instalment, day)
        for case in willing.filter(id__in=self.random.sample(ids, min(2, len(ids)))).order_by("id"):
            with self.story.refused.passed_over("settlements"):
                offer = settlements.offer(
                    case, discount_percent=Decimal(10), pay_by=day + timedelta(days=10), by=self.story.collectors[0],
                    as_of=day, now=now,
                )  # fmt: skip
                if self.random.random() < 0.7:
                    deciding.approve(self.story, ApprovalKind.DISCOUNT, offer.id, now + timedelta(hours=2))
                    if self.random.random() < 0.5:
                        self.story.pay(case, offer.amount, day)

    def _forgive(self, day: date) -> None:
        """The penalty of one debtor a week is asked to be waived; the second person often agrees."""
        now = self.story.at(day, 12)
        penalised = Case.objects.select_related("mandate", "account", "agency", "creditor").filter(
            stage="SOFT", on_hold=False, on_plan=False, account__penalty__gt=0
        )
        for case in penalised.order_by("-account__penalty", "id")[:1]:
            with self.story.refused.passed_over("waivers"):
                part = min(case.account.penalty, waivers.largest(case))
                why = self.story.say(
                    ro="A fost internat în spital când s-au adăugat penalitățile.",
                    en="Was in hospital while the penalty was added.",
                )
                asked = waivers.ask(
                    case, parts={Bucket.PENALTY: part}, reason=why, by=self.story.collectors[0], now=now
                )
                if self.random.random() < 0.6:
                    deciding.approve(self.story, ApprovalKind.WAIVER, asked.id, now + timedelta(hours=2))

    def _follow_plans(self, day: date) -> None:
        """The restructuring officer drafts what is ready; deciders decide; most debtors sign and pay."""
        now = self.story.at(day, 14)
        officer = self.story.restructuring or self.story.coordinators[0]
        for plan in Plan.objects.select_related("case__mandate", "case__account", "case__agency", "format").filter(
            state__in=("DRAFTING", "APPROVED")
        ).order_by("id"):  # fmt: skip
            with self.story.refused.passed_over("schedules"):
                if plan.state == "APPROVED":
                    plans.sign(plan, by=officer, as_of=day, now=now)
                    continue
                amount, first_on = plans.proposal(plan, as_of=day)
                if plan.id % 3 == 0:
                    first_on = day + EARLY
                smallest = plans.terms_of(plan, amount=amount, months=1, first_on=first_on).minimum
                months = most_months(amount, minimum=smallest, max_months=min(plan.format.max_months, 4))
                terms = plans.terms_of(plan, amount=amount, months=months, first_on=first_on)
                drafted = plans.draft(plan, terms, by=officer, as_of=day, now=now)
                if self.random.random() < 0.8:
                    deciding.approve(self.story, ApprovalKind.PLAN, drafted.id, now + timedelta(hours=1))

    def _pay_instalments(self, day: date) -> None:
        """What falls due today is paid by those who keep their word."""
        due = Instalment.objects.select_related("plan__case").filter(plan__state="ACTIVE", number__gt=0, due_on=day)
        for one in due.order_by("id"):
            if self.random.random() < nature_of(one.plan.case).keeps:
                self.story.pay(one.plan.case, one.amount, day)
