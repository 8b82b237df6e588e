"""Deciding stored questions again under their own packs, to show that the record is true."""

import json

from contacts import gate
from contacts.models import Decision
from jurisdictions.replay import Replay
from jurisdictions.replay import replay as decide_again


def replay(decision: Decision) -> Replay:
    """Decide a stored question again and compare it with the record.

    Raises:
        jurisdictions.packs.PackVersionUnknown: a pack of the record does not ship any more.
    """
    return decide_again(json.dumps(decision.intent["question"]), json.dumps(gate.recorded(decision)))
