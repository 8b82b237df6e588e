from django.urls import path

from reports import result_views, views

urlpatterns = [
    path("dashboard/", views.dashboard, name="dashboard"),
    path("reports/payments/", views.payment_list, name="report-payments"),
    path("reports/promises/", views.promise_list, name="report-promises"),
    path("reports/contacts/", views.contact_list, name="report-contacts"),
    path("reports/plans/", result_views.plan_list, name="report-plans"),
    path("reports/settlements/", result_views.settlement_list, name="report-settlements"),
    path("reports/visits/", result_views.trip_list, name="report-trips"),
    path("reports/court/", result_views.court_list, name="report-court"),
    path("reports/commission/", result_views.commission_list, name="report-commission"),
]
