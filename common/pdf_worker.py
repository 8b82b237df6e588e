"""A process that does nothing but turn HTML into PDF: no database, no network, no files but fonts, with hard limits.

Reads a length and that many bytes of HTML; answers "+" or "-", the number of pages, a length and that many bytes: the
PDF, or the name of what went wrong. Fonts are found once and kept.
"""

import logging
import resource
import struct
import sys
from typing import BinaryIO

HEAD = struct.Struct(">I")
ANSWER = struct.Struct(">cII")

_MEMORY = 2 * 1024**3
_CPU_SECONDS = 3600


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable(logging.CRITICAL)
    press = Press()
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while head := source.read(HEAD.size):
        html = source.read(HEAD.unpack(head)[0]).decode()
        try:
            pages, pdf = press.render(html)
        except Exception as error:
            answer(sink, b"-", 0, type(error).__name__.encode())
        else:
            answer(sink, b"+", pages, pdf)


def answer(sink: BinaryIO, sign: bytes, pages: int, body: bytes) -> None:
    sink.write(ANSWER.pack(sign, pages, len(body)) + body)
    sink.flush()


class Press:
    """WeasyPrint with fonts kept between documents and nothing but data: addresses fetched."""

    def __init__(self) -> None:
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher

        self._fonts = FontConfiguration()
        self._fetcher = URLFetcher(allowed_protocols=["data"], allow_redirects=False)
        self._cache: dict[str, object] = {}

    def render(self, html: str) -> tuple[int, bytes]:
        """Pages and PDF of one document."""
        from weasyprint import HTML

        document = HTML(string=html, url_fetcher=self._fetcher, base_url="about:blank").render(
            font_config=self._fonts, cache=self._cache
        )
        return len(document.pages), document.write_pdf()


if __name__ == "__main__":
    main()
