"""Who folds parts in this process, one after the other: what Spark does, without Spark."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from pickle import dumps, loads

from replay.parts.fold_part import fold_part
from replay.parts.origin import Shard
from replay.parts.read_shard import rows_of
from replay.parts.shipment import PartReport, Shipment
from replay.parts.source import Task


class FoldedHere:
    """replay.parts.work.Folds. What workers get is pickled, as it is on the way to them."""

    def __init__(self, cores: int = 2, *, ends_after: int | None = None) -> None:
        """`ends_after`: it is killed when so many parts are done."""
        self.cores = cores
        self.folded: list[int] = []
        self._ends_after = ends_after

    def __call__(
        self, shipment: Shipment, shards: Sequence[Shard], renew: Callable[[], None]
    ) -> Sequence[PartReport]:
        shipment, shards = loads(dumps((shipment, shards)))
        found = defaultdict[int, list[tuple[int, bytes]]](list)
        for shard in reversed(shards):
            for part, window, text in rows_of(shipment, shard):
                found[part].append((window, text))
        reports = []
        for part, rows in found.items():
            if len(self.folded) == self._ends_after:
                raise Ended
            renew()
            reports.append(fold_part(shipment, part, sorted(rows, key=lambda it: it[0])))
            self.folded.append(part)
        return reports

    def each(self, tasks: Sequence[Task], renew: Callable[[], None]) -> None:
        renew()
        for task in loads(dumps(list(tasks))):
            task()


class Ended(Exception):
    """Somebody pulled the plug."""
