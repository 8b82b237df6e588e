"""The Celery app: a clock and a wake-up. Business times are rows; see `docs/sending.md`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collections_crm.settings")

app = Celery("collections_crm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
