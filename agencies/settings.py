"""What an agency decides about itself."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy

from agencies import history
from agencies.models import Agency, Membership

CHANGED = history.kind("agency.settings_changed", gettext_lazy("The agency's settings were changed."))


def change_settings(agency: Agency, *, by: Membership, now: datetime, **values: Any) -> Agency:
    """Store changed settings; history keeps which ones changed, not what stands in them."""
    changed = [name for name, value in values.items() if getattr(agency, name) != value]
    if not changed:
        return agency
    with transaction.atomic():
        for name in changed:
            setattr(agency, name, values[name])
        agency.save(update_fields=changed)
        history.tell(CHANGED, by=by, subject_id=agency.pk, at=now, fields=changed)
    return agency
