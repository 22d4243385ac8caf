"""Names of a log that differ and look the same: what goes to one is missed in the other."""

from dataclasses import dataclass
from typing import Literal

from replay.words import said
from store.interface import EventReader
from store.visible_text import look_alikes, spelled_out


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAlikes:
    """Streams, or event types, whose names look the same."""

    kind: Literal["streams", "types"]
    names: tuple[str, ...]

    @property
    def words(self) -> str:
        """The names so that they can be told apart."""
        return said(
            "{kind} look alike: {spelled_out}",
            kind=self.kind,
            spelled_out=", ".join(map(spelled_out, self.names)),
        )


def find_look_alikes(log: EventReader) -> list[LookAlikes]:
    """Streams first; each group and the groups by name."""
    streams = [LookAlikes(kind="streams", names=it) for it in look_alikes(log.stream_names())]
    types = [LookAlikes(kind="types", names=it) for it in look_alikes(log.type_names())]
    return streams + types
