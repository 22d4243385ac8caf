"""How many of the events on their way out lose what, by what their format declares."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from store.reading.format import Outgoing
from store.reading.losses import Loss
from store.words import counted


class Lost(Struct, frozen=True, kw_only=True):
    """One loss of a format, and of how many events it is one."""

    name: str
    what: str  # for people, behind "1,204 events lose"
    events: int

    @property
    def words(self) -> str:
        """One line for people."""
        return counted(
            "1 event loses {what}", "{count:,} events lose {what}", self.events, what=self.what
        )


class Losing:
    """Counts while events pass; used from one thread."""

    def __init__(self, losses: tuple[Loss, ...]) -> None:
        self._losses = losses
        self._counts = dict.fromkeys((it.name for it in losses), 0)

    def counted(self, events: Iterable[Outgoing]) -> Iterator[Outgoing]:
        """The same events."""
        for outgoing in events:
            for loss in self._losses:
                if loss.is_lost(outgoing.event, outgoing.links):
                    self._counts[loss.name] += 1
            yield outgoing

    @property
    def found(self) -> tuple[Lost, ...]:
        """What the events lose that have passed; nothing of what none of them loses."""
        return tuple(
            Lost(name=it.name, what=it.what, events=self._counts[it.name])
            for it in self._losses
            if self._counts[it.name]
        )
