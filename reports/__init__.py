"""Dashboards: figures for managers, each opened down to its rows."""
