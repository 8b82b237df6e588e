"""Bank statements: read without a guess, kept once, line by line.

Doors: `reading.read` turns the bytes of a file into values, `keeping.keep` stores them. Whose payment a line is, is
decided one floor above (`cases.payment_matching`).
"""
