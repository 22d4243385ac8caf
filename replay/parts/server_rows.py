"""The versions of one part on their way to a query store, each with the write that replaced it."""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from replay.parts.part_sink import PartSink
from replay.projection import Column
from replay.query_store.interface import QueryStore, StoredView
from replay.query_store.version_text import version_of
from replay.views.row_history import Write
from replay.views.sink import RowVersion

AT_ONCE: Final = 2_000  # versions of a request


class ServerRows:
    """Writes them; a Taker. One thread, one part. The newest version of each row waits until it
    is replaced, or the part is at its end."""

    def __init__(self, store: QueryStore, stored: StoredView, columns: Sequence[Column]) -> None:
        self._store, self._stored, self._columns = store, stored, columns
        rest = [it for it in columns if not it.is_key]
        self._json = [at for at, it in enumerate(rest) if it.kind == "json"]
        self._newest: dict[int, Write] = {}
        self._ended: list[tuple[Write, int | None]] = []
        self._left_out: deque[tuple[Any, ...]] = deque()
        self.told_new = 0  # versions that the server did not have

    def hear_left_out(self, values: tuple[Any, ...]) -> None:
        """The columns of the next version that comes without its JSON."""
        self._left_out.append(values)

    def take(self, versions: Sequence[RowVersion], sink: PartSink) -> None:
        """Raises what writing to the server raises."""
        for write, number, is_deleted, *rest in versions:
            made = Write(
                row=number,
                write=write,
                is_deleted=bool(is_deleted),
                key=sink.keys[number - 1],
                rest=self._whole(rest, is_deleted=bool(is_deleted)),
            )
            if (before := self._newest.get(number)) is not None:
                self._ended.append((before, write))
            self._newest[number] = made
            if len(self._ended) >= AT_ONCE:
                self._write()

    def finish(self) -> None:
        """Write what stands at the end."""
        for it in self._newest.values():
            self._ended.append((it, None))
            if len(self._ended) >= AT_ONCE:
                self._write()
        self._newest = {}
        self._write()

    def _whole(self, rest: list[Any], *, is_deleted: bool) -> tuple[Any, ...]:
        if not is_deleted and any(rest[at] is None for at in self._json):
            return self._left_out.popleft()
        return tuple(rest)

    def _write(self) -> None:
        versions = [version_of(_plain(it), self._columns, until=until) for it, until in self._ended]
        self._ended = []
        if versions:
            self.told_new += self._store.write(self._stored, versions)


def _plain(it: Write) -> Write:
    """As the views file would give it back: truth as a number."""
    if not any(isinstance(value, bool) for value in it.rest):
        return it
    rest = tuple(int(value) if isinstance(value, bool) else value for value in it.rest)
    return replace(it, rest=rest)
