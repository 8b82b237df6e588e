"""Toolkit every floor may use: no models, no knowledge of the trade's tables."""
