"""Which encoding a text file is in.

UTF-8 and UTF-16 can be known. The single-byte encodings cannot: cp1250 decodes cp1257 bytes into wrong letters without
an error. Each candidate is scored by the words it makes: letters of one of our languages together in a word speak for
it, symbols and letters of two languages inside one word speak against it. charset-normalizer decides between equals.
"""

import codecs
import re
from itertools import pairwise
from pathlib import Path

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _

from portfolios.reading.refusal import FileRefused

SINGLE_BYTE = ("cp1250", "cp1257", "cp1252", "cp1251", "iso8859_2", "iso8859_13")
_CHUNK = 1 << 20
_SAMPLE = 1 << 16
_WORD = re.compile(r"[^\W\d_]+")
_LANGUAGES = {
    "ro": "ăâîșțşţ", "cs": "áčďéěíňóřšťúůýž", "lt": "ąčęėįšųūž", "it": "àèéìíîòóùú",
    "ru": "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "sk": "áäčďéíĺľňóôŕšťúýž", "pl": "ąćęłńóśźż", "de": "äöüß", "lv": "āčēģīķļņšūž", "hu": "áéíóöőúüű",
}  # fmt: skip
_OURS = ("ro", "cs", "lt", "it", "ru")


def detect_encoding(path: Path) -> tuple[str, list[str]]:
    """Return the likeliest encoding and the others that could be meant, best first.

    Raises:
        FileRefused: the file holds zero bytes or control characters, so it is no text.
    """
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig", []
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", []
    sample, is_utf8 = _walk(path)
    if is_utf8:
        return "utf-8", []
    ranked = _ranked(sample)
    return ranked[0], ranked[1:3]


def _walk(path: Path) -> tuple[bytes, bool]:
    """The lines with high bytes (up to 64 KiB), and whether all of the file is UTF-8."""
    decoder, sample, is_utf8 = codecs.getincrementaldecoder("utf-8")(), bytearray(), True
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if b"\0" in chunk:
                raise FileRefused(_("The file is not text: it holds zero bytes."), reason="not_text")
            if is_utf8:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    is_utf8 = False
            if len(sample) < _SAMPLE and not chunk.isascii():
                sample += b"\n".join(line for line in chunk.splitlines() if not line.isascii())[: _SAMPLE - len(sample)]
            if not is_utf8 and len(sample) >= _SAMPLE:
                break
    if is_utf8:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            is_utf8 = False
    return bytes(sample), is_utf8


def _ranked(sample: bytes) -> list[str]:
    guess = from_bytes(sample, cp_isolation=list(SINGLE_BYTE)).best()
    favourite = guess.encoding if guess else ""
    scores = {name: score(sample, name) for name in SINGLE_BYTE}
    order = {name: index for index, name in enumerate(SINGLE_BYTE)}
    return sorted(SINGLE_BYTE, key=lambda name: (-scores[name], name != favourite, order[name]))


def score(sample: bytes, encoding: str) -> float:
    """How much like words of our languages `sample` looks in `encoding`; higher is likelier."""
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return -1e9
    points = 0.0
    for word in _WORD.findall(text):
        letters = {letter for letter in word.lower() if not letter.isascii()}
        if letters:
            points += _points(letters, word)
    strange = sum(1 for c in text if ord(c) > 127 and not c.isalpha() and c not in "–—„“”’‘€§°«»\u00a0…№")
    return points - 2 * strange


def _points(letters: set[str], word: str) -> float:
    if any(letters <= set(_LANGUAGES[code]) for code in _OURS):
        points = 1.0
    elif any(letters <= set(alphabet) for alphabet in _LANGUAGES.values()):
        points = 0.3
    else:
        points = -1.0
    mixed_case = any(a.islower() and b.isupper() for a, b in pairwise(word))
    return points - (1.0 if mixed_case else 0.0)
