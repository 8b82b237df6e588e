from django.urls import path

from legal import views

urlpatterns = [
    path("legal/", views.legal_cases, name="legal-cases"),
]
