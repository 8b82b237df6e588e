"""What is written for creditors names every field there is."""

import re
from pathlib import Path

from django.conf import settings

from portfolios.fields import CODES, FIELDS, PARTY_ROLES

TEXT = (Path(settings.BASE_DIR) / "docs" / "creditors.md").read_text(encoding="utf-8")


def test_every_field_is_told():
    of_parties = {name for name in FIELDS if name.startswith(tuple(f"{role}_" for role in PARTY_ROLES))}
    assert FIELDS.keys() - of_parties <= set(re.findall(r"`(\w+)`", TEXT))


def test_every_status_that_stops_a_takeover_is_told():
    assert CODES["status"].keys() - {""} <= set(re.findall(r"`([A-Z]+)`", TEXT))
