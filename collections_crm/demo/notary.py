"""Notarial deeds in the demo: drafted for plans, concluded before the notary or dropped; some of the plans break."""

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from cases import deed_law, deeds
from cases.models import Deed, Plan
from collections_crm.demo.pictures import paper
from collections_crm.demo.story import Story

NOTARIES = {
    "MD": "Notar Vlad Ursache, Chișinău", "RO": "Notar Ioana Dima, Iași", "LT": "Notarė Rūta Gerulaitė, Vilnius",
    "IT": "Notaio Paolo Riva, Trento", "CZ": "Notář Karel Hájek, Praha",
}  # fmt: skip
DRAFTING = (6, 11, 16, 22)
"""Working days on which deeds are drafted; the last ones still wait."""
CONCLUDING = (8, 13, 18)
"""Two days later the debtors stand before the notary, or do not."""
A_DAY = 2


class Notary:
    """What one agency brings before notaries, and with what success."""

    def __init__(self, story: Story) -> None:
        self.story, self.officer = story, story.restructuring or story.coordinators[0]
        self.turn = 0

    def live(self, number: int, day: date) -> None:
        """One working day; `number` counts them from the first."""
        if number in CONCLUDING:
            self._conclude(day)
        if number in DRAFTING:
            self._draft(day)

    def _draft(self, day: date) -> None:
        plans = Plan.objects.select_related("case").filter(state__in=deeds.DRAFTED_FOR)
        for plan in plans.exclude(id__in=Deed.objects.values("plan_id")).order_by("breaks_after", "id")[:A_DAY]:
            law = deed_law.law_of(plan.case.jurisdiction)
            with self.story.refused.passed_over("deeds"):
                deeds.draft(
                    plan, language=law.language if law else self.story.agency.language,
                    notary=NOTARIES[plan.case.jurisdiction[:2]], by=self.officer, now=self.story.at(day, 15),
                )  # fmt: skip

    def _conclude(self, day: date) -> None:
        """Of six drafts one is dropped and one waits for the next time; nobody needs a deed for a plan that is over."""
        now = self.story.at(day, 12)
        for deed in Deed.objects.filter(state="DRAFT").select_related("plan").order_by("id"):
            self.turn += 1
            with self.story.refused.passed_over("deeds"):
                if self.turn % 6 == 2 or deed.plan.state not in deeds.DRAFTED_FOR:
                    deeds.drop(deed, note="The debtor did not come to the notary.", by=self.officer, now=now)
                elif self.turn % 6 != 4:
                    number = f"1-{2040 + deed.id}"
                    scan = SimpleUploadedFile(f"deed-{deed.id}.pdf", paper(f"{deed.notary}\n\n{number}"))
                    deeds.conclude(
                        deed, notary=deed.notary, deed_no=number, concluded_on=day - timedelta(days=1), file=scan,
                        by=self.officer, as_of=day, now=now,
                    )  # fmt: skip
