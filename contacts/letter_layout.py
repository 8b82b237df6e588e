"""A letter as HTML: the agency's text in a fixed layout that carries what every letter must (S001-13)."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno.helpers
from django.conf import settings
from django.template.loader import render_to_string

from contacts import wording
from contacts.letter_words import words

_BLANK_LINES = re.compile(r"\n\s*\n")


def letter_html(facts: wording.Facts, *, subject: str, body: str, language: str, address: Sequence[str]) -> str:
    """One letter to the person of `facts`. `address`: the lines under the name, as the envelope's window shows them."""
    found = words(language)
    agency = facts.agency
    parts = [
        (found[bucket], wording.amount(value, facts.currency, language))
        for bucket, value in facts.parts.items()
        if value
    ]
    return render_to_string(
        "letters/letter.html",
        {
            "language": language,
            "css": _css(),
            "w": found,
            "agency": agency,
            "phone": agency.phone or agency.voice_caller,
            "name": facts.name,
            "address": list(address),
            "contract_no": facts.contract_no,
            "creditor": facts.creditor,
            "today": wording.day(facts.today, language),
            "subject": subject,
            "paragraphs": [" ".join(one.split()) for one in _BLANK_LINES.split(body) if one.strip()],
            "parts": parts,
            "balance": wording.amount(facts.balance, facts.currency, language),
            "overdue": wording.amount(facts.overdue, facts.currency, language),
            "holder": facts.agency.name,
            "iban": _grouped(agency.payment_iban),
            "code": _payment_code(facts),
        },
    )


def cover_html(batch: Any, *, agency: Any, rows: Sequence[Mapping[str, Any]], pages: int, today: str) -> str:
    """The list on top of a print batch, for the print house to count by. It names no person."""
    language = agency.language
    context = {
        "language": language, "css": _css(), "w": words(language), "agency": agency, "batch": batch, "rows": list(rows),
        "pages": pages, "today": today,
    }  # fmt: skip
    return render_to_string("letters/cover.html", context)


@lru_cache(maxsize=1)
def _css() -> str:
    return (Path(settings.BASE_DIR) / "templates" / "letters" / "letter.css").read_text(encoding="utf-8")


def _grouped(iban: str) -> str:
    plain = iban.replace(" ", "")
    return " ".join(plain[n : n + 4] for n in range(0, len(plain), 4))


def _payment_code(facts: wording.Facts) -> str:
    """The European payment code as an image, for debts in euro with an account to pay to; "" otherwise."""
    iban = facts.agency.payment_iban.replace(" ", "")
    if facts.currency != "EUR" or not iban or not 0 < facts.overdue < 1_000_000_000:
        return ""
    try:
        code = segno.helpers.make_epc_qr(
            name=facts.agency.name[:70], iban=iban, amount=facts.overdue, text=facts.contract_no[:140], encoding="utf-8"
        )
    except ValueError:
        return ""
    return str(code.svg_data_uri(scale=4, border=0))
