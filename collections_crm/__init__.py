"""Wiring: settings, addresses, the Celery app, health, embedded servers."""

import jurisdictions  # noqa: F401 - before anything reads a clock
from collections_crm.celery import app as celery_app

__all__ = ["celery_app"]
