"""Static files as the web server of the demo and of the image gets them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management import call_command
from pytest_django import Settings

from collections_crm.storage import StaticStorage
from scripts.static_files import GATHER


class Uncompressed(StaticStorage):
    """The product's storage, without the part that takes long and changes no name."""

    def post_process_with_compression(self, files: Iterable[Any]) -> Iterable[Any]:
        return files


def test_every_file_that_pages_name_is_gathered_under_a_hashed_name(tmp_path: Path, settings: Settings) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": f"{__name__}.Uncompressed"}}

    call_command(*GATHER)

    names = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    assert (tmp_path / names["css/tokens.css"]).exists()
    assert names["js/app.js"] != "js/app.js"
    assert not list(tmp_path.rglob("*.js.map"))
