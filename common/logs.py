"""Log lines in key=value form, with everything masked that could be a person's number, mail or id."""

import logging
import re

_MASKS = (
    (re.compile(r"\b[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b"), "[account]"),
    (re.compile(r"\+?\d[\d \-]{6,}\d"), "[number]"),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"), "[e-mail]"),
)


def masked(text: str) -> str:
    """Replace bank accounts, phone numbers, national ids and e-mail addresses in `text`."""
    for pattern, word in _MASKS:
        text = pattern.sub(word, text)
    return text


class LineFormatter(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        head, separator, tail = super().format(record).partition(f" {record.name} ")
        return head + separator + masked(tail)
