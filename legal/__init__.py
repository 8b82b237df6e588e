"""Cases handed to the legal stage: since when, who decided it, and why.

Doors: `queries` (the list and the decision behind each case). The stage itself changes only in `cases.transitions`;
proceedings and sharing with law firms are not kept here yet.
"""
