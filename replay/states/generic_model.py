"""The model that fits every log: a stream's state is its payloads, merged one after another.

Merging is RFC 7396, so a field set to null is removed and a payload that is no object
replaces the state. A payload that cannot be decoded (nested thousands of levels deep) leaves
the state as it is.
"""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import cache, partial
from itertools import takewhile
from typing import Any, Final, cast

import msgspec

from replay.states.diff import Path
from replay.states.generic_fields import FieldsFold
from replay.states.generic_part import PartFold, is_deep, is_plain_name, payload_of
from replay.states.merge_patch import copy, merge, merge_into
from replay.states.model import Model, Readable, Runs
from replay.states.model_definition import definition_by
from replay.states.state_part import ABSENT
from store import json_text

_UNTOLD: Final = object()


def _evolve(state: Any, event: Readable) -> Any:
    return merge(state, payload_of(event))


def _evolve_owned(state: Any, event: Readable) -> Any:
    try:  # as payload_of does it, without two more calls per event of a long stream
        payload = json_text.decode_plain(event.data_json)
    except json_text.REFUSALS:
        payload = payload_of(event)
    return merge_into(state, payload)


def _as_is(value: Any) -> Any:
    return value


@cache
def _of_field(name: str) -> Model[Any] | None:
    """The state with one field alone: an object, and what the payloads say of other fields is
    passed over without being made a value."""
    if not is_plain_name(name):
        return None
    fields = msgspec.defstruct("Field", [("value", Any, msgspec.UNSET)], rename={"value": name})
    decode: Callable[[str], Any] = msgspec.json.Decoder(fields, float_hook=Decimal).decode
    go_on = partial(_gone_on, name)

    def evolve(state: Any, event: Readable) -> Any:
        text = event.data_json
        try:
            found: Any = _UNTOLD if is_deep(text) else decode(text).value
        except json_text.REFUSALS:
            found = _UNTOLD
        if found is _UNTOLD:
            patch = payload_of(event)
            if not isinstance(patch, dict):
                return {}  # a value in place of the object: it has no fields
            found = patch.get(name, msgspec.UNSET)
        return go_on(state, found)

    return _narrowed(evolve)


def _gone_on(name: str, state: Any, found: Any) -> Any:
    """The state with one field alone, after what a payload says of it; UNSET: nothing."""
    if found is msgspec.UNSET:
        return state
    if type(found) is dict:
        return {name: merge(state.get(name), found)}
    if found is not None:
        return {name: found}
    return {} if state else state


def _of_part(path: Path) -> tuple[Model[Any], Path] | None:
    """A model whose state is what stands at the beginning of a path, and the rest of the path."""
    names = tuple(takewhile(is_plain_name, path))
    if not names:
        return None
    part = PartFold(cast("tuple[str, ...]", names))
    model = replace(
        _narrowed(part.evolve), initial=lambda: ABSENT, through=part.through, reads_types=False
    )
    return model, path[len(names) :]


def _narrowed(evolve: Callable[[Any, Readable], Any]) -> Model[Any]:
    return replace(
        GENERIC,
        evolve=evolve,
        evolve_owned=evolve,
        of_field=lambda _name: None,
        of_part=lambda _path: None,
    )


def of_fields(names: tuple[str, ...]) -> Model[Any] | None:
    """The state with these fields alone: what the payloads say of others is passed over without
    being made a value. None for a name that cannot be told apart."""
    if not all(map(is_plain_name, names)):
        return None
    return _of_fields(tuple(sorted(set(names))))


@cache
def _of_fields(names: tuple[str, ...]) -> Model[Any]:
    fold = FieldsFold(names)
    runs = Runs(read=fold.read, step=fold.step, suits=lambda state: type(state) is dict)
    return replace(_narrowed(fold.evolve), through=runs.through, runs=runs, reads_types=False)


GENERIC: Final[Model[Any]] = Model(
    name="generic",
    version=1,
    initial=dict,
    evolve=_evolve,
    evolve_owned=_evolve_owned,
    copy=copy,
    to_json=_as_is,
    from_json=_as_is,
    of_field=_of_field,
    of_part=_of_part,
    has_json_states=True,
    definition=definition_by(
        ["generic 1"],
        [__name__, "replay.states.generic_part", "replay.states.merge_patch", "store.json_text"],
    ),
)
