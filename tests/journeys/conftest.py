"""Journeys go through a real browser and a real server: see `tests.browser`."""
