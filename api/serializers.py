"""What the API shows, as documented shapes. Amounts are strings beside their currency."""

from typing import Any

from rest_framework import serializers

from cases.models import Case
from portfolios.models import CaseFile, CaseFileRow, Portfolio
from portfolios.reasons import level, sentence


class ProblemError(serializers.Serializer[Any]):
    pointer = serializers.CharField()
    detail = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """A problem of RFC 9457."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    errors = ProblemError(many=True, required=False)  # type: ignore[assignment]


class PortfolioOut(serializers.ModelSerializer[Portfolio]):
    creditor = serializers.CharField(source="creditor.name")
    currency = serializers.CharField(source="mandate.currency")

    class Meta:
        model = Portfolio
        fields = ["id", "name", "creditor", "currency", "received_on"]


class CaseFileOut(serializers.ModelSerializer[CaseFile]):
    portfolio = serializers.IntegerField(source="portfolio_id")
    counts = serializers.DictField(child=serializers.IntegerField())
    sums = serializers.DictField(child=serializers.DictField())
    problem = serializers.DictField(allow_null=True)
    detected = serializers.SerializerMethodField()

    class Meta:
        model = CaseFile
        fields = [
            "id", "portfolio", "filename", "sha256", "size", "state", "rows_total", "rows_done", "counts", "sums",
            "problem", "detected", "uploaded_at", "confirmed_at", "opened_at",
        ]  # fmt: skip

    def get_detected(self, case_file: CaseFile) -> dict[str, Any]:
        """Format, header, the suggested mapping and the questions that stay open."""
        names = ("format", "encoding", "delimiter", "sheet", "model", "header", "suggestion", "questions", "hints")
        return {name: case_file.detected[name] for name in names if name in case_file.detected}


class ReasonOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    column = serializers.CharField(allow_blank=True)
    level = serializers.ChoiceField(["error", "ineligible", "warning"])
    sentence = serializers.CharField()


class RowOut(serializers.ModelSerializer[CaseFileRow]):
    reasons = serializers.SerializerMethodField()

    class Meta:
        model = CaseFileRow
        fields = ["line", "contract_no", "verdict", "reasons", "changes"]

    def get_reasons(self, row: CaseFileRow) -> list[dict[str, str]]:
        return [
            {"code": of["code"], "column": of.get("column", ""), "level": level(of), "sentence": sentence(of)}
            for of in row.reasons
        ]


class MappingColumn(serializers.Serializer[Any]):
    column = serializers.CharField()
    to = serializers.CharField(
        allow_blank=True, help_text="A field of docs/creditors.md, `extra` to keep it, or `ignore`."
    )
    dates = serializers.CharField(required=False, allow_blank=True)
    decimal = serializers.CharField(required=False, allow_blank=True)


class MappingIn(serializers.Serializer[Any]):
    """See docs/creditors.md."""

    columns = MappingColumn(many=True)
    constants = serializers.DictField(child=serializers.CharField(), required=False)
    templates = serializers.DictField(child=serializers.CharField(), required=False)
    value_maps = serializers.DictField(child=serializers.DictField(), required=False)
    only = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), required=False)
    as_of = serializers.CharField(required=False, allow_blank=True)
    negate = serializers.ListField(child=serializers.CharField(), required=False)
    rest = serializers.CharField(required=False, allow_blank=True)
    reading = serializers.DictField(child=serializers.CharField(allow_blank=True), required=False)


class CaseOut(serializers.ModelSerializer[Case]):
    portfolio = serializers.IntegerField(source="portfolio_id")
    debtor_name = serializers.CharField(source="debtor.name")
    paid = serializers.DecimalField(source="account.paid", max_digits=14, decimal_places=2)

    class Meta:
        model = Case
        fields = [
            "id", "portfolio", "contract_no", "debtor_name", "stage", "stage_since", "currency", "balance", "overdue",
            "paid", "oldest_due_on", "opened_on", "closed_on", "close_reason",
        ]  # fmt: skip
