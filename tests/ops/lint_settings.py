"""Settings under which our own migrations are linted: the tests', and the linter."""

from pathlib import Path

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS

ROOT = Path(__file__).resolve().parents[2]

INSTALLED_APPS = [*INSTALLED_APPS, "django_migration_linter"]
MIGRATION_LINTER_OPTIONS = {
    "project_root_path": str(ROOT),
    "include_apps": sorted(app for app in INSTALLED_APPS if (ROOT / app / "migrations").is_dir()),
    "database": "owner",
    "ignore_initial_migrations": True,
    "no_cache": True,
    "quiet": ["ok", "ignore"],
}
