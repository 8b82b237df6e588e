"""Creditors and what they entrust: mandates, portfolios, strategies, and the case files they upload.

Doors: `receiving` stores an uploaded file once, `checking` maps and judges its rows. Opening cases from a confirmed
file is the next floor's work (`cases.opening`).
"""
