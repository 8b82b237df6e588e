from django.urls import URLPattern, URLResolver, path

from portfolios import escalation_views, file_views, terms_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("case-files/", file_views.file_list, name="case-files"),
    path("case-files/upload/", file_views.upload, name="case-file-upload"),
    path("case-files/<int:file_id>/", file_views.file_page, name="case-file"),
    path("case-files/<int:file_id>/progress/", file_views.file_progress, name="case-file-progress"),
    path("case-files/<int:file_id>/map/", file_views.file_map, name="case-file-map"),
    path("case-files/<int:file_id>/confirm/", file_views.file_confirm, name="case-file-confirm"),
    path("case-files/<int:file_id>/errors/", file_views.file_errors, name="case-file-errors"),
    path("creditors/", terms_views.creditor_list, name="creditors"),
    path("creditors/new/", terms_views.creditor_edit, name="creditor-new"),
    path("creditors/<int:creditor_id>/", terms_views.creditor_page, name="creditor"),
    path("creditors/<int:creditor_id>/edit/", terms_views.creditor_edit, name="creditor-edit"),
    path("creditors/<int:creditor_id>/mandates/new/", terms_views.mandate_edit, name="mandate-new"),
    path("creditors/<int:creditor_id>/mandates/<int:mandate_id>/", terms_views.mandate_edit, name="mandate"),
    path("creditors/<int:creditor_id>/portfolios/new/", terms_views.portfolio_edit, name="portfolio-new"),
    path("creditors/<int:creditor_id>/portfolios/<int:portfolio_id>/", terms_views.portfolio_edit, name="portfolio"),
    path("strategies/visits/", escalation_views.escalation_list, name="escalation"),
    path("strategies/", terms_views.strategy_list, name="strategies"),
]
