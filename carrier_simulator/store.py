"""The carrier's memory: one SQLite database, in memory or in a file that survives a restart."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sid TEXT NOT NULL UNIQUE,
    account_sid TEXT NOT NULL,
    direction TEXT NOT NULL,
    phone TEXT NOT NULL,
    sender TEXT,
    recipient TEXT NOT NULL,
    body TEXT NOT NULL,
    service_sid TEXT,
    num_media INTEGER NOT NULL DEFAULT 0,
    status TEXT NOT NULL,
    error_code INTEGER,
    status_callback TEXT NOT NULL DEFAULT '',
    behaviour TEXT NOT NULL DEFAULT '{}',
    created_at REAL NOT NULL,
    updated_at REAL NOT NULL,
    sent_at REAL,
    visible_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS messages_by_phone ON messages (phone, id);
CREATE INDEX IF NOT EXISTS messages_by_recipient ON messages (account_sid, recipient, id);
CREATE TABLE IF NOT EXISTS calls (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sid TEXT NOT NULL UNIQUE,
    account_sid TEXT NOT NULL,
    phone TEXT NOT NULL,
    sender TEXT NOT NULL,
    recipient TEXT NOT NULL,
    status TEXT NOT NULL,
    answered_by TEXT,
    duration INTEGER,
    request TEXT NOT NULL,
    behaviour TEXT NOT NULL DEFAULT '{}',
    created_at REAL NOT NULL,
    updated_at REAL NOT NULL,
    started_at REAL,
    ended_at REAL,
    visible_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS calls_by_phone ON calls (phone, id);
CREATE TABLE IF NOT EXISTS call_steps (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    call_sid TEXT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS call_steps_by_call ON call_steps (call_sid, id);
CREATE TABLE IF NOT EXISTS callbacks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_sid TEXT NOT NULL,
    subject_sid TEXT NOT NULL,
    method TEXT NOT NULL,
    url TEXT NOT NULL,
    params TEXT NOT NULL,
    token TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    http_status INTEGER,
    error TEXT NOT NULL DEFAULT '',
    due_at REAL NOT NULL,
    ended_at REAL
);
CREATE INDEX IF NOT EXISTS callbacks_pending ON callbacks (state, id);
CREATE TABLE IF NOT EXISTS opt_outs (
    account_sid TEXT NOT NULL,
    phone TEXT NOT NULL,
    sender TEXT NOT NULL,
    PRIMARY KEY (account_sid, phone, sender)
);
"""
TABLES = ("messages", "calls", "call_steps", "callbacks", "opt_outs")


@dataclass(frozen=True)
class Message:
    """One text message, out or in. `phone` is the debtor's end of it."""

    id: int
    sid: str
    account_sid: str
    direction: str
    phone: str
    sender: str | None
    recipient: str
    body: str
    service_sid: str | None
    num_media: int
    status: str
    error_code: int | None
    status_callback: str
    behaviour: str
    created_at: float
    updated_at: float
    sent_at: float | None
    visible_at: float


@dataclass(frozen=True)
class Call:
    """One telephone call. `request` is what the customer asked for, as JSON."""

    id: int
    sid: str
    account_sid: str
    phone: str
    sender: str
    recipient: str
    status: str
    answered_by: str | None
    duration: int | None
    request: str
    behaviour: str
    created_at: float
    updated_at: float
    started_at: float | None
    ended_at: float | None
    visible_at: float


@dataclass(frozen=True)
class CallStep:
    """Something that happened on the line: said, played, paused, asked, pressed, or a note."""

    id: int
    call_sid: str
    kind: str
    text: str
    at: float


class Store:
    """SQL under one lock. Values are bound, never pasted; the names in `insert` and `update` come from this package."""

    def __init__(self, path: str = "") -> None:
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.executescript(SCHEMA)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def clear(self) -> None:
        with self._lock:
            for table in TABLES:
                self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - a name of ours

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[dict[str, Any]]:
        with self._lock:
            return [dict(row) for row in self._connection.execute(sql, values).fetchall()]

    def messages(self, where: str, values: Sequence[object] = ()) -> list[Message]:
        sql = f"SELECT * FROM messages WHERE {where}"  # noqa: S608 - values are bound
        return [Message(**row) for row in self.rows(sql, values)]

    def calls(self, where: str, values: Sequence[object] = ()) -> list[Call]:
        sql = f"SELECT * FROM calls WHERE {where}"  # noqa: S608 - values are bound
        return [Call(**row) for row in self.rows(sql, values)]

    def steps(self, call_sid: str) -> list[CallStep]:
        return [
            CallStep(**row) for row in self.rows("SELECT * FROM call_steps WHERE call_sid = ? ORDER BY id", [call_sid])
        ]

    def message(self, sid: str) -> Message | None:
        return next(iter(self.messages("sid = ?", [sid])), None)

    def call(self, sid: str) -> Call | None:
        return next(iter(self.calls("sid = ?", [sid])), None)

    def insert(self, table: str, **values: object) -> int:
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - values are bound
        with self._lock:
            cursor = self._connection.execute(sql, list(values.values()))
            return int(cursor.lastrowid or 0)

    def update(self, table: str, where: str, where_values: Sequence[object], **values: object) -> bool:
        """Change the rows that fit; True when there was one. A condition on the old value makes it a claim."""
        changes = ", ".join(f"{name} = ?" for name in values)
        sql = f"UPDATE {table} SET {changes} WHERE {where}"  # noqa: S608 - values are bound
        with self._lock:
            cursor = self._connection.execute(sql, [*values.values(), *where_values])
            return cursor.rowcount > 0

    def execute(self, sql: str, values: Sequence[object] = ()) -> int:
        with self._lock:
            return self._connection.execute(sql, values).rowcount
