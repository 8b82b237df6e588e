"""The agency's own words of the desk, read once for a page however many of its parts ask."""

from django.http import HttpRequest

from cases.arguments import all_words
from cases.models import DeskWord


def words_for(request: HttpRequest) -> list[DeskWord]:
    known: dict[str, object] = request.__dict__
    if "desk_words" not in known:
        known["desk_words"] = all_words()
    found: list[DeskWord] = known["desk_words"]  # type: ignore[assignment]
    return found
