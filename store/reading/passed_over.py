"""What a reader passes over, gathered until the events are through: a few by name, all counted."""

from collections.abc import Iterator
from typing import Final

from store.reading.remarks import Passed, Skipped
from store.words import said

NAMED: Final = 100  # of each kind


class PassedOver:
    """Grows while a file is read; its records come behind those of the events."""

    def __init__(self) -> None:
        self._named: dict[Passed, list[Skipped]] = {}
        self._more: dict[Passed, int] = {}

    def add(self, kind: Passed, text: str, *, line: int = 0, count: int = 1) -> None:
        """One row, or `count` of them that are told together."""
        named = self._named.setdefault(kind, [])
        if len(named) < NAMED:
            named.append(Skipped(kind=kind, text=text, line=line, count=count))
        else:
            self._more[kind] = self._more.get(kind, 0) + count

    def records(self) -> Iterator[Skipped]:
        """Kind by kind; those that are only counted come as one."""
        for kind, named in self._named.items():
            yield from named
            if more := self._more.get(kind):
                yield Skipped(kind=kind, text=said("and more of this kind"), count=more)
