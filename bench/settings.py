"""Settings of a bench: the embedded test servers and the scratch database named by BENCH_DATABASE."""

import os

os.environ.setdefault("EMBEDDED_KIND", "test")

from collections_crm import embedded
from collections_crm.settings import *  # noqa: F403
from collections_crm.settings import DATABASES, VAR_DIR

DEBUG = False
for _alias in DATABASES:
    DATABASES[_alias]["NAME"] = os.environ.get("BENCH_DATABASE", "bench")
REDIS_URL = embedded.redis_url(database=15)
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
CELERY_BROKER_URL = "memory://"
MEDIA_ROOT = VAR_DIR / "test" / "media-bench"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["*"]
ACCOUNT_RATE_LIMITS = {}  # type: ignore[assignment]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
