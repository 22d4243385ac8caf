"""What making another file of a store ends with, as the verb prints it with --json."""

from msgspec import Struct


class Head(Struct, frozen=True, kw_only=True):
    """By what a store is known: where it ends, and the chain there."""

    position: int
    chain: str


class StoreMade(Struct, frozen=True, kw_only=True):
    store: str
    store_id: str


class BackedUp(Struct, frozen=True, kw_only=True):
    out: str
    head: Head
    bytes: int


class Compacted(Struct, frozen=True, kw_only=True):
    out: str
    head: Head
    bytes_before: int
    bytes: int


class Span(Struct, frozen=True, kw_only=True):
    first: int
    last: int
    is_damaged: bool


class StreamGaps(Struct, frozen=True, kw_only=True):
    stream: str
    versions: tuple[tuple[int, int], ...]


class Salvaged(Struct, frozen=True, kw_only=True):
    out: str
    is_complete: bool
    head: Head
    events: int
    lost: int
    renumbered: int
    spans: tuple[Span, ...]  # the first ones
    span_count: int
    streams: tuple[StreamGaps, ...]
    stream_count: int


class Migrated(Struct, frozen=True, kw_only=True):
    out: str
    manifest: str
    new: Head
    old_sha256: str
    changed: dict[str, int]
