"""What all parts of the simulator share: memory, rules, settings, accounts and the clock."""

from __future__ import annotations

import hmac
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from carrier_simulator.behaviour import RuleBook
from carrier_simulator.clockwork import Clockwork
from carrier_simulator.settings import Settings
from carrier_simulator.store import Store

API_VERSION = "2010-04-01"
RESET_PATIENCE = 2.0
DEFAULT_ACCOUNT_SID = "AC" + "0" * 32
DEFAULT_AUTH_TOKEN = "simulated-auth-token"  # noqa: S105 - opens nothing real

_E164 = re.compile(r"(whatsapp:)?\+[1-9][0-9]{6,14}")
_SENDER = re.compile(r"(whatsapp:)?\+[1-9][0-9]{6,14}|[0-9]{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 &+_-]{1,11}")


@dataclass(frozen=True)
class Accounts:
    """Who may use the carrier. Webhooks are signed with the account's token unless one secret is set for all."""

    tokens: dict[str, str] = field(default_factory=lambda: {DEFAULT_ACCOUNT_SID: DEFAULT_AUTH_TOKEN})
    callback_secret: str = ""

    def admits(self, sid: str, token: str) -> bool:
        known = self.tokens.get(sid)
        return known is not None and hmac.compare_digest(known.encode(), token.encode())

    def signing_key(self, sid: str) -> str:
        return self.callback_secret or self.tokens.get(sid, DEFAULT_AUTH_TOKEN)

    @property
    def first(self) -> str:
        return next(iter(self.tokens))


class Carrier:
    """The shared state. `clockwork` moves messages and webhooks, `switchboard` holds the calls.

    `when_answered` is told the subject and the body of each webhook the customer answered well.
    """

    def __init__(self, *, store: Store, settings: Settings, accounts: Accounts, rules: RuleBook) -> None:
        self.store = store
        self.first_settings = settings
        self.settings = settings
        self.accounts = accounts
        self.rules = rules
        self.clockwork = Clockwork("carrier-clock", workers=8)
        self.switchboard = Clockwork("carrier-line", workers=16)
        self.stopping = threading.Event()
        self.when_answered: Callable[[str, bytes], None] = _ignore

    def start(self) -> None:
        self.clockwork.start()
        self.switchboard.start()

    def stop(self, *, patience: float = 3.0) -> None:
        self.stopping.set()
        self.switchboard.stop(patience=patience)
        self.clockwork.stop(patience=patience)
        self.store.close()

    def reset(self) -> None:
        """Forget everything. Jobs at hand find their message or call gone and end; what they still wrote goes too."""
        for wait in (RESET_PATIENCE, 0.0):
            self.clockwork.clear()
            self.switchboard.clear()
            self.store.clear()
            self.wait_until_quiet(wait)
        self.rules.clear()
        self.settings = self.first_settings

    def wait(self, seconds: float) -> None:
        """Sleep, but wake when the carrier stops."""
        if seconds > 0:
            self.stopping.wait(seconds)

    def wait_until_quiet(self, timeout: float) -> bool:
        """True once nothing is under way or due, False when `timeout` seconds did not suffice."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline and not self.stopping.is_set():
            if self.switchboard.is_quiet() and self.clockwork.is_quiet() and self.switchboard.is_quiet():
                return True
            time.sleep(0.005)
        return False


def _ignore(_subject_sid: str, _body: bytes) -> None:
    """What a webhook answered interests nobody."""


def is_phone_number(text: str) -> bool:
    return _E164.fullmatch(text) is not None


def is_sender(text: str) -> bool:
    return _SENDER.fullmatch(text) is not None
