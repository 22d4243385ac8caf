"""The lookup table of a projection while events are folded, in front of where it is stored.

Each value is stored under its key with the position of the event that put it, and none is ever
changed: the table tells what was under a key as of any position, and events that are folded again
see what they saw the first time.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

from replay.projection import Projection
from store import json_text

# What stood under a key before the event at a position: JSON as text, None for nothing.
Find: TypeAlias = Callable[[str, int], str | None]
# A key, the position of the event that put or deleted its value, and the value: JSON as text.
LookupVersion: TypeAlias = tuple[str, int, str | None]

ENTRIES_CACHED: Final = 100_000
TEXT_CACHED: Final = 16_000_000  # characters of JSON

UNDECLARED: Final = "a projection that uses rows.lookup declares keeps_lookup=True"


def find_nothing(_key: str, _before: int) -> None:
    """Where nothing is stored."""


class LookupTable:
    """What replay.projection.Lookup asks for. One thread.

    It remembers values as text: what a projection does to one that it was given changes nothing.
    """

    def __init__(self, projection: Projection[Any], find: Find = find_nothing) -> None:
        self._is_declared = projection.keeps_lookup
        self._find = find
        self.forget()

    def forget(self) -> None:
        """Drop everything that is not stored."""
        self._texts: dict[str, str | None] = {}
        self._text_size = 0
        self._written: dict[tuple[str, int], str | None] = {}
        self._position = 0

    def begin(self, position: int) -> None:
        """Before the event at a position."""
        self._position = position

    def get(self, key: str) -> Any:
        """The value under this key as it is now, or None."""
        text = self.text(key)
        return None if text is None else json_text.decode(text)

    def put(self, key: str, value: Any) -> None:
        """Keep the value, in place of the one under the same key."""
        self.put_text(key, json_text.encode(value))

    def delete(self, key: str) -> None:
        """Keep nothing under this key any more. Nothing if there is no value."""
        if self.text(key) is not None:
            self.put_text(key, None)

    def text(self, key: str) -> str | None:
        """The value as text."""
        if key in self._texts:
            return self._texts[key]
        self._require(key)
        found = self._find(key, self._position)
        self._remember(key, found)
        return found

    def put_text(self, key: str, text: str | None) -> None:
        """Keep a value that is JSON text already; None deletes."""
        self._require(key)
        self._remember(key, text)
        self._written[key, self._position] = text

    def taken(self) -> Sequence[LookupVersion]:
        """What was put and deleted since this was asked last, to be stored now."""
        written = [(key, position, text) for (key, position), text in self._written.items()]
        self._written = {}
        return written

    def shrink(self) -> None:
        """Remember nothing when it is too much; between two batches, when all is stored."""
        if len(self._texts) > ENTRIES_CACHED or self._text_size > TEXT_CACHED:
            self._texts, self._text_size = {}, 0

    def _remember(self, key: str, text: str | None) -> None:
        self._text_size += len(text or "") - len(self._texts.get(key) or "")
        self._texts[key] = text

    def _require(self, key: object) -> None:
        if not self._is_declared:
            raise TypeError(UNDECLARED)
        if not isinstance(key, str):
            raise TypeError(f"a key of the lookup table is text, not {key!r:.80}")
