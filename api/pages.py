"""Cursor pages, oldest id first, so that a reader who follows `next` misses nothing and sees nothing twice."""

from typing import Any

from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request


class Pages(CursorPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = "id"

    def decode_cursor(self, request: Request) -> Any:
        """A cursor is one of ours: its position is an id. Another is told, as other wrong parameters are."""
        try:
            cursor = super().decode_cursor(request)
        except NotFound as error:
            raise ValidationError({"cursor": [str(error.detail)]}) from error
        at: Any = cursor.position if cursor else None
        if at is not None and not (at.isascii() and at.isdigit() and len(at) <= 18):
            raise ValidationError({"cursor": [str(self.invalid_cursor_message)]})
        return cursor
