"""A sender as a process of its own, for the bench: says ready, waits for a line, sends until nothing is due."""

import sys
from datetime import timedelta


def main() -> None:
    import django

    django.setup()
    from django.utils import timezone

    from contacts import carrier, sending

    agency_id, threads, ahead = (int(word) for word in sys.argv[1:4])
    carrier.client()
    print("ready", flush=True)
    sys.stdin.readline()
    sending.send_due(agency_id, clock=lambda: timezone.now() + timedelta(seconds=ahead), threads=threads)
