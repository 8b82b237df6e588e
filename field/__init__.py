"""Visits: which cases a field collector goes to, in which order, and what to know before the door opens.

Doors: `queries` (the list of visits and all that stands on a card or a sheet), `order` (the procedure's order of
visits). The case page shows nothing of this floor; the record of a visit is not kept here yet.
"""
