"""Cursor pages, oldest id first, so that a reader who follows `next` misses nothing and sees nothing twice."""

from rest_framework.pagination import CursorPagination


class Pages(CursorPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = "id"
