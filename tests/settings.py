"""Settings of the test run: the embedded test servers, one Redis database per worker, quick hashing."""

import os

from collections_crm import embedded

os.environ.setdefault("EMBEDDED_KIND", "test")

from collections_crm.settings import *  # noqa: F403
from collections_crm.settings import DATABASES, STORAGES, VAR_DIR

_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_run = os.environ.get("TEST_RUN", "")
"""A letter that tells test runs going on at the same time apart: each has its own databases."""
REDIS_URL = embedded.redis_url(database=(ord(_run) % 32 * 6 if _run else 0) % 60 + _worker)
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = VAR_DIR / "test" / f"media-{_run}{_worker}"
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
ALLOWED_HOSTS = ["*"]
ACCOUNT_RATE_LIMITS: dict[str, str] = {}

DATABASES["default"] = {**DATABASES["default"], "CONN_MAX_AGE": 0, "OPTIONS": {}}
for _alias, _role in (("default", "crm_app"), ("platform", "crm_platform"), ("owner", "crm_owner")):
    _owner = DATABASES["owner"]
    DATABASES[_alias] = {
        **DATABASES[_alias],
        "USER": _owner["USER"],
        "PASSWORD": _owner["PASSWORD"],
        "CONN_MAX_AGE": 0,
        "TEST": {"NAME": f"test_crm_{_run}" if _run else "test_crm", "DEPENDENCIES": []},
    }
ROLE_OF_ALIAS = {"default": "crm_app", "platform": "crm_platform", "owner": "crm_owner"}
