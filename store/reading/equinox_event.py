"""An event of Equinox, in whichever store its batches lie: `{t, c, d, D, m, M, …}`.

An index counts from 0. `D` and `M` say how `d` and `m` are packed: not at all (0), deflated (1), or
by Brotli (2). Bytes are base64: in DynamoDB all of them, in Cosmos what is packed. There are no ids
and no order over all. Layout read from the source of Equinox 4.1 and FsCodec 3.
"""

import importlib
import zlib
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from store.errors import UnreadableSource
from store.reading import fields
from store.reading.fields import Unusable, quoted
from store.reading.format import Record
from store.reading.json_members import is_value, json_object, members
from store.reading.json_records import RawRecord, members_of, rejected
from store.reading.remarks import Skipped
from store.reading.rows import opaque_json
from store.reading.stated_event import StatedEvent, incoming, renamed, rest
from store.reading.timed_records import TimedRecord, TimedRecords
from store.words import said

NAME: Final = "equinox"
RENAMED: Final = {"$correlationId": "correlation_id", "$causationId": "causation_id"}
DIRECT: Final = 0
LARGEST_BODY: Final = 64 * 1024 * 1024  # bytes, once unpacked
KNOWN: Final = ("t", "c", "d", "D", "m", "M", "correlationId", "causationId")


class Body(NamedTuple):
    """A payload as JSON, or as base64 where nobody here can read it."""

    text: str
    is_opaque: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bodies:
    """How the payloads of a store are to be read."""

    are_bytes: bool  # also where they are not packed
    path: Path  # of the file, for errors


def events_by_time(kept: TimedRecords, bodies: Bodies) -> Iterator[Record]:
    """All that was kept, as events. Raises UnreadableSource where payloads take a library that is
    not installed."""
    for it in kept.records():
        try:
            yield incoming(it.record, _stated(it, bodies))
        except Unusable as reason:
            yield rejected(it.record, reason)


def snapshots_of(batch: RawRecord, stream: str, count: int) -> Iterator[Skipped]:
    """What a tip holds beside its events: states, that were folded from them."""
    if count:
        text = said("unfolds of {stream}", stream=stream)[:200]
        yield Skipped(
            kind="snapshots", text=text, line=batch.number, offset=batch.offset, count=count
        )


def _stated(it: TimedRecord, bodies: Bodies) -> StatedEvent:
    event = members_of(it.record)
    body = _body(event, "d", bodies)
    meta = _body(event, "m", bodies)
    metadata, beyond = _metadata(meta)
    for ours, theirs in (("correlation_id", "correlationId"), ("causation_id", "causationId")):
        if (text := fields.text(event, theirs)) is not None:
            metadata.setdefault(ours, quoted(text))
    absent = {} if body else {"absent": '["data"]'}
    return StatedEvent(
        stream=it.stream,
        type=fields.required_text(event, "c"),
        key=(NAME, it.stream, it.place),
        data=body.text if body else "{}",
        metadata=metadata,
        recorded=fields.required_text(event, "t"),
        version=it.place + 1,
        is_opaque=body is not None and body.is_opaque,
        beyond={**absent, **beyond, **_packing(event), **rest(event, *KNOWN)},
    )


def _metadata(meta: Body | None) -> tuple[dict[str, str], dict[str, str]]:
    """Members for the metadata; what is no object is kept beside the event."""
    if meta is None or meta.text == "null":
        return {}, {}
    if meta.is_opaque or not meta.text.startswith("{"):
        return {}, {"meta": meta.text}
    return renamed(dict(members(meta.text)), RENAMED), {}


def _packing(event: Mapping[str, str]) -> dict[str, str]:
    """How the bodies were packed, where they were."""
    found = {name: event[name] for name in ("D", "M") if event.get(name, "0") not in ("0", "null")}
    return {"packing": json_object(found)} if found else {}


def _body(event: Mapping[str, str], name: str, bodies: Bodies) -> Body | None:
    """`d` or `m`; None where there is none. Raises Unusable, UnreadableSource."""
    text = event.get(name)
    packing = fields.number(event, name.upper()) or DIRECT
    if text is None or (packing == DIRECT and not bodies.are_bytes):
        return None if text is None else Body(text, is_opaque=False)
    content = _bytes(event, name)
    return _json_or_opaque(_unpacked(content, packing, bodies.path), content)


def _json_or_opaque(plain: bytes | None, content: bytes) -> Body:
    """What was unpacked as JSON; the bytes as they came where it is none."""
    try:
        text = "" if plain is None else plain.decode()
    except UnicodeDecodeError:
        text = ""
    return (
        Body(text, is_opaque=False)
        if is_value(text)
        else Body(opaque_json(content), is_opaque=True)
    )


def _bytes(event: Mapping[str, str], name: str) -> bytes:
    try:
        return b64decode(fields.text(event, name) or "", validate=True)
    except ValueError:
        raise Unusable(said("{name} is not base64", name=name)) from None


def _unpacked(content: bytes, packing: int, path: Path) -> bytes | None:
    """None where it is packed in an unknown way, damaged or larger than LARGEST_BODY."""
    match packing:
        case 0:
            return content
        case 1:
            return _inflated(content)
        case 2:
            return _expanded(content, _brotli(path))
    return None


def _inflated(content: bytes) -> bytes | None:
    unpacking = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
    try:
        plain = unpacking.decompress(content, LARGEST_BODY)
    except zlib.error:
        return None
    return None if unpacking.unconsumed_tail else plain


def _expanded(content: bytes, brotli: Any) -> bytes | None:
    unpacking = brotli.Decompressor()
    try:
        plain: bytes = unpacking.process(content, output_buffer_limit=LARGEST_BODY)
    except brotli.error:
        return None
    return plain if unpacking.is_finished() else None


def _brotli(path: Path) -> Any:
    """Raises UnreadableSource where it is not installed, with how to get it."""
    try:
        return importlib.import_module("brotli")
    except ImportError as error:
        missing = UnreadableSource(
            said("reading its payloads needs Brotli, which is not installed"), path
        )
        missing.hint = said('Install it with: pip install "foldline[brotli]"')
        raise missing from error
