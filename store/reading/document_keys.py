"""The keys of a JSON document whose beginning does not show enough of them."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from store.reading.json_members import keys_of_beginning
from store.reading.json_stream import JsonStream
from store.reading.sample import RECORDS

LOOKED_THROUGH: Final = 64 * 1024 * 1024  # bytes; what lies behind them is not asked for


def keys_of_document(
    pieces: Iterator[bytes], path: Path, *, is_array: bool
) -> tuple[frozenset[str], ...]:
    """Of its one object, or of the first objects in its one array; what is read is not kept.

    Raises UnreadableSource as soon as it comes to what is not JSON.
    """
    document = JsonStream(pieces, path)
    if is_array:
        texts = (it.text.decode("utf-8", "replace") for it in document.elements())
        objects = (it for it in texts if it.startswith("{"))
        return tuple(frozenset(keys_of_beginning(it)) for it in islice(objects, RECORDS))
    found = set[str]()
    for name in document.members():
        found.add(name)
        if document.offset > LOOKED_THROUGH:
            return (frozenset(found),)
        document.skip()
    document.end()
    return (frozenset(found),)
