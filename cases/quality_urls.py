from django.urls import path

from cases import quality_report_views as reports
from cases import quality_views as views

urlpatterns = [
    path("quality/", views.reviews, name="quality-reviews"),
    path("quality/samples/new/", views.draw, name="quality-draw"),
    path("quality/samples/<int:sample_id>/", views.sample, name="quality-sample"),
    path("quality/conversations/<int:review_id>/", views.review, name="quality-review"),
    path("quality/results/", reports.results, name="quality-results"),
    path("quality/cards/", reports.cards, name="quality-cards"),
    path("my-quality/", views.own, name="quality-own"),
    path("my-quality/<int:review_id>/", views.own_review, name="quality-own-review"),
]
