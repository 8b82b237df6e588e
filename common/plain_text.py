"""Text is text: PostgreSQL keeps no NUL, so a form or an address with one is refused, whatever page it is for."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse


class PlainTextMiddleware:
    """Answers 400 to a NUL in the query or in a form; the API's serializers tell it themselves, with the member."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> None:
        given = [request.GET]
        if request.method == "POST" and not request.path.startswith("/api/"):
            given.append(request.POST)
        if any("\x00" in value for query in given for _name, values in query.lists() for value in values):
            raise BadRequest("NUL")
