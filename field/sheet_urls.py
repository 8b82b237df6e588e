"""Addresses of the visit sheet; included by `field.urls`."""

from django.urls import path

from field import sheet_views

urlpatterns = [
    path("field/<int:case_id>/sheet/", sheet_views.sheet, name="field-sheet"),
    path("field/<int:case_id>/sheet/pdf/", sheet_views.sheet_pdf, name="field-sheet-pdf"),
    path("field/papers/<int:document_id>/", sheet_views.paper_term, name="field-paper-term"),
]
