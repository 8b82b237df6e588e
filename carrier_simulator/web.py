"""Requests and answers, free of sockets."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from carrier_simulator.errors import NotUnderstood


@dataclass(frozen=True)
class Request:
    """One HTTP request, with header names in lower case.

    In the query and in forms a bare + is a space, as the vendor reads it."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.target).query, keep_blank_values=True)

    @property
    def form(self) -> dict[str, list[str]]:
        return parse_qs(self.body.decode("utf-8", "replace"), keep_blank_values=True)

    def first(self, name: str, otherwise: str = "") -> str:
        return self.query.get(name, [otherwise])[0]

    @property
    def json(self) -> object:
        try:
            return json.loads(self.body or b"{}")
        except ValueError as problem:
            raise NotUnderstood(f"The body is not JSON: {problem}") from problem

    @property
    def credentials(self) -> tuple[str, str]:
        """The user and password of basic authentication; empty texts when there are none."""
        scheme, _, encoded = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return "", ""
        try:
            user, _, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return user, password

    @property
    def is_from_elsewhere(self) -> bool:
        """True when a browser says that another site's page sent this."""
        origin = self.headers.get("origin", "")
        return bool(origin) and urlsplit(origin).netloc != self.headers.get("host", "")


@dataclass(frozen=True)
class Answer:
    """One HTTP answer. `close` hangs up instead of answering; `latency` is waited out first, in seconds."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    latency: float = 0.0
    close: bool = False


Handler = Callable[[Request], Answer]


def json_answer(value: object, *, status: int = 200, latency: float = 0.0) -> Answer:
    return Answer(status=status, body=json.dumps(value, ensure_ascii=False).encode(), latency=latency)
