"""Addresses of the phone's pages; included by `field.urls`."""

from django.urls import path

from field import visit_views as pages

urlpatterns = [
    path("field/stops/", pages.stops, name="field-stops"),
    path("field/stops/<int:stop_id>/visit/", pages.visit_form, name="visit-form"),
    path("field/stops/<int:stop_id>/left-out/", pages.stop_left_out, name="visit-left-out"),
    path("field/visits/<int:visit_id>/", pages.visit, name="visit"),
    path("field/visits/<int:visit_id>/photos/", pages.photo_add, name="visit-photo-add"),
    path("field/visits/<int:visit_id>/protocol/", pages.protocol_make, name="visit-protocol"),
    path("field/photos/<int:photo_id>/", pages.photo, name="visit-photo"),
    path("field/photos/<int:photo_id>/original/", pages.photo_original, name="visit-photo-original"),
    path("field/cases/<int:case_id>/objects/", pages.case_objects, name="case-objects"),
    path("field/cases/<int:case_id>/final-report/", pages.final_report_make, name="final-report"),
    path("field/objects/<int:object_id>/step/", pages.object_step, name="object-step"),
]
