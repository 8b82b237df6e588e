"""Bank statements over REST: the bank's or the agency's own machine hands them in and reads what became of them."""

from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agencies.permissions import Permission
from api.documented import answers, page_of
from api.pages import Pages
from audit.once import digest_of, once
from cases import statement_intake, statement_pages
from ledger.models import BankStatement, IgnoreReason, StatementFile, StatementLine

_ID = OpenApiParameter("statement_id", int, OpenApiParameter.PATH)
_KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="The same key gives the first answer again."
)
_CURSOR = [OpenApiParameter("cursor", str), OpenApiParameter("page_size", int)]
_UPLOAD = {
    "multipart/form-data": {
        "type": "object", "properties": {"file": {"type": "string", "format": "binary"}}, "required": ["file"],
    }
}  # fmt: skip


class LineCounts(serializers.Serializer[Any]):
    booked = serializers.IntegerField()
    open = serializers.IntegerField()
    set_aside = serializers.IntegerField()


class BankStatementOut(serializers.ModelSerializer[BankStatement]):
    file = serializers.IntegerField(source="file_id")
    form = serializers.CharField(source="file.form")
    state = serializers.ChoiceField(StatementFile.State.choices, source="file.state")
    account = serializers.CharField(source="account.number")
    currency = serializers.CharField(source="account.currency")
    counts = serializers.SerializerMethodField()
    warnings = serializers.SerializerMethodField()

    class Meta:
        model = BankStatement
        fields = [
            "id", "file", "form", "state", "account", "currency", "number", "opened_on", "opening", "closed_on",
            "closing", "lines", "known", "pending", "counts", "warnings",
        ]  # fmt: skip

    @extend_schema_field(LineCounts)
    def get_counts(self, statement: BankStatement) -> dict[str, int]:
        found = self.context["counts"][statement.id]
        return {"booked": found["BOOKED"], "open": found["OPEN"], "set_aside": found["IGNORED"]}

    def get_warnings(self, statement: BankStatement) -> list[str]:
        return statement_pages.warning_sentences(statement)


class StatementFileOut(serializers.ModelSerializer[StatementFile]):
    statements = serializers.SerializerMethodField()

    class Meta:
        model = StatementFile
        fields = ["id", "form", "filename", "sha256", "size", "state", "uploaded_at", "statements"]

    def get_statements(self, file: StatementFile) -> list[int]:
        """Ids of the statements in the file."""
        return list(BankStatement.objects.filter(file=file).order_by("id").values_list("id", flat=True))


class StatementLineOut(serializers.ModelSerializer[StatementLine]):
    case = serializers.SerializerMethodField()
    reason = serializers.ChoiceField(IgnoreReason.choices, allow_blank=True)
    payment = serializers.IntegerField(source="payment_id", allow_null=True)
    part_of = serializers.IntegerField(source="part_of_id", allow_null=True)

    class Meta:
        model = StatementLine
        fields = [
            "id", "at_line", "booked_on", "value_on", "amount", "currency", "name", "iban", "text", "end_to_end",
            "bank_reference", "code", "reversal", "part_of", "state", "how", "reason", "payment", "case",
        ]  # fmt: skip

    def get_case(self, line: StatementLine) -> int | None:
        """Id of the case on which the line is booked."""
        case = self.context["cases"].get(line.payment.account_id) if line.payment else None
        return case.id if case else None


class BankStatements(APIView):
    scope = "payments"
    permission = Permission.STATEMENTS_MATCH
    parser_classes = [MultiPartParser]

    @answers(
        "bank_statements", "Bank statements, oldest first", good={200: page_of("BankStatementPage", BankStatementOut)},
        problems=(400,), parameters=_CURSOR,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        pages = Pages()
        rows = BankStatement.objects.select_related("file", "account").order_by("id")
        page: Any = pages.paginate_queryset(rows, request, view=self)
        context = {"counts": statement_pages.counts_of(page)}
        return pages.get_paginated_response(BankStatementOut(page, many=True, context=context).data)

    @answers(
        "take_in_bank_statement", "Take in an MT940 or CAMT.053 file",
        good={202: StatementFileOut, 200: StatementFileOut}, problems=(400, 409, 415, 422),
        request=_UPLOAD, parameters=[_KEY],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """202: kept, and being matched. 200: the very same file came before, or the same key; nothing was done.

        A file that contradicts itself is refused with 422: `line`, and `column` where known, say where.
        """
        member: Any = request._request.membership  # type: ignore[attr-defined]
        data: Any = request.data
        upload = data.get("file")
        if not isinstance(upload, UploadedFile):
            raise ValidationError({"file": [_("Choose a file.")]})
        content = upload.read(settings.BANK_STATEMENT_MAX_BYTES + 1)

        def act() -> tuple[int, Any]:
            with transaction.atomic():
                file, is_new = statement_intake.take_in(
                    content, filename=upload.name or "", by=member, now=timezone.now(), via="API"
                )
            return 202 if is_new else 200, dict(StatementFileOut(file).data)

        key = request.headers.get("Idempotency-Key")
        if key is None:
            status, body = act()
            return Response(body, status=status)
        digest = digest_of(upload.name or "", sha256(content).digest())
        answer = once(f"bank-statements:{member.id}", key, digest, act)
        headers = {"Idempotency-Replayed": "true"} if answer.replayed else {}
        return Response(answer.body, status=200 if answer.replayed else answer.status, headers=headers)


class OneBankStatement(APIView):
    scope = "payments"
    permission = Permission.STATEMENTS_MATCH

    @answers("bank_statement", "One bank statement", good={200: BankStatementOut}, problems=(404,), parameters=[_ID])
    def get(self, request: Request, statement_id: int) -> Response:
        statement = _statement(statement_id)
        context = {"counts": statement_pages.counts_of([statement])}
        return Response(BankStatementOut(statement, context=context).data)


class BankStatementLines(APIView):
    scope = "payments"
    permission = Permission.STATEMENTS_MATCH

    @answers(
        "bank_statement_lines", "Lines of a bank statement with their states",
        good={200: page_of("StatementLinePage", StatementLineOut)}, problems=(400, 404),
        parameters=[_ID, OpenApiParameter("state", str, enum=StatementLine.State.values), *_CURSOR],
    )  # fmt: skip
    def get(self, request: Request, statement_id: int) -> Response:
        """A split line is shown too; its parts name it as `part_of`."""
        lines = StatementLine.objects.filter(statement=_statement(statement_id)).select_related("payment")
        state = request.query_params.get("state", "")
        if state:
            if state not in StatementLine.State.values:
                raise ValidationError({"state": [_("There is no such state.")]})
            lines = lines.filter(state=state)
        pages = Pages()
        page: Any = pages.paginate_queryset(lines.order_by("id"), request, view=self)
        context = {"cases": statement_pages.cases_of(page)}
        return pages.get_paginated_response(StatementLineOut(page, many=True, context=context).data)


def _statement(statement_id: int) -> BankStatement:
    rows = BankStatement.objects.select_related("file", "account")
    statement: BankStatement = get_object_or_404(rows, id=statement_id)
    return statement
