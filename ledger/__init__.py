"""Money: the account of each case, balanced immutable entries, what is due when, and payments.

Door: `posting` is the only way in which money moves; entries are added and reversed, never edited.
"""
