"""Commands that wait, in lanes: one for each type of command, side by side.

In a lane one command is handled at a time, and the commands of one stream are handled strictly in
order, whatever their types. So a slow handler holds up its own lane, and what is meant for the
streams it is busy with; everything else goes on.

Lanes may be taken away, to see what they are good for: then every command is a lane of its own.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from heapq import heappop, heappush
from queue import Empty, SimpleQueue
from typing import Final, Literal, TypeAlias

from store.beside.commands import Waiting

RATE_US: Final = 60_000_000  # the span that a queue's rate is taken over
LANES: Final = 8  # that are busy at a time, at most; then the longest due goes first
PATIENCE_S: Final = 0.05  # for a lane to get on, before whoever runs them looks elsewhere
SHORT_S: Final = 0.005  # the same, once something was handled that others may wait for
AGAIN_S: Final = 1.0  # until what could not be handled is tried again


@dataclass(frozen=True, slots=True)
class Again:
    """It failed, and is to be tried again from a moment on, by the clock that `run` is told."""

    at_us: int


End: TypeAlias = Literal["handled", "gone", "again"] | Again
Place: TypeAlias = tuple[int, int]  # when it is due, and its number: the order of everything


@dataclass(frozen=True, slots=True)
class _Ended:
    item: Waiting
    end: End | BaseException


@dataclass(frozen=True, slots=True)
class _Later:
    """To be tried again: from a monotonic time on, or a moment of the clock that `run` is told."""

    item: Waiting
    at_s: float = 0.0
    at_us: int = 0


class Lanes:
    """Call every method from one thread; close it.

    `handle` gives "handled", "gone" when there was nothing to do any more, "again" when the
    world was not ready, or when it is to be tried again: then its stream waits. With `most` = 1
    it is called on the caller's thread, the longest due first; else on up to so many threads.
    What it raises is raised by `run`, and the command waits as for "again".
    """

    def __init__(
        self, handle: Callable[[Waiting], End], *, most: int = LANES, are_apart: bool = True
    ) -> None:
        self._handle = handle
        self._most = most
        self._are_apart = are_apart
        self._pool = ThreadPoolExecutor(most, "lane") if most > 1 else None
        self._ended: SimpleQueue[_Ended] = SimpleQueue()
        self._later: list[tuple[Place, Waiting]] = []  # not due yet
        self._rows: dict[str, list[tuple[Place, Waiting]]] = defaultdict(list)  # by stream
        self._heads: dict[str, list[tuple[Place, str]]] = defaultdict(list)  # by lane: rows
        self._busy_lanes: set[str] = set()
        self._busy_rows: set[str] = set()  # in hand, or to be tried again
        self._in_hand: dict[int, str] = {}  # number → stream
        self._again: list[_Later] = []

    def add(self, items: Iterable[Waiting]) -> None:
        """Let more commands wait for their time, and then for their turn."""
        for it in items:
            heappush(self._later, (_place(it), it))

    def run(self, now_us: int, *, limit: int) -> int:
        """Handle what is due, up to about `limit` commands; returns how many were handled.

        Comes back when nothing is due or no lane has got on for a moment; those that are busy
        then go on. Raises what `handle` has raised.
        """
        self._come_due(now_us)
        self._come_again(lambda it: it.at_s <= time.monotonic() and it.at_us <= now_us)
        handled = 0
        while handled < limit:
            ended = self._next_end(SHORT_S if handled else PATIENCE_S)
            if ended is None:
                break
            handled += self._take(ended)
        return handled

    def try_again(self) -> None:
        """Let those that are to be tried again have their turn now."""
        self._come_again(lambda _it: True)

    def _come_again(self, is_ready: Callable[["_Later"], bool]) -> None:
        ready = [it for it in self._again if is_ready(it)]
        self._again = [it for it in self._again if it not in ready]
        for it in ready:
            self._release(it.item)
            self._put(it.item)

    @property
    def is_busy(self) -> bool:
        """Whether a command is in hand, or one could be."""
        return bool(self._busy_lanes) or self._best() is not None

    def is_busy_with(self, stream: str) -> bool:
        """Whether a command of this stream is in hand."""
        return stream in self._in_hand.values()

    def close(self) -> None:
        """Wait for the commands in hand, and end the threads."""
        if self._pool is not None:
            self._pool.shutdown()

    def _come_due(self, now_us: int) -> None:
        while self._later and self._later[0][0][0] <= now_us:
            self._put(heappop(self._later)[1])

    def _lane_of(self, it: Waiting) -> str:
        return it.type if self._are_apart else str(it.number)

    def _row_of(self, it: Waiting) -> str:
        return it.stream if self._are_apart else str(it.number)

    def _put(self, it: Waiting) -> None:
        row = self._row_of(it)
        heappush(self._rows[row], (_place(it), it))
        if self._rows[row][0][1] is it:
            self._offer(row)

    def _offer(self, row: str) -> None:
        """Let the first command of a stream stand in the lane of its type."""
        waiting = self._rows.get(row)
        if waiting and row not in self._busy_rows:
            place, head = waiting[0]
            heappush(self._heads[self._lane_of(head)], (place, row))

    def _best(self) -> Waiting | None:
        """The longest due of those whose lane and stream are free."""
        found = [
            it
            for lane in list(self._heads)
            if lane not in self._busy_lanes and (it := self._head(lane)) is not None
        ]
        return min(found, key=_place, default=None)

    def _head(self, lane: str) -> Waiting | None:
        heads = self._heads[lane]
        while heads:
            place, row = heads[0]
            waiting = self._rows.get(row)
            if waiting and waiting[0][0] == place and row not in self._busy_rows:
                return waiting[0][1]
            heappop(heads)  # another has come before it, or it had its turn
        del self._heads[lane]
        return None

    def _next_end(self, patience_s: float) -> _Ended | None:
        """Begin what may begin; the next command that ends, None when none does for now."""
        if self._pool is None:
            it = self._begin()
            return None if it is None else self._worked(it)
        while len(self._busy_lanes) < self._most and (it := self._begin()) is not None:
            self._pool.submit(partial(self._work, it))
        if not self._busy_lanes:
            return None
        try:
            return self._ended.get(timeout=patience_s)
        except Empty:
            return None

    def _begin(self) -> Waiting | None:
        it = self._best()
        if it is not None:
            lane, row = self._lane_of(it), self._row_of(it)
            heappop(self._heads[lane])
            heappop(self._rows[row])
            self._busy_lanes.add(lane)
            self._busy_rows.add(row)
            self._in_hand[it.number] = it.stream
        return it

    def _work(self, it: Waiting) -> None:
        """On a thread of the pool."""
        self._ended.put(self._worked(it))

    def _worked(self, it: Waiting) -> _Ended:
        try:
            return _Ended(it, self._handle(it))
        except BaseException as error:  # the edge: raised where the lanes are run
            return _Ended(it, error)

    def _take(self, ended: _Ended) -> int:
        it, end = ended.item, ended.end
        self._busy_lanes.discard(self._lane_of(it))
        self._in_hand.pop(it.number, None)
        if isinstance(end, Again):
            self._again.append(_Later(it, at_us=end.at_us))
            return 0
        if isinstance(end, BaseException) or end == "again":
            self._again.append(_Later(it, at_s=time.monotonic() + AGAIN_S))
            if isinstance(end, BaseException):
                raise end
            return 0
        self._release(it)
        return int(end == "handled")

    def _release(self, it: Waiting) -> None:
        row = self._row_of(it)
        self._busy_rows.discard(row)
        if self._rows.get(row):
            self._offer(row)
        else:
            self._rows.pop(row, None)


def _place(it: Waiting) -> Place:
    return it.due_at_us, it.number
