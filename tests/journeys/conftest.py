"""Journeys go through a real browser and a real server."""

from tests.browser import chromium, contexts, fresh_page, sign_in

__all__ = ["chromium", "contexts", "fresh_page", "sign_in"]
