from django.urls import include, path

from field import follow_up_views, office_views, views

urlpatterns = [
    path("", include("field.visit_urls")),
    path("field/", views.field_cases, name="field-cases"),
    path("", include("field.sheet_urls")),
    path("field/trips/", office_views.trips, name="field-trips"),
    path("field/trips/assign/", office_views.trips_assign, name="field-trips-assign"),
    path("field/trips/<int:order_id>/", office_views.order_change, name="field-order-change"),
    path("field/trips/new/<int:case_id>/", office_views.order_new, name="field-order-new"),
    path("field/cases/<int:case_id>/go-on/", office_views.go_on, name="field-go-on"),
    path("field/day/", office_views.day, name="field-day"),
    path("field/territories/", office_views.territory_list, name="field-territories"),
    path("field/territories/new/", office_views.territory_edit, name="field-territory-new"),
    path("field/territories/<int:territory_id>/", office_views.territory_edit, name="field-territory"),
    path("field/report/", office_views.report, name="field-report"),
    path("field/follow-up/", follow_up_views.inbox, name="field-follow-up"),
    path(
        "field/follow-up/recommendations/<int:recommendation_id>/", follow_up_views.decide, name="field-recommendation"
    ),
    path("field/follow-up/differences/<int:discrepancy_id>/", follow_up_views.resolve, name="field-discrepancy"),
    path("field/follow-up/incidents/<int:incident_id>/", follow_up_views.told, name="field-incident"),
]
