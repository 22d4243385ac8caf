"""Where an event came from: what is kept beside it because the canonical record cannot hold it.

The source is a JSON object: {"format", "origin_cursor", "origin_file", "origin_version",
"origin_id", "raw_time", "raw_recorded_time", "made_here", "repeated_keys", "extras", …, "source"}.
What the origin says of place, version and times is there only where ours do not give it back.
"made_here" names what it did not say and an event must have, such as its times, which are those of
the import then; "repeated_keys" the keys that stand twice in its payloads, of which the last one
counts; "origin_file" which of several files, that came in together, it came from.
"origin_position" is what earlier imports called the cursor. A source that the file itself carried
is kept as it is; when more is to be said it moves inside, as "source".
"""

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from store import json_text
from store.events import NewEvent
from store.times import Moment, is_exact

# Facts about the way an event took, which do not make it another event.
_TRAVEL: Final = frozenset(
    {"format", "origin_cursor", "origin_version", "origin_id", "raw_time", "raw_recorded_time"}
    | {"origin_position", "made_here", "repeated_keys", "origin_file", "compression"}
)
DATED_HERE: Final = "made_here"
DATED_HERE_JSON: Final = '["times"]'
REPEATED_KEYS: Final = "repeated_keys"


class Origin(Struct, frozen=True, kw_only=True):
    """Where an event comes from, in the words of its source."""

    cursor: str | None = None  # its place there: opaque, a number or anything else as text
    occurred_at: str | None = None  # the times as stated; None: not stated
    recorded_at: str | None = None
    is_exact: bool = False  # whoever read the times knows that ours give their texts back
    is_unlike: bool = False  # or knows that ours give neither text back


UNKNOWN: Final = Origin()


def composed(
    format_name: str,
    *,
    beyond: str,
    prior: str | None,
    origin: Origin = UNKNOWN,
    origin_version: int | None = None,
    origin_id: str | None = None,
    marks: Mapping[str, str] | None = None,
    file: str = "",
) -> str | None:
    """The source text of one event, or None when there is nothing to keep.

    `beyond` holds further JSON members without braces; the origin's words, number and id are
    given only where ours differ. `file` is one of several that came in together. `marks` say how
    the event was read, and are no reason to wrap a prior source that has them.
    """
    members = []
    if origin.cursor is not None:
        members.append(f'"origin_cursor":{json_text.encode(origin.cursor)}')
    if file:
        members.append(f'"origin_file":{json_text.encode(file)}')
    if origin_version is not None:
        members.append(f'"origin_version":{origin_version}')
    if origin_id is not None:
        members.append(f'"origin_id":{json_text.encode(origin_id)}')
    if origin.occurred_at is not None:
        members.append(f'"raw_time":{json_text.encode(origin.occurred_at)}')
    if origin.recorded_at is not None:
        members.append(f'"raw_recorded_time":{json_text.encode(origin.recorded_at)}')
    if beyond:
        members.append(beyond)
    if marks and (members or not marks.items() <= marks_of(prior).items()):
        members += [f'"{name}":{text}' for name, text in marks.items()]
    if not members:
        return prior
    if prior is not None:
        members.append(f'"source":{prior}')
    return f'{{"format":{json_text.encode_name(format_name)},{",".join(members)}}}'


def dated_here(source_json: str | None) -> bool:
    """Whether nothing but its import gave the event its times: no export may state them."""
    if source_json is None or f'"{DATED_HERE}"' not in source_json:
        return False
    return marks_of(source_json).get(DATED_HERE) == DATED_HERE_JSON


def repeats(source_json: str | None) -> tuple[str, ...]:
    """The keys that stand twice in an event's payloads, as its import found."""
    if source_json is None or f'"{REPEATED_KEYS}"' not in source_json:
        return ()
    found = marks_of(source_json).get(REPEATED_KEYS, "[]")
    return tuple(map(str, json_text.decode(found)))


def marks_of(source_json: str | None) -> dict[str, str]:
    """What a source says of how the event was read: names and JSON texts."""
    source = _decoded(source_json)
    if not isinstance(source, dict):
        return {}
    found = {name: source[name] for name in (DATED_HERE, REPEATED_KEYS) if name in source}
    return {name: json_text.encode(it) for name, it in found.items() if isinstance(it, list)}


def source_members(source_json: str | None, format_name: str) -> dict[str, Any]:
    """What a format said of an event beyond the record; nothing of an event of another format."""
    if source_json is None or f'"{format_name}"' not in source_json:
        return {}
    source = _decoded(source_json)
    is_its = isinstance(source, dict) and source.get("format") == format_name
    return source if is_its else {}


def not_given_back(origin: Origin, *, position: int, event: NewEvent) -> Origin:
    """What of an origin's words the event at this position would not give back by itself."""
    cursor = origin.cursor if origin.cursor != str(position) else None
    if origin.is_exact:
        return UNKNOWN if cursor is None else Origin(cursor=cursor)
    if origin.is_unlike:
        return origin if cursor is origin.cursor else replace(origin, cursor=None)
    occurred = (event.occurred_at_us, event.occurred_offset_min)
    recorded = (event.recorded_at_us, event.recorded_offset_min)
    return Origin(
        cursor=cursor,
        occurred_at=_unless_given_back(origin.occurred_at, *occurred),
        recorded_at=_unless_given_back(origin.recorded_at, *recorded),
    )


def _unless_given_back(stated: str | None, at_us: int | None, offset: int | None) -> str | None:
    if stated is None or at_us is None:
        return stated
    return None if is_exact(stated, Moment(at_us, offset)) else stated


def says_the_same(one: str | None, other: str | None) -> bool:
    """Whether two sources differ in nothing but the way the event took."""
    return one == other or _said(one) == _said(other)


def scope_of(source_json: str | None) -> str:
    """What the event's id was unique within; empty when it says nothing of the kind."""
    source = _decoded(source_json)
    while isinstance(source, dict):
        if scope := source.get("origin_scope"):
            return str(scope)
        source = source.get("source")
    return ""


def _said(source_json: str | None) -> Any:
    try:
        return _without_travel(_decoded(source_json))
    except RecursionError:
        return source_json


def _decoded(source_json: str | None) -> Any:
    """The source as a value; its own text when it is nested too deeply to be one."""
    try:
        return {} if source_json is None else json_text.decode(source_json)
    except ValueError:
        return source_json


def _without_travel(source: Any) -> Any:
    if not isinstance(source, dict):
        return source
    said = {name: value for name, value in source.items() if name not in _TRAVEL}
    if "source" in said:
        said["source"] = _without_travel(said["source"])
    inner = said.get("source")
    if not inner:
        said.pop("source", None)
    return inner if list(said) == ["source"] else said
