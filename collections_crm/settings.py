"""Settings, from the environment; `.env.example` lists them all. Without DATABASE_URL and REDIS_URL the embedded
servers under `var/` are used."""

from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from kombu import Queue

from collections_crm import embedded, env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))

DEBUG = env.flag("DEBUG", False)
EMBEDDED = not env.present("DATABASE_URL", "url")


def _secret(name: str) -> str:
    """Required in production; made once and kept under `var/` when the embedded servers are used."""
    return (env.text(name, "") or embedded.secret(name)) if EMBEDDED else env.text(name)


SECRET_KEY = _secret("SECRET_KEY")
FIELD_ENCRYPTION_KEYS = env.csv("FIELD_ENCRYPTION_KEYS", [] if EMBEDDED else env.REQUIRED) or [
    "demo:" + embedded.secret("FIELD_ENCRYPTION_KEY", make=lambda: token_hex(32))
]
CALLBACK_SECRET = _secret("CALLBACK_SECRET")
ALLOWED_HOSTS = env.csv("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
METRICS_TOKEN = env.text("METRICS_TOKEN", "")
PUBLIC_BASE_URL = env.url("PUBLIC_BASE_URL", "http://127.0.0.1:8000")
CSRF_TRUSTED_ORIGINS = env.csv("CSRF_TRUSTED_ORIGINS", [PUBLIC_BASE_URL])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "django_fsm",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "csp",
    "django_structlog",
    "django_prometheus",
    "common",
    "agencies",
    "audit",
    "debtors",
    "portfolios",
    "ledger",
    "cases",
    "contacts",
    "field",
    "legal",
    "reports",
    "api",
    "collections_crm",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "agencies.middleware.SessionActivityMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "common.plain_text.PlainTextMiddleware",
    "agencies.middleware.AgencyScopeMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "collections_crm.urls"
WSGI_APPLICATION = "collections_crm.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "agencies.context.shell",
            ],
            "builtins": ["common.templatetags.trade"],
        },
    },
]


def database(url: str) -> dict[str, Any]:
    """A DATABASES entry for postgresql://user:password@host:port/name."""
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or 5432),
        "CONN_MAX_AGE": env.integer("DATABASE_CONN_MAX_AGE", 60),
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": env.integer("DATABASE_POOL", 4)}}
        if env.flag("DATABASE_USE_POOL", False)
        else {},
    }


if EMBEDDED:
    DATABASE_URL = embedded.database_url("crm_app")
    DATABASE_OWNER_URL = embedded.database_url("crm_owner")
    DATABASE_PLATFORM_URL = embedded.database_url("crm_platform")
    REDIS_URL = env.url("REDIS_URL", "") or embedded.redis_url()
else:
    DATABASE_URL = env.url("DATABASE_URL", schemes=("postgres", "postgresql"))
    DATABASE_OWNER_URL = env.url("DATABASE_OWNER_URL", DATABASE_URL, schemes=("postgres", "postgresql"))
    DATABASE_PLATFORM_URL = env.url("DATABASE_PLATFORM_URL", schemes=("postgres", "postgresql"))
    REDIS_URL = env.url("REDIS_URL")

DATABASES = {
    "default": database(DATABASE_URL),
    "platform": database(DATABASE_PLATFORM_URL),
    "owner": database(DATABASE_OWNER_URL),
}
for _alias in ("platform", "owner"):
    DATABASES[_alias]["CONN_MAX_AGE"] = 0
    DATABASES[_alias]["OPTIONS"] = {}
DATABASE_ROUTERS: list[str] = []

CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SECURE_COOKIES = env.flag("SECURE_COOKIES", PUBLIC_BASE_URL.startswith("https"))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY", False) else None
SECURE_SSL_REDIRECT = SECURE_COOKIES and env.flag("SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_COOKIES else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
FIELD_TILE_URL = env.text("FIELD_TILE_URL", "")
"""Map tiles under routes and territories, with {z}, {x} and {y}; "": only our own drawing, nothing is fetched."""
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *([FIELD_TILE_URL.partition("{")[0]] if FIELD_TILE_URL else [])],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

AUTH_USER_MODEL = "agencies.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "agencies.adapter.InvitationOnlyAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/300s/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG or EMBEDDED
MFA_TOTP_ISSUER = "collections_crm"
USERSESSIONS_TRACK_ACTIVITY = True

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ro", "Română"), ("it", "Italiano"), ("cs", "Čeština"), ("lt", "Lietuvių")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "collections_crm.storage.StaticStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(VAR_DIR / "media")))
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DROP_DIR = env.text("DROP_DIR", "")
CASE_FILE_MAX_BYTES = env.integer("CASE_FILE_MAX_BYTES", 512 * 1024 * 1024)
BANK_STATEMENT_MAX_BYTES = env.integer("BANK_STATEMENT_MAX_BYTES", 32 * 1024 * 1024)

EMAIL_BACKEND = env.text("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.integer("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", False)
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "no-reply@localhost")

TWILIO_ACCOUNT_SID = env.text("TWILIO_ACCOUNT_SID", "AC" + "0" * 32)
TWILIO_AUTH_TOKEN = _secret("TWILIO_AUTH_TOKEN")
TWILIO_BASE_URL = env.url("TWILIO_BASE_URL", "http://127.0.0.1:8777" if EMBEDDED else "https://api.twilio.com")
CARRIER_TIMEOUT_SECONDS = env.integer("CARRIER_TIMEOUT_SECONDS", 10)

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10.0
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_QUEUES = [Queue(name) for name in ("default", "files", "sending")]
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE: dict[str, Any] = {
    "sweep the outbox": {"task": "contacts.tasks.sweep", "schedule": 30.0},
    "start campaigns that are due": {"task": "contacts.tasks.start_due_campaigns", "schedule": 30.0},
    "write after broken plans": {"task": "contacts.tasks.write_plan_letters", "schedule": 900.0},
    "take files from creditors' folders": {"task": "portfolios.tasks.take_dropped_files", "schedule": 60.0},
    "go on with case files": {"task": "cases.tasks.resume_case_files", "schedule": 60.0},
    "go on with bank statements": {"task": "cases.tasks.resume_statement_files", "schedule": 300.0},
    "roll stages of agencies whose night it is": {"task": "cases.tasks.roll_due_agencies", "schedule": 900.0},
    "keep visits in step": {"task": "field.tasks.keep_orders_in_step", "schedule": 300.0},
    "go on with final reports": {"task": "field.tasks.resume_final_reports", "schedule": 900.0},
    "make creditors' reports whose day has come": {"task": "reports.tasks.make_due_reports", "schedule": 3600.0},
    "seal history": {"task": "audit.tasks.seal_all", "schedule": 600.0},
    "forget old once-keys": {"task": "audit.tasks.forget_once_keys", "schedule": 86_400.0},
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.access.MembershipAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["api.access.HasPermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "api.pages.Pages",
    "PAGE_SIZE": 50,
    "EXCEPTION_HANDLER": "api.problems.problem_of",
    "DEFAULT_THROTTLE_CLASSES": ["api.access.TokenThrottle"],
    "DEFAULT_THROTTLE_RATES": {"token": env.text("API_RATE", "600/min")},
    "COERCE_DECIMAL_TO_STRING": True,
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "collections_crm",
    "VERSION": "1",
    "DESCRIPTION": "REST for creditors and machines.",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "CourtCostKind": "legal.models.CostKind",
        "HandoffState": "legal.models.Handoff.State",
        "ProceedingState": "legal.models.Proceeding.State",
        "BankStatementState": "ledger.models.StatementFile.State",
        "StatementLineState": "ledger.models.StatementLine.State",
        "PromiseState": "cases.models.Promise.State",
        "PlanState": "cases.models.Plan.State",
        "SettlementState": "cases.models.Settlement.State",
    },
    "ENFORCE_NON_BLANK_FIELDS": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "common.logs.LineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "weasyprint": {"level": "ERROR"}, "fontTools": {"level": "ERROR"}, "twilio": {"level": "WARNING"},
        "django_structlog": {"level": "WARNING"},
    },
}  # fmt: skip

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS: list[str] = []
TEST_RUNNER = "django.test.runner.DiscoverRunner"
