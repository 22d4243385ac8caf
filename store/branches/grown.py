"""What a log has got since a branch left it, which the branch does not hold."""

from collections import Counter

from store.interface import EventReader

PAGE = 1_000  # events read at once


class Grown:
    """The events of a log after a position, counted as far as the log reaches. One thread."""

    def __init__(self, log: EventReader, last: int) -> None:
        self._log = log
        self._last = last
        self._until = last
        self._homes: Counter[str] = Counter()
        self._types: Counter[str] = Counter()
        self._names: set[str] = set()
        self._new: set[str] | None = set()

    def has_any(self) -> bool:
        """Whether the log has grown."""
        return self._log.head() > self._last

    def lengths(self) -> list[tuple[str, int]]:
        """As the log's `stream_lengths`, of the events up to the position."""
        while True:
            self._look()
            found = self._log.stream_lengths()
            if self._log.head() == self._until:
                break
        if not self._homes:
            return found
        left = [(name, count - self._homes[name]) for name, count in found]
        return sorted((it for it in left if it[1] > 0), key=lambda it: (-it[1], it[0]))

    def type_counts(self) -> dict[str, int]:
        """As the log's, of the events up to the position."""
        while True:
            self._look()
            found = self._log.type_counts()
            if self._log.head() == self._until:
                break
        left = {name: count - self._types[name] for name, count in found.items()}
        return {name: count for name, count in left.items() if count > 0}

    def new_streams(self) -> set[str]:
        """The streams that have events behind the position alone."""
        self._look()
        if self._new is None:
            self._new = {it for it in self._names if not self._is_older(it)}
        return self._new

    def _is_older(self, stream: str) -> bool:
        return next(self._log.read_stream(stream, until=self._last, limit=1), None) is not None

    def _look(self) -> None:
        head = self._log.head()
        while self._until < head:
            first, last = self._until + 1, min(self._until + PAGE, head)
            for event in self._log.page(first, last):
                self._homes[event.stream] += 1
                self._types[event.type] += 1
                self._names.add(event.stream)
            for links in self._log.links_between(first, last).values():
                self._names.update(links)
            self._until, self._new = last, None
