"""The law of each country as versioned policy packs, and a pure evaluator that says whether a contact may leave.

Doors: `evaluator.evaluate` (or an `evaluator.Engine` for many), `packs.load_packs` and `packs.resolve`,
`zones.resolve_zone`, `calendars.holiday_name`, `explain.explain`, `replay.replay`, `national_ids.person_id`. No Django,
no clock, no I/O but reading the packs that ship beside this file. Nothing here is legal advice: a pack with
`reviewed_by: null` is unsigned.
"""

import zoneinfo

zoneinfo.reset_tzpath(to=())
"""Clocks come from the pinned tzdata package: what is lawful must not hang on the age of the machine's own zones."""
