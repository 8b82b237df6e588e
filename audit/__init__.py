"""What happened: the append-only history of an agency, seals over it, and once-keys that make a repeated request one.

Door: `record.record` writes history; nobody changes it. A case's timeline is read from it (`queries.timeline`).
"""
