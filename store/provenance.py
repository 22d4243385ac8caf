"""Where an event came from: what is kept beside it because the canonical record cannot hold it.

The source is a JSON object: {"format", "origin_position", "origin_version", "origin_id",
"raw_time", "raw_recorded_time", "extras", …, "source"}. The origin's numbers are there only
when they differ from ours. A source that the file itself carried is kept as it is; when more
is to be said it moves inside, as "source".
"""

from typing import Any, Final

from store import json_text

# Facts about the way an event took, which do not make it another event.
_TRAVEL: Final = frozenset(
    {"format", "origin_position", "origin_version", "origin_id", "raw_time", "raw_recorded_time"}
)


def composed(
    format_name: str,
    *,
    beyond: str,
    prior: str | None,
    origin_position: int | None = None,
    origin_version: int | None = None,
    origin_id: str | None = None,
) -> str | None:
    """The source text of one event, or None when there is nothing to keep.

    `beyond` holds further JSON members without braces; the origin's numbers and id are given
    only where ours differ.
    """
    members = []
    if origin_position is not None:
        members.append(f'"origin_position":{origin_position}')
    if origin_version is not None:
        members.append(f'"origin_version":{origin_version}')
    if origin_id is not None:
        members.append(f'"origin_id":{json_text.encode(origin_id)}')
    if beyond:
        members.append(beyond)
    if not members:
        return prior
    if prior is not None:
        members.append(f'"source":{prior}')
    return f'{{"format":{json_text.encode(format_name)},{",".join(members)}}}'


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
