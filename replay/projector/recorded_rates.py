"""The rates that a projector has measured, kept in the views file for whoever asks there."""

import sqlite3
from collections.abc import Callable, Mapping
from typing import Final

import msgspec
from msgspec import Struct

from replay.projector.rates import Rates
from store.sqlite.connect import write_transaction
from store.times import now_us

NOTE_US: Final = 2_000_000  # between two notes, at least
FRESH_US: Final = 10_000_000  # an older note says nothing of now
KEY: Final = "rates"
NOTE: Final = "INSERT OR REPLACE INTO view_facts VALUES (?, ?)"
NOTED: Final = "SELECT value FROM view_facts WHERE key = ?"


class _Note(Struct, frozen=True, kw_only=True):
    at_us: int
    rates: dict[str, Rates]


class RateNotes:
    """Writes rates that differ from those before, and not too often. One thread."""

    def __init__(self, db: sqlite3.Connection, *, clock_us: Callable[[], int] = now_us) -> None:
        self._db = db
        self._clock_us = clock_us
        self._last = _Note(at_us=0, rates={})

    def note(self, rates: Mapping[str, Rates]) -> None:
        """Raises StoreBusy."""
        note = _Note(at_us=self._clock_us(), rates=dict(rates))
        if note.rates == self._last.rates or note.at_us - self._last.at_us < NOTE_US:
            return
        with write_transaction(self._db):
            self._db.execute(NOTE, [KEY, msgspec.json.encode(note).decode()])
        self._last = note


def recorded_rates(db: sqlite3.Connection, *, now: int) -> dict[str, Rates]:
    """What was measured lately, by view; empty where no projector runs."""
    row = db.execute(NOTED, [KEY]).fetchone()
    if row is None:
        return {}
    try:
        note = msgspec.json.decode(row[0], type=_Note)
    except msgspec.MsgspecError:
        return {}
    return note.rates if now - note.at_us <= FRESH_US else {}
