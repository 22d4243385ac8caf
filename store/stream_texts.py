"""What a run of events of one stream says, as one text, for folding that decodes them together."""

from collections.abc import Callable, Iterable, Sequence

from msgspec import Raw, Struct

from store.events import Payload


class StreamTexts(Struct, frozen=True, kw_only=True):
    """Events in their order. `data_json` is a JSON array of their payloads; None where they cannot
    be had so, and then only `events` says something. Types and metadata are there if they were
    asked for."""

    events: Callable[[], Iterable[Payload]]  # one by one
    data_json: str | bytes | None = None
    positions: Sequence[int] = ()
    types: Sequence[str] = ()
    metadata_json: str = "[]"  # a JSON array of their metadata
    raw: Sequence[Raw] | None = None  # the payloads one by one, where they were told apart already
