"""A sender as a process of its own, to be killed in the middle: `python -m tests.contacts.sender_process <agency id>`.

It works in the test's database, under the application's role.
"""

import os
import sys


def main() -> None:
    import django
    from django.conf import settings

    settings.DATABASES["default"] |= {
        "NAME": os.environ["SENDER_DATABASE"],
        "OPTIONS": {"options": "-c role=crm_app"},
    }
    for name in ("TWILIO_BASE_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "PUBLIC_BASE_URL"):
        setattr(settings, name, os.environ[f"SENDER_{name}"])
    django.setup()
    from django.utils import timezone

    from contacts import sending

    print("ready", flush=True)
    sent = sending.send_due(int(sys.argv[1]), clock=timezone.now, threads=int(sys.argv[2]))
    print(f"done {sent.claimed} {sent.answered}", flush=True)


if __name__ == "__main__":
    main()
