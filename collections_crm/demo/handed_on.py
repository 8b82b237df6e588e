"""Cases in the demo that go into other hands: to experts, and with a sold debt to its buyer."""

from datetime import date, datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from agencies.models import Membership
from agencies.people import change_place
from cases import experts, sales
from cases.models import ApprovalKind, Case, DebtSale, SoldCase
from collections_crm.demo import deciding
from collections_crm.demo.pictures import paper
from collections_crm.demo.story import Story
from portfolios import terms
from portfolios.models import Creditor, EscalationRule

VISITS_IN_VAIN = 2
MARKING, RELEASING = 8, 13
SALES = {12: True, 17: False, 22: None}
"""Working day of a sale -> what its creditor answers; None: it still waits. Each is another creditor's."""
SOLD_TOGETHER = 3
BUYERS = {"prut": "Debitum Invest SRL", "baltia": "Boreal Receivables UAB"}
ADVISERS = {"ro": ("Av. Sorin Ciobanu", "Av. Livia Rusnac"), "en": ("Mindaugas Vaitkus", "Serena Fabbri")}


class HandedOn:
    """What one agency gives to its experts, and which debts its creditors sell."""

    def __init__(self, story: Story) -> None:
        self.story = story

    def begin(self, day: date, now: datetime) -> None:
        """The rule by which the night finds cases for experts, and the first of them."""
        rule = EscalationRule(effective_on=day, expert_after_visits=VISITS_IN_VAIN)
        terms.save(rule, by=self.story.manager, changed=["expert_after_visits"])
        expert = self.story.collectors[-1]
        change_place(
            expert, role=expert.role, team=expert.team, capacity=expert.capacity, is_expert=True,
            by=Membership.objects.get(role="AGENCY_ADMINISTRATOR"), now=now,
        )  # fmt: skip

    def live(self, number: int, day: date) -> None:
        """One working day; `number` counts them from the first."""
        if number == MARKING:
            self._mark(day)
        if number == RELEASING:
            self._release(day)
        if number in SALES:
            self._sell(list(SALES).index(number), SALES[number], day)

    def _mark(self, day: date) -> None:
        """The coordinator gives the largest talks that lead nowhere to an expert; two debtors have a lawyer."""
        now, by = self.story.at(day, 11), self.story.coordinators[0]
        names = ADVISERS.get(self.story.agency.language, ADVISERS["en"])
        hard = Case.objects.select_related("agency", "debtor").filter(stage="SOFT", on_hold=False, for_experts="")
        for place, case in enumerate(hard.order_by("-balance", "id")[:4]):
            with self.story.refused.passed_over("experts"):
                experts.mark(case, by=by, now=now)
                if place < len(names):
                    experts.name_adviser(
                        case, name=names[place], phone="", email=f"office{case.id}@lawyers.example", by=by, now=now
                    )

    def _release(self, day: date) -> None:
        marked = Case.objects.select_related("agency").filter(for_experts="PERSON").exclude(stage="CLOSED")
        for case in marked.order_by("balance", "id")[:1]:
            with self.story.refused.passed_over("experts"):
                experts.release(case, by=self.story.coordinators[0], now=self.story.at(day, 11))

    def _sell(self, place: int, answer: bool | None, day: date) -> None:
        """A creditor sold some old debts; once it confirms that, the debtors are written to."""
        now, creditors = self.story.at(day, 13), Creditor.objects.order_by("id")
        old = Case.objects.filter(creditor=creditors[place], stage="SOFT", on_plan=False, for_experts="")
        ids = list(old.order_by("oldest_due_on", "id").values_list("id", flat=True)[:SOLD_TOGETHER])
        with self.story.refused.passed_over("sales"):
            sale = sales.record_sale(
                ids, buyer=BUYERS[self.story.agency.slug], sold_on=day - timedelta(days=2),
                file=SimpleUploadedFile("notice.pdf", paper("Notice of assignment")), by=self.story.manager,
                as_of=day, now=now,
            )  # fmt: skip
            if answer is None:
                return
            deciding.approve(self.story, ApprovalKind.SALE, sale.id, now + timedelta(hours=2), grant=answer)
            if answer:
                self._write(sale, now + timedelta(hours=3))

    def _write(self, sale: DebtSale, now: datetime) -> None:
        for line in SoldCase.objects.filter(sale=sale).select_related("sale", "case__debtor", "case__agency"):
            sales.write_notice(line, by=self.story.manager, now=now)
