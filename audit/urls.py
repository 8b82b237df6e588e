from django.urls import path

from audit import views

urlpatterns = [path("audit/", views.history_page, name="history")]
