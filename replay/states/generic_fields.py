"""Some fields at the top of a merged state: what payloads say of others is passed over without
being made a value."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from types import GenericAlias
from typing import Any, TypeAlias

import msgspec
from msgspec import UNSET

from replay.states.generic_part import DEEPEST, is_deep, payload_of
from replay.states.merge_patch import merge
from replay.states.model import Readable
from store import json_text
from store.stream_texts import StreamTexts

_Said: TypeAlias = tuple[Any, ...]  # of each field; UNSET where a payload does not name it


class FieldsFold:
    """The state with these fields alone. Any thread."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names, self._nothing = names, (UNSET,) * len(names)
        fields = msgspec.defstruct(
            "Fields",
            [(f"field{number}", Any, UNSET) for number in range(len(names))],
            rename={f"field{number}": name for number, name in enumerate(names)},
            gc=False,
        )
        many = GenericAlias(list, (fields,))
        self._one: Callable[[str], Any] = msgspec.json.Decoder(fields, float_hook=Decimal).decode
        self._all: Callable[[str | bytes], Any] = msgspec.json.Decoder(
            many, float_hook=Decimal
        ).decode
        self._values: Callable[[Any], _Said] = msgspec.structs.astuple

    def evolve(self, state: Any, event: Readable) -> Any:
        """The state after an event."""
        found = self._said(event)
        if type(found) is not tuple:
            return found  # a value in place of the object
        if found == self._nothing and type(state) is dict:
            return state
        return self.step(state, found)

    def read(self, texts: StreamTexts) -> Sequence[Any] | None:
        """For replay.states.model.Runs."""
        if texts.data_json is None:
            return None
        try:
            said = list(map(self._values, self._all(texts.data_json)))
        except json_text.REFUSALS:
            return None  # not as it should be, or no object
        if len(said) != len(texts.positions):
            return None
        return [UNSET if it == self._nothing else it for it in said]

    def _said(self, event: Readable) -> Any:
        """What the payload says of the fields; or the payload, where it is no object."""
        text = event.data_json
        try:
            if len(text) <= DEEPEST or not is_deep(text):
                return self._values(self._one(text))
        except json_text.REFUSALS:
            pass  # not as it should be, or no object
        patch = payload_of(event)
        if not isinstance(patch, dict):
            return patch
        return tuple(patch.get(it, UNSET) for it in self._names)

    def step(self, state: Any, said: _Said) -> dict[str, Any]:
        """The state after what one says."""
        after: dict[str, Any] = dict(state) if type(state) is dict else {}
        for name, value in zip(self._names, said, strict=True):
            if value is UNSET:
                continue
            if value is None:
                after.pop(name, None)
            else:
                after[name] = merge(after.get(name), value) if type(value) is dict else value
        return after
