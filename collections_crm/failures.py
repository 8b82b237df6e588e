"""What answers when no view did: a page for people, a problem of RFC 9457 under `/api/` for machines."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults

_TITLES = {
    400: ("bad_request", "The request could not be read."),
    403: ("forbidden", "Your role does not allow this."),
    404: ("not_found", "There is nothing here."),
    500: ("server_error", "Something broke on our side. Nothing was changed."),
}


def _answer(request: HttpRequest, status: int, page: Callable[[], HttpResponse]) -> HttpResponse:
    if not request.path.startswith("/api/"):
        return page()
    code, title = _TITLES[status]
    body = {"type": f"/docs/problems#{code}", "title": title, "status": status, "code": code}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 400, lambda: defaults.bad_request(request, exception))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 403, lambda: defaults.permission_denied(request, exception))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 404, lambda: defaults.page_not_found(request, exception))


def server_error(request: HttpRequest) -> HttpResponse:
    return _answer(request, 500, lambda: defaults.server_error(request))
