"""The model that fits every log: a stream's state is its payloads, merged one after another.

Merging is RFC 7396, so a field set to null is removed and a payload that is no object
replaces the state. A payload that cannot be decoded (nested thousands of levels deep) leaves
the state as it is.
"""

from typing import Any, Final

from replay.states.merge_patch import copy, merge, merge_into
from replay.states.model import Model
from replay.states.model_definition import definition_by
from store import json_text
from store.events import RecordedEvent

_UNREADABLE: Final[dict[str, Any]] = {}  # a patch that changes nothing


def _payload(event: RecordedEvent) -> Any:
    try:
        return json_text.decode(event.data_json)
    except ValueError:
        return _UNREADABLE


def _evolve(state: Any, event: RecordedEvent) -> Any:
    return merge(state, _payload(event))


def _evolve_owned(state: Any, event: RecordedEvent) -> Any:
    try:  # as _payload does it, without two more calls per event of a long stream
        payload = json_text.decode_plain(event.data_json)
    except json_text.REFUSALS:
        payload = _payload(event)
    return merge_into(state, payload)


def _as_is(value: Any) -> Any:
    return value


GENERIC: Final[Model[Any]] = Model(
    name="generic",
    version=1,
    initial=dict,
    evolve=_evolve,
    evolve_owned=_evolve_owned,
    copy=copy,
    to_json=_as_is,
    from_json=_as_is,
    definition=definition_by(
        ["generic 1"], [__name__, "replay.states.merge_patch", "store.json_text"]
    ),
)
