from django.urls import path

from cases import complaint_views as views

urlpatterns = [
    path("cases/<int:case_id>/complaints/new/", views.record, name="debtor-complaint-record"),
    path("complaints/", views.register, name="debtor-complaints"),
    path("complaints/<int:debtor_complaint_id>/", views.complaint, name="debtor-complaint"),
    path("complaints/<int:debtor_complaint_id>/give/", views.give, name="debtor-complaint-give"),
    path("complaints/<int:debtor_complaint_id>/steps/", views.step, name="debtor-complaint-step"),
    path("complaints/<int:debtor_complaint_id>/decide/", views.decide, name="debtor-complaint-decide"),
    path("complaints/<int:debtor_complaint_id>/answer/", views.answer, name="debtor-complaint-answer"),
    path("creditor/complaints/", views.creditor_complaints, name="creditor-complaints"),
]
