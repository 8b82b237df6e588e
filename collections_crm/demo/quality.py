"""What people complained about in the demo's weeks, and how conversations were judged.

As in the story, everything is done by the functions people's clicks call. It draws from a lot of its own, so that the
rest of the story goes as it went.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from agencies.models import Membership
from agencies.scope import agency_scope
from cases import debtor_complaints, documents, quality_cards, quality_reviews, quality_sampling
from cases.models import ConversationReview, DebtorComplaint, Disposition, QualitySample
from cases.quality_reviews import Given
from collections_crm.demo.pictures import paper
from collections_crm.demo.story import Story

Kind, State = DebtorComplaint.Kind, DebtorComplaint.State
ANSWERED_AFTER = timedelta(days=6)
SAMPLES = {10: True, 20: False}
"""Working day of a draw -> whether all of it was judged since."""


@dataclass(frozen=True)
class Heard:
    """One complaint: how it came, in which words (Romanian, English), and how it ended ("" while it is open)."""

    kind: str
    source: str
    way: str
    words: tuple[str, str]
    outcome: str = ""
    answered: bool = True
    hold: bool = False


HEARD: dict[int, Heard] = {
    0: Heard(
        Kind.FREQUENCY, "DEBTOR", "LETTER",
        ("Am fost sunat de trei ori într-o zi.", "I was called three times in one day."), "NOT_UPHELD",
    ),
    1: Heard(Kind.TONE, "DEBTOR", "PHONE", ("Operatorul a ridicat vocea la mine.", "The caller raised his voice at me.")),
    6: Heard(
        Kind.AMOUNT, "REGULATOR", "LETTER",
        ("Consumatorul contestă dobânda calculată.", "The consumer contests the interest."), "PARTLY", answered=False,
        hold=True,
    ),
    9: Heard(
        Kind.VISIT, "FOR_DEBTOR", "EMAIL",
        ("Vizita a avut loc în fața vecinilor.", "The visit took place in front of neighbours."), "UPHELD",
    ),
    14: Heard(
        Kind.WRONG_PERSON, "THIRD_PARTY", "PHONE",
        ("Nu cunosc acest debitor, numărul e al meu.", "I do not know this debtor; the number is mine."), "UPHELD",
        hold=True,
    ),
    19: Heard(
        Kind.DATA, "DEBTOR", "EMAIL",
        ("Cer să aflu ce date despre mine păstrați.", "I want to know which data about me you keep."),
    ),
}  # fmt: skip
MEASURES = {
    "UPHELD": ("Confirmat. Colegul a fost instruit, iar numărul șters.", "Confirmed. The colleague was trained."),
    "PARTLY": ("Dobânda a fost recalculată în parte.", "The interest was partly calculated anew."),
    "NOT_UPHELD": (
        "Apelurile au respectat limitele; o singură convorbire.",
        "Calls kept to the limits; one was answered.",
    ),
}
STEP = ("Am ascultat ambele părți și am cerut istoricul.", "Heard both sides and looked at the history.")
COMMENT = ("Ton calm; repetă suma și ziua convenită.", "Calm tone; repeat the sum and the day agreed.")
REPLY = ("Linia era slabă, dar țin cont.", "The line was bad, but I will mind it.")


class Quality:
    """Complaints and judged conversations of one agency, day by day."""

    def __init__(self, story: Story) -> None:
        self.story, self.random = story, Random(f"quality {story.agency.slug}")
        self.words = 0 if story.agency.language == "ro" else 1

    def live(self, number: int, day: date) -> None:
        """One working day; `number` counts them from the first."""
        with agency_scope(self.story.agency.pk):
            if number in HEARD:
                self._complain(HEARD[number], day)
            self._answer(day)
            if number in SAMPLES:
                self._judge(day, whole=SAMPLES[number])

    def _complain(self, heard: Heard, day: date) -> None:
        """Somebody with whom there was a conversation complains; whoever spoke is named where it is about the tone."""
        talks = Disposition.objects.select_related("case__agency").filter(code__outcome="CONVERSATION")
        talk = talks.exclude(case__stage="CLOSED").order_by("-at", "id").first()
        if talk is None:
            return
        who = Membership.objects.filter(user_id=talk.by_id).first()
        told = debtor_complaints.Received(
            kind=heard.kind, source=heard.source, way=heard.way, received_on=day, text=heard.words[self.words],
            about=who if heard.kind == Kind.TONE else None,
        )  # fmt: skip
        recorder = self.story.collectors[0] if heard.way == "PHONE" else self.story.coordinators[0]
        now = self.story.at(day, 16)
        debtor_complaints.receive(talk.case, told, by=recorder, as_of=day, now=now, with_hold=heard.hold)

    def _answer(self, day: date) -> None:
        """What is to be answered is decided and answered within its days."""
        due = DebtorComplaint.objects.select_related("case__agency", "owner__user").exclude(state=State.CLOSED)
        endings = {heard.words[self.words]: heard for heard in HEARD.values()}
        for complaint in due.filter(state=State.OPEN, received_on__lte=day - ANSWERED_AFTER).order_by("id"):
            heard, by, now = endings.get(complaint.text), complaint.owner, self.story.at(day, 17)
            if heard is None or by is None:
                continue
            if not heard.outcome:
                if day - complaint.received_on < ANSWERED_AFTER + timedelta(days=4):
                    debtor_complaints.note_step(complaint, text=STEP[self.words], by=by, now=now)
                continue
            measures = MEASURES[heard.outcome][self.words]
            complaint = debtor_complaints.decide(complaint, outcome=heard.outcome, measures=measures, by=by, now=now)
            if heard.answered:
                self._send(complaint, by, day, now)

    def _send(self, complaint: DebtorComplaint, by: Membership, day: date, now: datetime) -> None:
        answer = documents.add(
            complaint.case, kind="OTHER", title=f"{complaint}", filename=f"answer-{complaint.number}.pdf",
            content=paper(f"{complaint} · {day:%d.%m.%Y}\n\n{complaint.measures}"), mime="application/pdf", by=by, now=now,
        )  # fmt: skip
        debtor_complaints.answer(
            complaint, answer, way=complaint.way, answered_on=day, by=by, as_of=day, now=now, lift_hold=True
        )

    def _judge(self, day: date, *, whole: bool) -> None:
        """The coordinator draws a sample of their team and judges it, wholly or in part."""
        judge = self.story.coordinators[0]
        wanted = quality_sampling.Wanted(day - timedelta(days=13), day, 3, team=judge.team)
        with self.story.refused.passed_over("samples"):
            sample = quality_sampling.draw(
                wanted, seed=self.random.randrange(2**32), by=judge, now=self.story.at(day, 19)
            )
            self._judge_sample(sample, judge, day, whole=whole)

    def _judge_sample(self, sample: QualitySample, judge: Membership, day: date, *, whole: bool) -> None:
        rows = ConversationReview.objects.filter(sample=sample).exclude(collector=judge).order_by("id")
        for place, review in enumerate(rows):
            if not whole and place % 3 == 2:
                continue
            skill = Random(review.collector_id).uniform(0.55, 0.9)
            self._judge_one(review, judge, skill=skill, now=self.story.at(day, 19, 5 + place))

    def _judge_one(self, review: ConversationReview, judge: Membership, *, skill: float, now: datetime) -> None:
        items = quality_cards.items_of(review.card)
        given = {item.id: Given(self._points(skill, fatal=item.fatal)) for item in items}
        closed = quality_reviews.judge(review, given, comment=COMMENT[self.words], close=True, by=judge, now=now)
        if closed.failed:
            who = Membership.objects.select_related("user").get(id=closed.collector_id)
            quality_reviews.reply(closed, text=REPLY[self.words], by=who, now=now + timedelta(hours=1))

    def _points(self, skill: float, *, fatal: bool) -> int | None:
        lot = self.random.random()
        if fatal:
            return 2 if lot < 0.97 else 0
        if lot > 0.95:
            return None
        return 2 if lot < skill else 1 if lot < skill + 0.2 else 0
