from django.urls import URLPattern, URLResolver, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from agencies.permissions import Permission
from api import (
    agreements,
    approvals,
    bank_statements,
    case_files,
    cases,
    complaints,
    handoff_deeds,
    handoffs,
    payments,
    visits,
)
from api.access import HasPermission


class Schema(SpectacularAPIView):
    permission = Permission.API
    scope = ""
    permission_classes = [HasPermission]


class Browse(SpectacularSwaggerSplitView):
    permission = Permission.API
    scope = ""
    permission_classes = [HasPermission]


urlpatterns: list[URLPattern | URLResolver] = [
    path("portfolios", case_files.Portfolios.as_view(), name="api-portfolios"),
    path("case-files", case_files.CaseFiles.as_view(), name="api-case-files"),
    path("case-files/<int:file_id>", case_files.OneCaseFile.as_view(), name="api-case-file"),
    path("case-files/<int:file_id>/rows", case_files.CaseFileRows.as_view(), name="api-case-file-rows"),
    path("case-files/<int:file_id>/errors", case_files.CaseFileErrors.as_view(), name="api-case-file-errors"),
    path("case-files/<int:file_id>/mapping", case_files.CaseFileMapping.as_view(), name="api-case-file-mapping"),
    path("case-files/<int:file_id>/confirm", case_files.CaseFileConfirmation.as_view(), name="api-case-file-confirm"),
    path("cases", cases.Cases.as_view(), name="api-cases"),
    path("cases/<int:case_id>", cases.OneCase.as_view(), name="api-case"),
    path("approvals", approvals.Approvals.as_view(), name="api-approvals"),
    path("approvals/<int:approval_id>", approvals.OneApproval.as_view(), name="api-approval"),
    path("approvals/<int:approval_id>/decision", approvals.ApprovalDecision.as_view(), name="api-approval-decision"),
    path("handoffs", handoffs.Handoffs.as_view(), name="api-handoffs"),
    path("handoffs/<int:handoff_id>", handoffs.OneHandoff.as_view(), name="api-handoff"),
    path("handoffs/<int:handoff_id>/steps/<int:step_id>", handoffs.HandoffStep.as_view(), name="api-handoff-step"),
    path("handoffs/<int:handoff_id>/costs", handoffs.HandoffCosts.as_view(), name="api-handoff-costs"),
    path(
        "handoffs/<int:handoff_id>/acceptance", handoff_deeds.HandoffAcceptance.as_view(), name="api-handoff-acceptance"
    ),
    path("handoffs/<int:handoff_id>/questions", handoff_deeds.HandoffQuestions.as_view(), name="api-handoff-questions"),
    path("handoffs/<int:handoff_id>/documents", handoff_deeds.HandoffDocuments.as_view(), name="api-handoff-documents"),
    path(
        "handoffs/<int:handoff_id>/documents/<int:document_id>",
        handoff_deeds.OneHandoffDocument.as_view(),
        name="api-handoff-document",
    ),
    path(
        "handoffs/<int:handoff_id>/proceedings",
        handoff_deeds.HandoffProceedings.as_view(),
        name="api-handoff-proceedings",
    ),
    path("bank-statements", bank_statements.BankStatements.as_view(), name="api-bank-statements"),
    path(
        "bank-statements/<int:statement_id>",
        bank_statements.OneBankStatement.as_view(),
        name="api-bank-statement",
    ),
    path(
        "bank-statements/<int:statement_id>/lines",
        bank_statements.BankStatementLines.as_view(),
        name="api-bank-statement-lines",
    ),
    path("promises", agreements.Promises.as_view(), name="api-promises"),
    path("plans", agreements.Plans.as_view(), name="api-plans"),
    path("plans/<int:plan_id>", agreements.OnePlan.as_view(), name="api-plan"),
    path("settlements", agreements.Settlements.as_view(), name="api-settlements"),
    path("payments", payments.Payments.as_view(), name="api-payments"),
    path("reported-payments", payments.ReportedPayments.as_view(), name="api-reported-payments"),
    path("complaints", complaints.Complaints.as_view(), name="api-complaints"),
    path("visits", visits.Visits.as_view(), name="api-visits"),
    path("visit-orders", visits.VisitOrders.as_view(), name="api-visit-orders"),
    path("schema", Schema.as_view(), name="api-schema"),
    path("docs", Browse.as_view(url_name="api-schema"), name="api-docs"),
]
