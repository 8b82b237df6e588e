from django.urls import path

from contacts import desk_views as views

urlpatterns = [
    path("cases/<int:case_id>/call/<int:point_id>/", views.begin_call, name="desk-call"),
    path("cases/<int:case_id>/result/", views.record_result, name="desk-result"),
    path("cases/<int:case_id>/recall/", views.recall, name="desk-recall"),
    path("cases/<int:case_id>/promise/", views.promise, name="desk-promise"),
]
