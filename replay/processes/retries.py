"""How often each command was tried in vain and is to be tried again."""

from collections import Counter
from functools import partial

from store.interface import CommandStore, EventWriter


class Retries:
    """Counts for one dispatcher. The first, second, fourth, eighth… attempt is kept in the log:
    a gateway that is down for a day is asked very often."""

    def __init__(self, store: CommandStore) -> None:
        self._store = store
        self._tried: Counter[str] = Counter()

    def note(self, command_id: str, reason: str, *, at_us: int) -> None:
        """It was tried in vain once more."""
        if command_id not in self._tried:
            kept = self._store.beside.attempts.of([command_id])
            self._tried[command_id] = max(
                (it.attempt for it in kept.get(command_id, ())), default=0
            )
        self._tried[command_id] += 1
        tried = self._tried[command_id]
        if tried.bit_count() == 1:
            self._store.write(partial(_keep, command_id, reason, tried, at_us))


def _keep(command_id: str, reason: str, tried: int, at_us: int, writer: EventWriter) -> None:
    writer.beside.attempts.note(command_id, "retried", reason, at_us=at_us, attempt=tried)
