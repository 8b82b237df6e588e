"""Folded text for search: no accents, no case, one space; cedilla and comma-below letters meet."""

import re
import unicodedata

_SPECIAL = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d"})
_NOT_WORD = re.compile(r"[^0-9a-z]+")


def fold(text: str) -> str:
    """Lower-case ASCII letters and digits of `text` with single spaces: "Țurcanu  Ștefan" -> "turcanu stefan"."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_SPECIAL))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", plain).strip()


def tokens(text: str) -> list[str]:
    """Distinct folded words of two letters or more, in order of appearance."""
    return list(dict.fromkeys(word for word in fold(text).split() if len(word) > 1))
