"""The time axis of a log up to a position, and of events after it."""

from store.interface import EventReader


class JoinedTimes:
    """What a history of two parts says of times. The running maximum goes on from the log's."""

    def __init__(self, log: EventReader, last: int, own: EventReader) -> None:
        self._log = log
        self._last = last
        self._own = own
        self._latest: int | None = None  # of the log up to `last`

    def position_as_of(self, recorded_at_us: int) -> int:
        if self._last and self._latest_us() > recorded_at_us:
            return min(self._log.position_as_of(recorded_at_us), self._last)
        return self._last + self._own.position_as_of(recorded_at_us)

    def running_max_us(self, position: int) -> int:
        if position <= self._last:
            return self._log.running_max_us(position)
        if position > self._last + self._own.head():
            return 0
        return self._held(self._own.running_max_us(position - self._last))

    def arrived_at_us(self, position: int) -> int | None:
        if position <= self._last:
            return self._log.arrived_at_us(position)
        return self._own.arrived_at_us(position - self._last)

    def moments(self, first: int, last: int) -> list[tuple[int, str, int, int]]:
        found: list[tuple[int, str, int, int]] = []
        if first <= self._last:
            found = self._log.moments(first, min(last, self._last))
        if last > self._last:
            own = self._own.moments(first - self._last, last - self._last)
            found += [
                (position + self._last, type_, self._held(latest_us), occurred_us)
                for position, type_, latest_us, occurred_us in own
            ]
        return found

    def stream_moments(self, stream: str, *, after: int = 0) -> list[tuple[int, int, int]]:
        found: list[tuple[int, int, int]] = []
        if after < self._last:
            found = self._log.stream_moments(stream, after=after)
            while found and found[-1][0] > self._last:
                found.pop()
        own = self._own.stream_moments(stream, after=max(after - self._last, 0))
        if own:
            before = self._log.stream_version(stream, until=self._last)
            found += [
                (position + self._last, version + before if version else 0, occurred_us)
                for position, version, occurred_us in own
            ]
        return found

    def _latest_us(self) -> int:
        if self._latest is None:
            self._latest = self._log.running_max_us(self._last)
        return self._latest

    def _held(self, latest_us: int) -> int:
        return max(latest_us, self._latest_us()) if self._last else latest_us

    def _in_log(self, until: int | None) -> int:
        return self._last if until is None else min(until, self._last)

    def _in_own(self, until: int | None) -> int | None:
        return None if until is None else until - self._last
