"""A sender as a process of its own, for the bench: says ready, waits for a line, sends until nothing is due.

With `bare` it orders the same texts through the same client in as many threads, and does nothing else: the limit.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import repeat


def main() -> None:
    import django

    django.setup()
    from django.utils import timezone

    from contacts import carrier, hooks, sending
    from jurisdictions.packs import load_packs

    how, agency_id, threads, number = sys.argv[1], *(int(word) for word in sys.argv[2:5])
    load_packs()
    hooks.url("carrier-status", agency_id, 1)
    carrier.client().messages.create  # noqa: B018 - loads the vendor's modules, as a worker has done long ago
    print("ready", flush=True)
    sys.stdin.readline()
    if how == "bare":
        _bare(carrier.client(), threads, number)
    else:
        sending.send_due(agency_id, clock=lambda: timezone.now() + timedelta(seconds=number), threads=threads)


_TEXT = "Stimate Ștefan Țurcanu, la contractul B00000001 aveți de achitat 1.234,50 MDL. Bench, +37360000001. STOP"


def _bare(client: object, threads: int, number: int) -> None:
    def order(_client: object, nth: int) -> None:
        client.messages.create(  # type: ignore[attr-defined]
            to=f"+3737{nth:07d}", from_="+37360000001", body=_TEXT,
            status_callback=f"http://127.0.0.1:8000/hooks/carrier/1/{nth}/{'0' * 40}/status",
        )  # fmt: skip

    with ThreadPoolExecutor(threads) as pool:
        for _done in pool.map(order, repeat(client), range(number)):
            pass
