"""The bytes of a file as statements: what kind of file it is, is seen by its content, never by its name."""

import codecs
import re

from charset_normalizer import from_bytes
from django.conf import settings
from django.utils.translation import gettext as _

from ledger.statements.reading_camt import read_camt
from ledger.statements.reading_mt940 import read_mt940
from ledger.statements.values import Statement, StatementNotUnderstood
from portfolios.reading.encodings import SINGLE_BYTE, score

_MT_FIELD = re.compile(r"^:\d{2}[A-Z]?:", re.MULTILINE)
_XML_START = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<")


def read(content: bytes) -> list[Statement]:
    """All statements of a file, as they stand in it; whether they agree with themselves, `consistency.check` says.

    Raises:
        StatementNotUnderstood: too large, empty, of another kind, cut off or damaged; with the line where known.
    """
    if len(content) > settings.BANK_STATEMENT_MAX_BYTES:
        most = settings.BANK_STATEMENT_MAX_BYTES // (1024 * 1024)
        raise StatementNotUnderstood(
            _("A bank statement may have up to %(most)s MB.") % {"most": most}, reason="too_large"
        )
    if not content.strip():
        raise StatementNotUnderstood(_("The file is empty."), reason="empty")
    if _XML_START.match(content) or content.startswith((b"<\0", b"\xff\xfe<\0", b"\xfe\xff\0<")):
        return read_camt(content)
    text = text_of(content)
    if not _MT_FIELD.search(text):
        raise StatementNotUnderstood(
            _("This is neither an MT940 nor a CAMT.053 statement. Ask the bank for one of these forms."),
            line=1, column=1, reason="another_document",
        )  # fmt: skip
    return read_mt940(text)


def text_of(content: bytes) -> str:
    """The text of an MT940 file: UTF-8 where it can be, else the encoding whose words look like our languages.

    Raises:
        StatementNotUnderstood: the bytes are no text.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise _no_text() from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode(_encoding(content))
    if "\0" in text:
        raise _no_text()
    return text


def _encoding(content: bytes) -> str:
    sample = b"\n".join(line for line in content.splitlines() if not line.isascii())[:65_536]
    guess = from_bytes(sample, cp_isolation=list(SINGLE_BYTE)).best()
    favourite = guess.encoding if guess else ""
    fitting = [name for name in SINGLE_BYTE if score(sample, name) > -1e9]
    if not fitting:
        raise _no_text()
    return max(fitting, key=lambda name: (score(sample, name), name == favourite))


def _no_text() -> StatementNotUnderstood:
    return StatementNotUnderstood(_("The file is not text: it cannot be a bank statement."), reason="not_text")
