"""Start the carrier simulator from a command line and stop it on SIGTERM or SIGINT."""

from __future__ import annotations

import argparse
import logging
import os
import re
import signal
import sqlite3
import threading
from collections.abc import Sequence
from types import FrameType

from carrier_simulator.carrier import DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN
from carrier_simulator.errors import NotUnderstood
from carrier_simulator.server import Simulator
from carrier_simulator.settings import Settings


def _account(text: str) -> tuple[str, str]:
    sid, _, token = text.partition(":")
    if not re.fullmatch(r"AC[0-9a-fA-F]{32}", sid) or not token:
        raise argparse.ArgumentTypeError("an account is AC and 32 hexadecimal digits, a colon, and its token")
    return sid, token


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m carrier_simulator",
        description="A carrier for messages and calls that reaches no real phone.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=int, default=8777, help="port to listen on, 0 for a free one (default: %(default)s)"
    )
    parser.add_argument("--state", default="", metavar="FILE", help="SQLite file that keeps the state over a restart")
    parser.add_argument(
        "--account",
        action="append",
        type=_account,
        metavar="SID:TOKEN",
        help=f"an account that may send, repeatable; also CARRIER_SIMULATOR_ACCOUNTS with blanks between "
        f"(default: {DEFAULT_ACCOUNT_SID}:{DEFAULT_AUTH_TOKEN})",
    )
    parser.add_argument(
        "--callback-secret",
        default=os.environ.get("CARRIER_SIMULATOR_CALLBACK_SECRET", ""),
        metavar="TOKEN",
        help="sign all webhooks with this instead of the account's token",
    )
    parser.add_argument("--inbound-url", default="", metavar="URL", help="where replies from the phones are posted")
    parser.add_argument("--latency-ms", type=int, default=0, help="how long an answer takes (default: %(default)s)")
    parser.add_argument("--step-ms", type=int, default=300, help="between two statuses (default: %(default)s)")
    parser.add_argument(
        "--callback-delay-ms", type=int, default=0, help="how late callbacks are (default: %(default)s)"
    )
    parser.add_argument("--index-lag-ms", type=int, default=0, help="how late lists are (default: %(default)s)")
    parser.add_argument(
        "--call-pace", type=float, default=0.0, help="part of spoken time that passes, 0 to 1 (default: 0)"
    )
    parser.add_argument(
        "--digits", default="", help="what people press, one entry per question: 1,2 (default: nothing)"
    )
    parser.add_argument("--no-magic-suffixes", action="store_true", help="give the last digits of numbers no meaning")
    parser.add_argument("--verbose", action="store_true", help="log every request")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    parser = build_parser()
    options = parser.parse_args(arguments)
    logging.basicConfig(
        level=logging.DEBUG if options.verbose else logging.INFO, format="%(asctime)s %(levelname)s %(message)s"
    )
    try:
        settings = Settings().changed(
            {
                "latency_ms": options.latency_ms,
                "step_ms": options.step_ms,
                "callback_delay_ms": options.callback_delay_ms,
                "index_lag_ms": options.index_lag_ms,
                "inbound_url": options.inbound_url,
                "call_pace": options.call_pace,
                "digits": options.digits.split(",") if options.digits else [],
                "magic_suffixes": not options.no_magic_suffixes,
            }
        )
        from_environment = [_account(text) for text in os.environ.get("CARRIER_SIMULATOR_ACCOUNTS", "").split()]
    except (NotUnderstood, argparse.ArgumentTypeError) as problem:
        parser.error(str(problem))
    accounts = dict(options.account or from_environment) or None
    stop = threading.Event()

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    try:
        simulator = Simulator(
            host=options.host,
            port=options.port,
            state=options.state,
            accounts=accounts,
            callback_secret=options.callback_secret,
            settings=settings,
        ).start()
    except (OSError, sqlite3.Error) as problem:
        parser.exit(1, f"The carrier simulator cannot start: {problem}\n")
    try:
        print(f"Carrier simulator listens on {simulator.url}", flush=True)
        while not stop.wait(1):
            pass
    finally:
        simulator.stop()
    print("Carrier simulator has stopped", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
