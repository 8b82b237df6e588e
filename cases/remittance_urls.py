from django.urls import path

from cases import remittance_views as views

urlpatterns = [
    path("remittances/", views.remittance_list, name="remittances"),
    path("remittances/preview/", views.remittance_preview, name="remittance-preview"),
    path("remittances/issue/", views.remittance_issue, name="remittance-issue"),
    path("remittances/<int:remittance_id>/", views.remittance, name="remittance"),
    path("remittances/<int:remittance_id>/paid/", views.remittance_paid, name="remittance-paid"),
    path("remittances/<int:remittance_id>/pdf/", views.remittance_file, {"form": "pdf"}, name="remittance-pdf"),
    path("remittances/<int:remittance_id>/xlsx/", views.remittance_file, {"form": "xlsx"}, name="remittance-xlsx"),
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
