"""Cases: one debt under collection, its stage, promises, holds, who works it and what came of each contact.

Doors: `transitions` is the only way in which a stage changes; `opening` is the only way in which cases begin.
"""
