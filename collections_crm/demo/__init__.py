"""Demo data: two invented agencies that worked for some weeks, told through the product's own doors.

Nothing is written straight into the tables that have a door: case files are uploaded, checked and opened, days are
lived one after another with stage rolls, calls, promises and payments. The same seed gives the same people and files.
"""
