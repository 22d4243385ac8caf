"""Snapshots that are made by themselves, in the projector, while it is idle; of a person's own
models in the process that runs their code.

Each stream gets one at every Nth version, as the policy says of its model; a stream that no model
knows belongs to the generic one, or to what was taught of its category. Folding one starts at the
one before, so it costs N events. How far the log was gone through is kept with the snapshots, in
one transaction; whatever is thrown away is made again only where the log goes on. Another policy,
other code of a model, or another teaching begins from the first event.
"""

import sqlite3
import time
from collections.abc import Iterator
from itertools import chain
from typing import Any, Final

from replay.snapshots import snapshot_policy, snapshots
from replay.snapshots.snapshot_policy import OFF
from replay.snapshots.snapshot_repair import SnapshotMender
from replay.snapshots.snapshots import Snapshot, snapshot_of
from replay.states.fold import Folded, fold
from replay.states.generic_model import GENERIC
from replay.states.model import Model
from replay.states.stream_states import StreamStates
from replay.taught import kept_taught
from replay.taught.teaching import teaching_of
from store import json_text
from store.interface import EventReader
from store.sqlite.connect import write_transaction

POSITIONS: Final = 20_000  # gone through at once
SECONDS: Final = 0.1  # at a time: the views come first
SAVED: Final = "snapshots saved up to"  # in view_facts
BY: Final = "snapshots saved by"  # the policy and the code of each model
OWN: Final = ", of own models"  # behind both, for a keeper of these alone
KNOWN: Final = "SELECT key, value FROM view_facts WHERE key IN (?, ?)"


class SnapshotKeeper:
    """For one log and its views. One thread; `db` is writable. One `is_of_own` models makes those
    of the models of `states` alone; the other one, of the same log, makes the rest."""

    def __init__(
        self,
        db: sqlite3.Connection,
        log: EventReader,
        *,
        states: StreamStates | None = None,
        is_of_own: bool = False,
    ) -> None:
        self._db = db
        self._log = log
        self._states = states or StreamStates()
        self._mender = None if is_of_own else SnapshotMender(db, log, self._states)
        self._is_of_own = is_of_own
        self._saved_key, self._by_key = (it + OWN * is_of_own for it in (SAVED, BY))
        self._learn_policy()

    def advance(self) -> bool:
        """Make those that are due, for a tenth of a second, then look for altered ones. Returns
        whether there is more to do.

        Raises sqlite3.Error, StoreBusy, WrongPolicy.
        """
        if self._stamps() != self._stamp:
            self._learn_policy()
        after, head = self._saved(), self._log.head()
        if after >= head:
            return self._mender is not None and self._mender.advance()
        until = min(after + POSITIONS, head)
        made: list[Snapshot] = []
        deadline = time.monotonic() + SECONDS
        for position, stream, version in self._due(after, until):
            snapshot = self._snapshot(stream, position, version, made)
            made += [snapshot] if snapshot else []
            if time.monotonic() > deadline:
                until = position
                break
        with write_transaction(self._db):
            snapshots.save(self._db, made)
            self._db.executemany(
                "INSERT OR REPLACE INTO view_facts VALUES (?, ?)",
                [(self._saved_key, str(until)), (self._by_key, self._by)],
            )
        return True

    def _due(self, after: int, until: int) -> Iterator[tuple[int, str, int]]:
        """(position, stream, version) at which a snapshot is to be."""
        steps = set(self._steps.values()) - {OFF}
        rows = (self._log.every_nth(it, after=after, until=until) for it in sorted(steps))
        for position, stream, version in sorted(set(chain.from_iterable(rows))):
            step = self._steps.get(self._states.fold_of(self._log, stream).name, OFF)
            if step and version % step == 0:
                yield position, stream, version

    def _snapshot(
        self, stream: str, position: int, version: int, made: list[Snapshot]
    ) -> Snapshot | None:
        """None where a usable one is, and for a stream that cannot be folded: the inspector tells
        why."""
        model = self._states.fold_of(self._log, stream)
        try:
            base = self._base(model, stream, position, made)
            if base.position == position:
                return None
            events = self._log.read_stream(stream, after=base.position, until=position)
            return snapshot_of(model, stream, fold(model, events, start=base), version=version)
        except Exception:  # the edge: what a model cannot read has no state to save
            return None

    def _base(
        self, model: Model[Any], stream: str, position: int, made: list[Snapshot]
    ) -> Folded[Any]:
        last = next((it for it in reversed(made) if it.stream == stream), None)
        if last is None:
            found = snapshots.folded(self._db, model, stream, position)
            return found or Folded(model.initial())
        state = model.from_json(json_text.decode(last.state_json))
        return Folded(state, position=last.position, events=last.event_count)

    def _saved(self) -> int:
        known = dict(self._db.execute(KNOWN, [self._saved_key, self._by_key]))
        return int(known[self._saved_key]) if known.get(self._by_key) == self._by else 0

    def _stamps(self) -> tuple[tuple[int, int], ...]:
        """Of the files that say which models there are, and how often they are saved."""
        files = (snapshot_policy.FILE, kept_taught.FILE)
        return tuple(it.stamp(self._log.place) for it in files)

    def _learn_policy(self) -> None:
        self._stamp = self._stamps()
        policy, by = snapshot_policy.load(self._log.place), self._models()
        self._steps = {it.name: snapshot_policy.every(policy, it.name) for it in by}
        self._by = json_text.encode({it.name: [self._steps[it.name], it.definition] for it in by})

    def _models(self) -> list[Model[Any]]:
        models = self._states.models
        plain = () if self._is_of_own else (GENERIC, *teaching_of(self._log.place).models)
        found = (*plain, *map(models.fold, models.models))
        return list({it.name: it for it in found}.values())
