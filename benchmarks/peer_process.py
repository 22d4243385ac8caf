"""Python eventsourcing on SQLite, in its own environment (.venv-bench): prints seconds as JSON.

Run by benchmarks/peers.py with that environment's interpreter: it imports nothing of ours.
"""

import json
import sys
from time import perf_counter
from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import Tracking
from eventsourcing.sqlite import SQLiteDatastore, SQLiteTrackingRecorder
from eventsourcing.system import NotificationLogReader


class Account(Aggregate):
    """The least an account can be."""

    @event("Opened")
    def __init__(self, owner: str) -> None:
        self.owner = owner
        self.balance = 0
        self.deposits = 0

    @event("Deposited")
    def deposit(self, amount: int, note: str) -> None:
        self.balance += amount
        self.deposits += 1
        self.note = note


def main(path: str, count: int, batch: int) -> dict[str, float | int]:
    """Append `count` events to one aggregate, `batch` a transaction; then load it anew."""
    app = _open(path)
    account = Account("Ada")
    started = perf_counter()
    for start in range(1, count, batch):
        for number in range(start, min(start + batch, count)):
            account.deposit(number, "salary")
        app.save(account)
    append_s = perf_counter() - started
    app.close()
    load_s, deposits = _load(path, account.id)
    project_s, counted = _project(path)
    return {
        "append_s": append_s,
        "load_s": load_s,
        "deposits": deposits,
        "project_s": project_s,
        "counted": counted,
    }


def _load(path: str, account_id: UUID) -> tuple[float, int]:
    app = _open(path)
    started = perf_counter()
    found: Account = app.repository.get(account_id)
    seconds = perf_counter() - started
    app.close()
    return seconds, found.deposits


class Accounts(Application[UUID]):
    """With sections as long as our batches are."""

    log_section_size = 1_000


class Counts(SQLiteTrackingRecorder):
    """A view with one row an event type; a row write and its tracking are one transaction."""

    def __init__(self, datastore: SQLiteDatastore, **options: Any) -> None:
        super().__init__(datastore, **options)
        self.create_table_statements.append(
            "CREATE TABLE IF NOT EXISTS counts (type TEXT PRIMARY KEY, count INTEGER)"
        )
        self.create_table()

    def count(self, type_: str, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(
                "INSERT INTO counts VALUES (?, 1) "
                "ON CONFLICT (type) DO UPDATE SET count = count + 1",
                [type_],
            )

    def total(self) -> int:
        with self.datastore.transaction(commit=False) as cursor:
            cursor.execute("SELECT sum(count) FROM counts")
            return int(cursor.fetchone()[0])


def _project(path: str) -> tuple[float, int]:
    """Every event into the view, in the library's own steps. Its runner needs subscriptions,
    which its SQLite store does not have, so its notification log is read as its followers do."""
    app = _open(path)
    view = Counts(SQLiteDatastore(f"{path}.view"))
    started = perf_counter()
    reader = NotificationLogReader(app.notification_log, section_size=1_000)
    for section in reader.select(start=1):
        for notification in section:
            happened = app.mapper.to_domain_event(notification)
            view.count(type(happened).__name__, Tracking("account", notification.id))
    seconds, counted = perf_counter() - started, view.total()
    app.close()
    return seconds, counted


def _open(path: str) -> Application[UUID]:
    environment = {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": path}
    return Accounts(env=environment)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))) + "\n")
