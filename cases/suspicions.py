"""Codes of suspected fraud: those of the procedure (S004-63), and an agency's own (S004-64)."""

from collections.abc import Iterable

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy

from cases.models import DeskWord

FIXED: dict[str, str | Lazy] = {
    "NOT_CONCLUDED": gettext_lazy("Says the contract is not theirs"),
    "NOT_EMPLOYED": gettext_lazy("Was not employed there at signing"),
    "LEFT_COUNTRY": gettext_lazy("Left the country"),
    "ARRESTED": gettext_lazy("Arrested"),
    "OTHER": gettext_lazy("Other"),
}


def of(words: Iterable[DeskWord], *, retired: bool = False) -> dict[str, str | Lazy]:
    """Code -> label: the fixed ones, then the agency's own in the order in which they were added, "other" last."""
    own = {
        word.code: word.label
        for word in sorted(words, key=lambda word: (word.place, word.id or 0))
        if word.kind == DeskWord.Kind.SUSPICION and (retired or word.is_active)
    }
    return {code: label for code, label in FIXED.items() if code != "OTHER"} | own | {"OTHER": FIXED["OTHER"]}


def is_known(code: str) -> bool:
    """Whether the code may be recorded now: a fixed one, or one of the agency's that it did not retire."""
    return code in FIXED or (
        bool(code) and DeskWord.objects.filter(kind=DeskWord.Kind.SUSPICION, code=code, is_active=True).exists()
    )


def label_of(code: str) -> str:
    """What a code says, retired or not; the code itself when nobody knows it."""
    if not code or code in FIXED:
        return str(FIXED.get(code, ""))
    found = DeskWord.objects.filter(kind=DeskWord.Kind.SUSPICION, code=code).values_list("label", flat=True).first()
    return found or code
