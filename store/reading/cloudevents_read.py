"""Read CloudEvents 1.0: the attributes we know into their columns, every other one kept.

The stream is the subject, else the partition key, else the source. `sequence`, where it is a
number, is the version. An event that Foldline wrote carries what the standard attributes
cannot hold in the extension `foldline`, as text.
"""

import re
from collections.abc import Container, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from msgspec import UNSET, DecodeError, Struct, UnsetType, structs
from msgspec.json import Decoder

from store.events import NewEvent
from store.provenance import Origin
from store.reading import fields
from store.reading.fields import Unusable
from store.reading.format import Incoming, Record
from store.reading.json_members import is_value, json_object
from store.reading.json_records import (
    RawRecord,
    members_of,
    records,
    rejected,
    remarks_on_names,
)
from store.reading.remarks import Remark
from store.reading.sample import RECORDS
from store.reading.source import Source
from store.reading.stated_times import stated_times
from store.words import said

NAME: Final = "cloudevents"
BATCH_NAME: Final = "cloudevents-batch"
REQUIRED: Final = ("specversion", "id", "source", "type")
OWN_SCOPE: Final = "urn:foldline"  # the source attribute of events that come from a log of ours
POSITION: Final = "foldlineposition"
KEPT: Final = "foldline"
_VERSION_AT_END: Final = re.compile(r"(?:^|[/.:#_-])v(\d{1,9})/?$", re.IGNORECASE)
_METADATA: Final = (
    ("correlation_id", "correlationid"),
    ("causation_id", "causationid"),
    ("user", "authid"),
)


class Kept(Struct, forbid_unknown_fields=True, kw_only=True):
    """What the standard attributes cannot hold of an event; it wins over them."""

    stream: str | UnsetType = UNSET
    version: int | UnsetType = UNSET
    id: str | UnsetType = UNSET
    occurred_at_us: int | UnsetType = UNSET
    occurred_offset_min: int | UnsetType | None = UNSET
    recorded_at_us: int | UnsetType = UNSET
    recorded_offset_min: int | UnsetType | None = UNSET
    data_json: str | UnsetType = UNSET
    metadata_json: str | UnsetType = UNSET
    source_json: str | UnsetType | None = UNSET
    links: tuple[str, ...] | UnsetType = UNSET


_kept: Final = Decoder(Kept)


def read(source: Source) -> Iterator[Record]:
    """Every event of a JSON Lines file, a batch or a single document."""
    first = _first_version(source)
    source.notes["versions_from"] = first
    for record in records(source):
        try:
            yield incoming(record, members_of(record), versions_from=first)
        except Unusable as reason:
            yield rejected(record, reason)


def incoming(record: RawRecord, members: Mapping[str, str], *, versions_from: int) -> Incoming:
    """One event. Raises Unusable."""
    _check_version_of_format(members)
    id_, scope = fields.required_text(members, "id"), fields.required_text(members, "source")
    type_, subject = fields.required_text(members, "type"), optional(members, "subject")
    if "data" in members and "data_base64" in members:
        raise Unusable(said("the event has both data and data_base64"))
    times = stated_times(optional(members, "time"), optional(members, "recordedtime"))
    version = _version(members, 1 if POSITION in members else versions_from)
    is_opaque = "data_base64" in members
    found = Incoming(
        stream=subject or optional(members, "partitionkey") or scope,
        event=NewEvent(
            type=type_,
            data_json=_data(members),
            metadata_json=_metadata(members, type_),
            id=id_,
            **times.columns,
        ),
        line=record.number,
        offset=record.offset,
        version=version,
        origin=times.origin(_position(members)),
        beyond=_beyond(members, scope, version),
        scope=scope if scope != OWN_SCOPE else "",
        has_naive_time=times.has_naive,
        is_opaque=is_opaque,
        remarks=(*_odd_attributes(members), *_names(record)),
    )
    kept = optional(members, KEPT)
    return found if kept is None else _with_kept(found, kept)


def optional(members: Mapping[str, str], name: str) -> str | None:
    """An attribute that is text in every event that has it; of another type it counts for nothing
    here, and is kept beside the event. Raises Unusable when it is no valid Unicode."""
    return None if _is_odd(members, name) else fields.text(members, name)


def _is_odd(members: Mapping[str, str], name: str) -> bool:
    return not members.get(name, "null").startswith(('"', "null"))


def _odd_attributes(members: Mapping[str, str]) -> Iterator[Remark]:
    for name in _OPTIONAL:
        if _is_odd(members, name):
            text = said("{name} is not text: {members}", name=name, members=members[name])
            yield Remark(kind="odd_attributes", text=text[:200])


def _names(record: RawRecord) -> tuple[Remark, ...]:
    return remarks_on_names(record) if record.text else ()


def _check_version_of_format(members: Mapping[str, str]) -> None:
    version = fields.required_text(members, "specversion")
    if not version.startswith("1."):
        raise Unusable(said("specversion is {version!r}; only 1.0 is supported", version=version))


def _version(members: Mapping[str, str], versions_from: int) -> int | None:
    digits = _sequence(members)
    version = -1 if digits is None else digits - versions_from + 1
    return version if 0 < version <= fields.LARGEST_NUMBER else None


def _sequence(members: Mapping[str, str]) -> int | None:
    digits = members.get("sequence", "").strip('"')
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 20 else None


def _position(members: Mapping[str, str]) -> int | None:
    digits = members.get(POSITION, "").strip('"')
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 20 else None


def _data(members: Mapping[str, str]) -> str:
    if "data_base64" in members:
        content = fields.text(members, "data_base64") or ""
        return f'{{"data_encoding":"base64","data_base64":{fields.quoted(content)}}}'
    return members.get("data", "{}")


def _metadata(members: Mapping[str, str], type_: str) -> str:
    texts = [(ours, optional(members, theirs)) for ours, theirs in _METADATA]
    parts = [f'"{name}":{fields.quoted(it)}' for name, it in texts if it is not None]
    schema = optional(members, "dataschema") or ""
    if match := _VERSION_AT_END.search(schema) or _VERSION_AT_END.search(type_):
        parts.append(f'"schema_version":{int(match[1])}')
    return f"{{{','.join(parts)}}}"


def _beyond(members: Mapping[str, str], scope: str, version: int | None) -> str:
    """Every attribute that our columns do not give back."""
    parts = [] if scope == OWN_SCOPE else [f'"origin_scope":{fields.quoted(scope)}']
    if "data_base64" in members:
        parts.append('"data_encoding":"base64"')
    absent = [] if "subject" in members else ['"subject"']
    absent += [] if "data" in members or "data_base64" in members else ['"data"']
    if absent:
        parts.append(f'"absent":[{",".join(absent)}]')
    if extras := dict(_extras(members, version)):
        parts.append(f'"extras":{json_object(extras)}')
    return ",".join(parts)


def _extras(members: Mapping[str, str], version: int | None) -> Iterator[tuple[str, str]]:
    empty = ("null", '""')
    for name, text in members.items():
        is_odd = name in _OPTIONAL and _is_odd(members, name)
        is_held = name in _HELD_WHEN_STATED and text not in empty
        if not is_odd and (name in _ALWAYS_HELD or is_held):
            continue
        if name == "specversion" and text == '"1.0"':
            continue
        if name == "sequence" and text == f'"{version}"':
            continue
        yield name, text


_OPTIONAL: Final = (
    *("subject", "time", "recordedtime", "partitionkey", "dataschema"),
    *("correlationid", "causationid", "authid", KEPT),
)
_ALWAYS_HELD: Final = frozenset({"id", "source", "type", "data", "data_base64", KEPT, POSITION})
_HELD_WHEN_STATED: Final = frozenset(
    {"subject", "time", "recordedtime", "correlationid", "causationid"}
)


def _with_kept(found: Incoming, kept_text: str) -> Incoming:
    """The event with what its extension says. Raises Unusable when that is damaged."""
    try:
        kept = _kept.decode(kept_text)
    except (DecodeError, UnicodeError, RecursionError):
        raise Unusable(said("the attribute {kept} is damaged", kept=KEPT)) from None
    stated = {name: it for name, it in structs.asdict(kept).items() if it is not UNSET}
    _check(stated)
    outer: dict[str, Any] = {it: stated.pop(it) for it in ("stream", "version") if it in stated}
    event = structs.replace(found.event, **stated)
    outer["origin"] = without_times(found.origin, stated)
    outer["has_naive_time"] = event.recorded_at_us is not None and None in (
        event.occurred_offset_min,
        event.recorded_offset_min,
    )
    if "source_json" in stated:
        outer["beyond"] = ""
        outer["origin"] = Origin(cursor=found.origin.cursor)
    return structs.replace(found, event=event, **outer)


def without_times(origin: Origin, stated: Container[str]) -> Origin:
    """The origin without the stated times that columns of their own overrule."""
    is_occurred = "occurred_at_us" in stated or "occurred_offset_min" in stated
    is_recorded = "recorded_at_us" in stated or "recorded_offset_min" in stated
    return Origin(
        cursor=origin.cursor,
        occurred_at=None if is_occurred else origin.occurred_at,
        recorded_at=None if is_recorded else origin.recorded_at,
        is_exact=origin.is_exact,
    )


def _check(stated: Mapping[str, Any]) -> None:
    """Refuse what could not have been in a log."""
    objects = [stated.get(name) or "{}" for name in ("metadata_json", "source_json")]
    are_objects = all(it.lstrip(" \t\r\n").startswith("{") and is_value(it) for it in objects)
    names = [stated[name] for name in ("stream", "id") if name in stated] + list(
        stated.get("links", ())
    )
    if not (are_objects and is_value(stated.get("data_json", "{}")) and all(names)):
        raise Unusable(said("the attribute {kept} is damaged", kept=KEPT))


def _first_version(source: Source) -> int:
    """Whether sequences of the file begin at 0 or at 1, by its first events."""
    for record in islice(records(source), RECORDS):
        try:
            members = members_of(record)
        except Unusable:
            continue
        if POSITION not in members and _sequence(members) == 0:
            return 0
    return 1
