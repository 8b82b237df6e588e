"""Handoffs over REST, for a law firm's own system and for the agency's: list, read, report steps and costs."""

from collections.abc import Collection
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.permissions import Permission
from api.documented import answers, page_of
from api.pages import Pages
from api.sides import CURSOR, KEY, BothSides, member_of, once_answered, word_in
from cases.models import DocumentKind
from cases.next_actions import local_day
from legal import costs, handoffs, proceedings, stopping
from legal.models import CostKind, Handoff, HandoffCost, HandoffDocument, HandoffWord, Proceeding, ProceedingStep

ID = OpenApiParameter("handoff_id", int, OpenApiParameter.PATH)


class HandoffOut(serializers.ModelSerializer[Handoff]):
    contract_no = serializers.CharField(source="case.contract_no")
    debtor = serializers.CharField(source="case.debtor.name")
    creditor = serializers.CharField(source="case.creditor.name")
    firm = serializers.CharField(source="firm.name")
    balance = serializers.DecimalField(source="case.balance", max_digits=14, decimal_places=2)
    currency = serializers.CharField(source="case.currency")

    class Meta:
        model = Handoff
        fields = [
            "id", "contract_no", "debtor", "creditor", "firm", "state", "balance", "currency", "sent_at", "accepted_at",
            "ended_at",
        ]  # fmt: skip


class StepOut(serializers.ModelSerializer[ProceedingStep]):
    class Meta:
        model = ProceedingStep
        fields = ["id", "code", "due_on", "set_by_court", "done_on", "note"]


class ProceedingOut(serializers.ModelSerializer[Proceeding]):
    steps = serializers.SerializerMethodField()

    class Meta:
        model = Proceeding
        fields = ["id", "country", "kind", "court", "file_no", "opened_on", "state", "ended_on", "steps"]

    @extend_schema_field(StepOut(many=True))
    def get_steps(self, proceeding: Proceeding) -> Any:
        """In the order of the proceeding."""
        steps = self.context.get("steps")
        if steps is None:
            steps = steps_of([proceeding])
        return StepOut(steps.get(proceeding.id, []), many=True).data


class CostOut(serializers.ModelSerializer[HandoffCost]):
    charged = serializers.SerializerMethodField(
        help_text="whether the debt carries them; not when the case was closed, nor once they were taken back"
    )

    class Meta:
        model = HandoffCost
        fields = ["id", "kind", "amount", "currency", "incurred_on", "note", "reported_at", "charged"]

    def get_charged(self, cost: HandoffCost) -> bool:
        return cost.entry_id is not None and cost.id not in self.context.get("taken_back", ())


class WordOut(serializers.ModelSerializer[HandoffWord]):
    class Meta:
        model = HandoffWord
        fields = ["id", "from_firm", "text", "at"]


class SharedOut(serializers.ModelSerializer[HandoffDocument]):
    id = serializers.IntegerField(source="document_id")
    kind = serializers.ChoiceField(DocumentKind.choices, source="document.kind")
    title = serializers.CharField(source="document.title")
    filename = serializers.CharField(source="document.filename")
    sha256 = serializers.CharField(source="document.sha256")
    made_at = serializers.DateTimeField(source="document.made_at")

    class Meta:
        model = HandoffDocument
        fields = ["id", "kind", "title", "filename", "sha256", "made_at", "from_firm"]


class OneHandoffOut(HandoffOut):
    words = serializers.SerializerMethodField(help_text="what the firm asked and the agency answered")
    documents = serializers.SerializerMethodField(help_text="what both sides may open")
    stopped = serializers.SerializerMethodField(help_text="why nothing new may be done; empty when nothing stops it")
    proceedings = serializers.SerializerMethodField()
    costs = serializers.SerializerMethodField()

    class Meta(HandoffOut.Meta):
        fields = [*HandoffOut.Meta.fields, "stopped", "words", "documents", "proceedings", "costs"]

    def get_stopped(self, handoff: Handoff) -> list[str]:
        return [stop.sentence for stop in stopping.stops(handoff)]

    @extend_schema_field(WordOut(many=True))
    def get_words(self, handoff: Handoff) -> Any:
        return WordOut(handoffs.words_of(handoff), many=True).data

    @extend_schema_field(SharedOut(many=True))
    def get_documents(self, handoff: Handoff) -> Any:
        return SharedOut(handoffs.shared(handoff), many=True).data

    @extend_schema_field(ProceedingOut(many=True))
    def get_proceedings(self, handoff: Handoff) -> Any:
        found = list(Proceeding.objects.filter(handoff=handoff).order_by("id"))
        return ProceedingOut(found, many=True, context={"steps": steps_of(found)}).data

    @extend_schema_field(CostOut(many=True))
    def get_costs(self, handoff: Handoff) -> Any:
        lines = costs.shown(handoff)
        gone = {line.cost.id for line in lines if line.taken_back is not None}
        return CostOut([line.cost for line in lines], many=True, context={"taken_back": gone}).data


def steps_of(found: Collection[Proceeding]) -> dict[int, list[ProceedingStep]]:
    """Proceeding -> its steps, in their order."""
    steps: dict[int, list[ProceedingStep]] = {}
    for step in ProceedingStep.objects.filter(proceeding__in=found).order_by("position", "id"):
        steps.setdefault(step.proceeding_id, []).append(step)
    return steps


class StepIn(serializers.Serializer[Any]):
    done_on = serializers.DateField()
    note = serializers.CharField(max_length=400, required=False, default="")


class CostIn(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=CostKind.choices)
    amount = serializers.DecimalField(max_digits=14, decimal_places=2)
    incurred_on = serializers.DateField()
    note = serializers.CharField(max_length=140, required=False, default="")


class OfHandoffs(BothSides):
    """The firm's people need their permission, the agency's people theirs; each sees only its own handoffs."""

    scope = "handoffs"
    inside, outside = Permission.LEGAL_HANDOFF, Permission.LAW_FIRM


class Handoffs(OfHandoffs):
    @answers(
        "handoffs", "Cases in the hands of law firms, oldest first",
        good={200: page_of("HandoffPage", HandoffOut)}, problems=(400,),
        parameters=[
            OpenApiParameter("state", str, enum=Handoff.State.values), *CURSOR,
        ],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        rows = handoffs.visible_to(member_of(request)).order_by("id")
        state = word_in(request, "state", Handoff.State.values)
        pages = Pages()
        found: Any = pages.paginate_queryset(rows.filter(state=state) if state else rows, request, view=self)
        return pages.get_paginated_response(HandoffOut(found, many=True).data)


class OneHandoff(OfHandoffs):
    @answers("handoff", "One handoff with its proceedings and costs", good={200: OneHandoffOut}, problems=(404,),
             parameters=[ID])  # fmt: skip
    def get(self, request: Request, handoff_id: int) -> Response:
        return Response(OneHandoffOut(handoff_of(request, handoff_id)).data)


class HandoffStep(OfHandoffs):
    @answers(
        "report_step", "Report that a step was done", good={200: StepOut}, problems=(400, 404, 409, 422),
        request=StepIn, parameters=[ID, OpenApiParameter("step_id", int, OpenApiParameter.PATH), KEY],
    )  # fmt: skip
    def post(self, request: Request, handoff_id: int, step_id: int) -> Response:
        handoff = handoff_of(request, handoff_id)
        step = get_object_or_404(ProceedingStep.objects, id=step_id, proceeding__handoff=handoff)
        given, now, member = valid(StepIn(data=request.data)), timezone.now(), member_of(request)

        def act() -> tuple[int, Any]:
            done = proceedings.report_step(step, by=member, as_of=local_day(member.agency, now), now=now, **given)
            return 200, StepOut(done).data

        return once_answered(request, f"step:{step.id}", act)


class HandoffCosts(OfHandoffs):
    @answers(
        "report_cost", "Report costs; they are charged to the debt", good={201: CostOut},
        problems=(400, 404, 409, 422), request=CostIn, parameters=[ID, KEY],
    )  # fmt: skip
    def post(self, request: Request, handoff_id: int) -> Response:
        handoff = handoff_of(request, handoff_id)
        given, member = valid(CostIn(data=request.data)), member_of(request)

        def act() -> tuple[int, Any]:
            return 201, CostOut(costs.report(handoff, by=member, now=timezone.now(), **given)).data

        return once_answered(request, f"costs:{handoff.id}", act)


def handoff_of(request: Request, handoff_id: int) -> Handoff:
    found: Handoff = get_object_or_404(handoffs.visible_to(member_of(request)), id=handoff_id)
    return found


def valid(given: serializers.Serializer[Any]) -> dict[str, Any]:
    given.is_valid(raise_exception=True)
    told: dict[str, Any] = given.validated_data
    return told
