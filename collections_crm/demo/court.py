"""The legal stage in the demo: decisions in all five countries, law firms, steps, costs, questions and a recall."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from agencies.models import Membership, User
from cases.models import ApprovalKind, Case
from collections_crm.demo import deciding
from collections_crm.demo.cast import PASSWORD
from collections_crm.demo.story import Story
from legal import complaints, costs, firms, handoffs, lawsuits, proceedings
from legal.models import Handoff, LawFirm, LawFirmMember, LawsuitCheck, LawsuitDecision, ProceedingStep

FIRMS: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "prut": (
        ("Balan și Asociații", "MD", "lawyer@balan.example", "Marina Balan"),
        ("Popa Avocați", "RO", "lawyer@popa.example", "Radu Popa"),
    ),
    "baltia": (
        ("Gintaras Law", "LT", "lawyer@gintaras.example", "Gintaras Petkus"),
        ("Studio Legale Bassi", "IT", "lawyer@bassi.example", "Chiara Bassi"),
        ("Dvořák a partneři", "CZ", "lawyer@dvorak.example", "Jan Dvořák"),
    ),
}
"""Name, country, login and person of each agency's firms; the first is the one the README names."""
LANGUAGES = {"MD": "ro", "RO": "ro", "LT": "lt", "IT": "it", "CZ": "cs"}
"""Country of a firm -> the language its people read."""


class Court:
    """What the legal officer of one agency and its law firms do."""

    def __init__(self, story: Story) -> None:
        self.story, self.agency, self.random = story, story.agency, story.random
        self.lawyers: dict[str, tuple[LawFirm, Membership]] = {}
        self.turn = 0

    def begin(self, now: datetime) -> None:
        for name, country, email, person in FIRMS[self.agency.slug]:
            firm = firms.save_firm(
                LawFirm(name=name, country=country, contact_name=person, contact_email=email),
                by=self.story.manager, now=now,
            )  # fmt: skip
            user = User.objects.create_user(email, PASSWORD, full_name=person, language=LANGUAGES[country])
            lawyer = Membership.objects.create(user=user, role="LAW_FIRM_USER")
            LawFirmMember.objects.create(membership=lawyer, firm=firm)
            self.lawyers[country] = (firm, lawyer)

    def sit(self, day: date) -> None:
        """The legal officer decides on old cases of each country; most go to the law firm, some wait."""
        stale = (
            Case.objects.select_related("agency", "account", "mandate", "debtor")
            .filter(stage="FIELD", court_decision_id=None, on_hold=False, oldest_due_on__lte=day - timedelta(days=120))
            .exclude(id__in=LawsuitDecision.objects.values("case_id"))
        )
        for country in self.lawyers:
            for case in stale.filter(jurisdiction__startswith=country).order_by("-balance", "id")[:2]:
                with self.story.refused.passed_over("lawsuits"):
                    self._decide(case, country, day)

    def _decide(self, case: Case, country: str, day: date) -> None:
        now, officer = self.story.at(day, 15), self.story.legal_officer
        say = self.story.say
        text = say(ro="Datoria este documentată și nu este contestată.", en="The debt is documented and not disputed.")
        words = {"reasons": ["NO_CONTACT", "USELESS"], "text": text}
        decision = lawsuits.save_draft(case, ticks={}, by=officer, as_of=day, now=now, **words)  # type: ignore[arg-type]
        missing = LawsuitCheck.objects.filter(decision=decision, state="MISSING").values_list("code", flat=True)
        archived = say(ro="În arhiva creditorului, comandat.", en="In the creditor's archive, ordered.")
        ticks = {code: lawsuits.Tick(explanation=archived) for code in missing}
        decision = lawsuits.save_draft(case, ticks=ticks, by=officer, as_of=day, now=now, **words)  # type: ignore[arg-type]
        decision = lawsuits.ask(decision, by=officer, as_of=day, now=now)
        self.turn += 1
        if self.turn % 5 == 4:
            return
        deciding.approve(self.story, ApprovalKind.LAWSUIT, decision.id, now + timedelta(hours=1))
        self._hand_over(decision.id, country, day, now + timedelta(hours=2))

    def _hand_over(self, decision_id: int, country: str, day: date, now: datetime) -> None:
        """Of seven packages one is kept back, one waits at the firm, one is asked about and one is recalled."""
        officer, (firm, lawyer) = self.story.legal_officer, self.lawyers[country]
        decision = LawsuitDecision.objects.get(id=decision_id)
        handoff = handoffs.prepare(
            decision,
            firm=firm,
            by=officer,
            as_of=day,
            now=now,
            payment_note=self.story.say(ro="Ce s-a plătit scade pretenția.", en="What was paid lowers the claim."),
        )
        turn = self.turn % 7
        if turn == 0:
            return
        handoffs.send(handoff, by=officer, now=now)
        if turn == 1:
            return
        handoff = handoffs.accept(handoff, by=lawyer, now=now + timedelta(hours=1))
        handoff = Handoff.objects.select_related("case").get(id=handoff.id)
        if turn == 2:
            text = self.story.say(ro="Aveți originalul contractului?", en="Is the original of the contract at hand?")
            handoffs.ask(handoff, text=text, by=lawyer, now=now)
            return
        if turn == 6:
            note = self.story.say(ro="Debitorul a sunat și cere un plan.", en="The debtor called and asks for a plan.")
            handoffs.recall(handoff, note=note, by=officer, now=now)
            return
        self._proceed(handoff, lawyer, day, now + timedelta(hours=2), steps=turn - 2)

    def _proceed(self, handoff: Handoff, lawyer: Membership, day: date, now: datetime, *, steps: int) -> None:
        kind = proceedings.kinds_for(handoff)[0]
        opened = proceedings.open_proceeding(
            handoff,
            kind=kind.code,
            opened_on=day,
            by=lawyer,
            now=now,
            court=self.story.say(ro="Judecătoria", en="District court"),
        )
        for step in ProceedingStep.objects.filter(proceeding=opened).order_by("position")[:steps]:
            with self.story.refused.passed_over("steps of proceedings"):
                proceedings.report_step(step, done_on=day, by=lawyer, as_of=day, now=now)
        costs.report(handoff, kind="COURT_FEE", amount=Decimal("35.00"), incurred_on=day, by=lawyer, now=now)

    def complain(self, day: date) -> None:
        """A leased car that cannot be found: the complaint is asked for; one is approved and filed."""
        now, officer = self.story.at(day, 16), self.story.legal_officer
        cars = Case.objects.select_related("agency", "mandate", "debtor", "creditor").filter(
            debt_kind="CAR_LEASE", stage="FIELD", on_hold=False
        )
        for number, case in enumerate(cars.order_by("-balance", "id")[:2]):
            with self.story.refused.passed_over("complaints to the police"):
                made = complaints.request(
                    case, reason="OBJECT_NOT_FOUND", place="Police, Praha 4",
                    wording="The leased car was not found at any known address since the contract was terminated.",
                    by=officer, now=now,
                )  # fmt: skip
                if number == 0:
                    deciding.approve(self.story, ApprovalKind.COMPLAINT, made.id, now + timedelta(hours=1))
                    made = complaints.file(
                        made, filed_on=day, by=officer, as_of=day, now=now + timedelta(hours=2), police_no="KRPA-1/2026"
                    )
                    complaints.note_police(
                        made, on=day, text="Received and registered.", by=officer, now=now + timedelta(hours=3)
                    )
