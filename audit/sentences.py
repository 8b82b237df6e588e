"""What an event says to people: its kind's sentence in their language, with codes, days and sums as they write them."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from audit.record import KINDS
from common.templatetags.trade import day, money

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_SUM = re.compile(r"-?\d+\.\d{2}\Z")
_PLACEHOLDER = re.compile(r"%\(\w+\)[-#0 +]*\d*(?:\.\d+)?[a-zA-Z]")


@lru_cache(maxsize=1)
def _words_of_fields() -> Mapping[str, Mapping[str, Any]]:
    """Field name -> code -> label, over all models; where two models share a name, both sets of codes are known."""
    words: dict[str, dict[str, Any]] = {}
    for model in apps.get_models():
        for model_field in model._meta.get_fields():
            if getattr(model_field, "choices", None):
                for code, label in model_field.flatchoices:  # type: ignore[union-attr]
                    words.setdefault(model_field.name, {}).setdefault(str(code), label)
    return words


def _in_words(name: str, value: Any, own: Mapping[str, Mapping[str, Any]]) -> str:
    if value is None or value == "":
        return "…"
    if isinstance(value, list | tuple):
        return ", ".join(_in_words(name, one, own) for one in value)
    text = str(value)
    if _DAY.match(text):
        return day(date.fromisoformat(text))
    if _SUM.match(text):
        return money(Decimal(text))
    fields = _words_of_fields()
    choices = own.get(name) or fields.get(name) or fields.get(name.rpartition("_")[2]) or {}
    return str(choices.get(text, text))


class _Spoken(dict[str, str]):
    """What is missing is shown as an ellipsis: history outlives the code that wrote it."""

    def __missing__(self, key: str) -> str:
        return "…"


def sentence_of(code: str, data: Mapping[str, Any]) -> str:
    """Return the sentence of an event in the language that is active. Never fails, whatever old data hold."""
    known = KINDS.get(code)
    if known is None:
        return _("Something happened that this version does not know.")
    template = str(known.sentence)
    try:
        return template % _Spoken({name: _in_words(name, value, known.words) for name, value in data.items()})
    except (TypeError, ValueError):
        return outline_of(code)


def outline_of(code: str) -> str:
    """Return the sentence of a kind with an ellipsis for each placeholder, for lists to choose from."""
    known = KINDS.get(code)
    return _PLACEHOLDER.sub("…", str(known.sentence)).replace("%%", "%") if known else code
