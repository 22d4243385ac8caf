"""Message DB: the table `message_store.messages`.

`global_position` comes from a sequence within the transaction that writes; only writers of one
category wait for one another, so numbers of others are given before they commit, and numbers of
transactions that were rolled back stay unused.
"""

from typing import Final

from store.formats.message_db import LAYOUT, states_of
from store.remote.preset import AskRows, Preset
from store.tables import cells
from store.tables.layout import States
from store.words import said

KEPT: Final = 100_000  # ids of rows at hand; of others the server is asked


class _SeenThere:
    """store.formats.message_db_rows.Seen of a store on a server."""

    def __init__(self, ask: AskRows) -> None:
        self._ask = ask
        self._last: dict[tuple[str, int], str] = {}

    def add(self, stream: str, position: int, id_: str) -> None:
        if len(self._last) >= KEPT:
            self._last.clear()
        self._last[stream, position] = id_

    def id(self, stream: str, position: int) -> str | None:
        if (known := self._last.get((stream, position))) is not None:
            return known
        found = next(self._ask("e.stream_name = %s AND e.position = %s", (stream, position)), None)
        return None if found is None else cells.text(found, "id")


def _states(ask: AskRows) -> States:
    return states_of(_SeenThere(ask))


PRESET: Final = Preset(
    name="message-db",
    title=said("Message DB"),
    layout=LAYOUT,
    states=_states,
    schema="message_store",
    numbered="in its transaction",
    stream_columns=("stream_name",),
)
