"""Addresses the carrier calls. They stand alone, so that a sender can name them without loading every page."""

from django.urls import URLPattern, path

from contacts import hook_views

_MESSAGE = "hooks/carrier/<int:agency_id>/<int:message_id>/<str:proof>"

urlpatterns: list[URLPattern] = [
    path("hooks/carrier/inbound", hook_views.inbound, name="carrier-inbound"),
    path(f"{_MESSAGE}/status", hook_views.status, name="carrier-status"),
    path(f"{_MESSAGE}/voice", hook_views.voice, name="carrier-voice"),
    path(f"{_MESSAGE}/digits", hook_views.digits, name="carrier-digits"),
]
