from django.urls import path

from reports import views

urlpatterns = [
    path("dashboard/", views.dashboard, name="dashboard"),
    path("reports/payments/", views.payment_list, name="report-payments"),
    path("reports/promises/", views.promise_list, name="report-promises"),
    path("reports/contacts/", views.contact_list, name="report-contacts"),
]
