"""Documents as PDF for people who wait for them: one rendering process per server process, kept warm.

Print runs of many letters bring a `PdfPress` of their own.
"""

import atexit
import threading
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from common.pdf_press import PdfPress, Printed

_lock = threading.Lock()
_presses: list[PdfPress] = []


def render(html: str) -> Printed:
    """One document.

    Raises:
        common.pdf_press.NotRendered
    """
    return _press().render(html)


def document(template: str, context: Mapping[str, Any], *, language: str) -> Printed:
    """The template below `templates/`, spoken in `language`, as a PDF with the look of all documents.

    The template extends `documents/base.html`; `css` and `language` are given to it.

    Raises:
        common.pdf_press.NotRendered
    """
    with translation.override(language):
        html = render_to_string(template, {"css": _css(), "language": language, **context})
    return render(html)


def _press() -> PdfPress:
    with _lock:
        if not _presses:
            press = PdfPress(workers=1)
            press.__enter__()
            atexit.register(press.__exit__)
            _presses.append(press)
        return _presses[0]


@lru_cache(maxsize=1)
def _css() -> str:
    return (Path(settings.BASE_DIR) / "templates" / "documents" / "document.css").read_text(encoding="utf-8")
