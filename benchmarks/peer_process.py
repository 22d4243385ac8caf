"""Python eventsourcing on SQLite, in its own environment (.venv-bench): prints seconds as JSON.

Run by benchmarks/peers.py with that environment's interpreter: it imports nothing of ours.
"""

import json
import sys
from time import perf_counter
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event


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
    return {"append_s": append_s, "load_s": load_s, "deposits": deposits}


def _load(path: str, account_id: UUID) -> tuple[float, int]:
    app = _open(path)
    started = perf_counter()
    found: Account = app.repository.get(account_id)
    seconds = perf_counter() - started
    app.close()
    return seconds, found.deposits


def _open(path: str) -> Application[UUID]:
    environment = {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": path}
    return Application(env=environment)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))) + "\n")
