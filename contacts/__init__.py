"""Contact: the gate through which every contact must pass, permits, messages, calls, letters and campaigns.

Door: `gate.request` decides, stores its verdict with reasons, and gives a single-use permit; channels accept only a
permit. See `docs/adr/0002-gate-and-permits.md`.
"""
