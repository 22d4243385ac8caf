"""What every model must do. Subclass it and supply `model` and `events`."""

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from replay.states.fold import fold
from replay.states.model import Model
from store import json_text
from store.events import RecordedEvent

STRANGE = (
    "{}",
    "[]",
    "null",
    "true",
    "0",
    '"text"',
    "1e400",
    '{"a":null}',
    '{"a":{"b":[{}]}}',
    '{"id":123456789012345678901234567890}',
)


class ModelContract:
    @pytest.fixture
    def model(self) -> Model[Any]:
        raise NotImplementedError

    @pytest.fixture
    def events(self) -> Sequence[RecordedEvent]:
        """A stream of a few dozen events, in order."""
        raise NotImplementedError

    def test_evolve_changes_no_state_and_no_event(
        self, model: Model[Any], events: Sequence[RecordedEvent]
    ) -> None:
        state = model.initial()
        for event in events:
            before = _text(model, state)
            after = model.evolve(state, event)

            assert _text(model, state) == before
            assert _text(model, model.evolve(state, event)) == _text(model, after)
            state = after

    def test_evolving_an_owned_state_gives_the_same_state(
        self, model: Model[Any], events: Sequence[RecordedEvent]
    ) -> None:
        state, owned = model.initial(), model.copy(model.initial())
        for event in events:
            state, owned = model.evolve(state, event), model.evolve_owned(owned, event)

            assert _text(model, owned) == _text(model, state)

    def test_a_fold_from_any_point_in_the_middle_is_a_fold_from_the_start(
        self, model: Model[Any], events: Sequence[RecordedEvent]
    ) -> None:
        whole = fold(model, events)
        for middle in range(len(events) + 1):
            half = fold(model, events[:middle])
            at_half = _text(model, half.state)

            rest = fold(model, events[middle:], start=half)

            assert _text(model, rest.state) == _text(model, whole.state)
            assert (rest.position, rest.events) == (whole.position, whole.events)
            assert _text(model, half.state) == at_half

    def test_a_copy_is_not_changed_by_evolving_what_it_was_made_of(
        self, model: Model[Any], events: Sequence[RecordedEvent]
    ) -> None:
        owned = model.copy(fold(model, events[: len(events) // 2]).state)
        copied = model.copy(owned)
        before = _text(model, copied)
        for event in events:
            owned = model.evolve_owned(owned, event)

        assert _text(model, copied) == before

    @pytest.mark.parametrize("data", STRANGE)
    def test_no_payload_and_no_type_is_too_strange(
        self, model: Model[Any], events: Sequence[RecordedEvent], data: str
    ) -> None:
        state = fold(model, events).state
        for type_ in (events[0].type, "NobodyKnowsThis"):
            event = replace(events[-1], type=type_, data_json=data)

            after = _text(model, model.evolve(state, event))

            assert _text(model, model.evolve_owned(model.copy(state), event)) == after

    def test_a_state_survives_being_written_as_json(
        self, model: Model[Any], events: Sequence[RecordedEvent]
    ) -> None:
        for count in range(len(events) + 1):
            text = _text(model, fold(model, events[:count]).state)

            assert _text(model, model.from_json(json_text.decode(text))) == text

    def test_it_has_a_name_and_a_version(self, model: Model[Any]) -> None:
        assert model.name
        assert model.version >= 1


def _text(model: Model[Any], state: Any) -> str:
    return json_text.encode(model.to_json(state))
