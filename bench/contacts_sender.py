"""A sender as a process of its own, for the bench: says ready, waits for a line, sends until nothing is due."""

import sys


def main() -> None:
    import django

    django.setup()
    from django.utils import timezone

    from contacts import carrier, sending

    agency_id, threads = int(sys.argv[1]), int(sys.argv[2])
    carrier.client()
    print("ready", flush=True)
    sys.stdin.readline()
    sending.send_due(agency_id, clock=timezone.now, threads=threads)
