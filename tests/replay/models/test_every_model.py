"""Every bundled model meets the contract, on histories in which each of its event types occurs."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replay.states.fold import fold
from replay.states.model_set import bundled_models, bundled_processes
from replay.states.typed_fold import Reading, folding
from replay.typed_model import TypedModel
from store import json_text
from store.events import RecordedEvent
from tests.contracts.typed_model import TypedModelContract
from tests.replay.models.histories import histories_of, sample_streams, types_in
from tests.replay.models.typed_data import histories

MODELS = bundled_models().models
WITH_EVENTS = [it for it in MODELS if it.events]
HISTORIES = [
    pytest.param((model, events), id=f"{model.name} to {events[-1].type}")
    for model in WITH_EVENTS
    for events in histories_of(model)
]
OF_MODELS = [pytest.param(it, id=it.name) for it in WITH_EVENTS]

Lived = tuple[TypedModel[Any], tuple[RecordedEvent, ...]]


@pytest.mark.parametrize("lived", HISTORIES, scope="class")
class TestEveryModel(TypedModelContract):
    @pytest.fixture
    def typed(self, lived: Lived) -> TypedModel[Any]:
        return lived[0]

    @pytest.fixture
    def events(self, lived: Lived) -> Sequence[RecordedEvent]:
        return lived[1]


@pytest.mark.parametrize("typed", OF_MODELS)
def test_every_event_type_occurs_in_a_history(typed: TypedModel[Any]) -> None:
    """One that does not: write commands that lead to it in tests.replay.models.written."""
    found = {type_ for events in histories_of(typed) for type_ in types_in(events)}

    assert {it.__name__ for it in typed.events} <= found


def test_only_process_managers_without_a_memory_have_no_events() -> None:
    without = {it.name for it in MODELS if not it.events}

    assert without == {it.model.name for it in bundled_processes() if not it.model.events}


@pytest.mark.parametrize("typed", OF_MODELS)
@settings(max_examples=60)
@given(data=st.data())
def test_any_events_in_any_order_are_folded(typed: TypedModel[Any], data: st.DataObject) -> None:
    """Evolve is pure and total: no event that fits its type is too much for it."""
    events = data.draw(histories(typed.events, f"{typed.category}-1"))
    model, reading = folding(typed), Reading(typed)
    assert {reading.why_unread(it) for it in events} <= {""}

    whole = fold(model, events)
    again = fold(model, events)
    text = json_text.encode(model.to_json(whole.state))

    assert json_text.encode(model.to_json(again.state)) == text
    assert json_text.encode(model.to_json(model.from_json(json_text.decode(text)))) == text
    half = fold(model, events[: len(events) // 2])
    rest = fold(model, events[len(events) // 2 :], start=half)
    assert json_text.encode(model.to_json(rest.state)) == text


@pytest.mark.parametrize("typed", OF_MODELS)
def test_it_reads_every_event_of_its_streams_in_the_samples(typed: TypedModel[Any]) -> None:
    reading = Reading(typed)
    unread = {
        (event.type, why)
        for name, events in sample_streams().items()
        if typed.owns(name)
        for event in events
        if event.stream == name
        if (why := reading.why_unread(event))
    }
    assert unread == set()


def test_command_names_are_unique() -> None:
    """A command is found by its name alone."""
    names = [it.__name__ for model in bundled_models().models for it in model.commands]

    assert sorted(names) == sorted(set(names))


def test_categories_are_unique() -> None:
    categories = [model.category for model in bundled_models().models]

    assert sorted(categories) == sorted(set(categories))
