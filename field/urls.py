from django.urls import path

from field import views

urlpatterns = [
    path("field/", views.field_cases, name="field-cases"),
    path("field/<int:case_id>/sheet/", views.visit_sheet, name="field-sheet"),
]
