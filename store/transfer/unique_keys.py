"""Whether any payload of many events has a key twice, looked up for all of them at once."""

from collections.abc import Iterator, Sequence
from typing import Final

from store.reading.format import Incoming
from store.reading.repeated_keys import is_written_back

TOGETHER: Final = 256  # events
MOST_TEXT: Final = 1_000_000  # characters; longer ones are looked at one by one


def in_parts(batch: Sequence[Incoming]) -> Iterator[tuple[Sequence[Incoming], bool]]:
    """The events in order, part by part, each with whether no payload of it has a key twice.

    False says nothing: a text that is not written as it would be here has to be looked at by
    itself. Then the other parts are not looked at either: their texts will be like it.
    """
    is_worth_it = len(batch) > 1
    for at in range(0, len(batch), TOGETHER):
        part = batch[at : at + TOGETHER]
        is_worth_it = is_worth_it and _are_unique(part)
        yield part, is_worth_it


def _are_unique(part: Sequence[Incoming]) -> bool:
    texts = [it.event.data_json for it in part if not it.has_unique_keys]
    texts += [it.event.metadata_json for it in part if it.event.metadata_json != "{}"]
    if sum(map(len, texts)) > MOST_TEXT:
        return False
    return not texts or is_written_back(f"[{','.join(texts)}]")
