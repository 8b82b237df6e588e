"""People and how to reach them: debtors and other persons, contact points, statuses, consents, opt-outs, identity.

Doors: `identity` finds or makes a person within the agency; `contact_points` adds and judges ways to reach them.
"""
