from django.urls import path

from cases import remittance_views as views
from cases import reported_views

urlpatterns = [
    path("remittances/", views.remittance_list, name="remittances"),
    path("remittances/preview/", views.remittance_preview, name="remittance-preview"),
    path("remittances/issue/", views.remittance_issue, name="remittance-issue"),
    path("remittances/<int:remittance_id>/", views.remittance, name="remittance"),
    path("remittances/<int:remittance_id>/paid/", views.remittance_paid, name="remittance-paid"),
    path("remittances/<int:remittance_id>/pdf/", views.remittance_file, {"form": "pdf"}, name="remittance-pdf"),
    path("remittances/<int:remittance_id>/xlsx/", views.remittance_file, {"form": "xlsx"}, name="remittance-xlsx"),
    path("payments/reported/", reported_views.reported, name="reported-payments"),
    path("payments/reported/<int:reported_id>/", reported_views.reported_settle, name="reported-payment-settle"),
    path("creditor/payments/", reported_views.creditor_reported, name="creditor-payments"),
    path("creditor/payments/new/", reported_views.creditor_report, name="creditor-report"),
    path("creditor/remittances/", views.creditor_remittances, name="creditor-remittances"),
    path(
        "creditor/remittances/<int:remittance_id>/pdf/", views.creditor_remittance_file, {"form": "pdf"},
        name="creditor-remittance-pdf",
    ),
    path(
        "creditor/remittances/<int:remittance_id>/xlsx/", views.creditor_remittance_file, {"form": "xlsx"},
        name="creditor-remittance-xlsx",
    ),
]  # fmt: skip
