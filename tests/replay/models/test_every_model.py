"""Every bundled model meets the contract, on the longest stream that the samples have of it."""

from collections.abc import Sequence
from typing import Any

import pytest

from replay.model_set import bundled_models
from replay.typed_fold import Reading
from replay.typed_model import TypedModel
from store.events import RecordedEvent
from tests.contracts.typed_model import TypedModelContract
from tests.replay.models.histories import longest_of, sample_streams

IN_SAMPLES = [it for it in bundled_models().models if longest_of(it.category)]


@pytest.mark.parametrize("typed", IN_SAMPLES, ids=lambda it: it.name, scope="class")
class TestEveryModel(TypedModelContract):
    @pytest.fixture
    def events(self, typed: TypedModel[Any]) -> Sequence[RecordedEvent]:
        known = [it for it in longest_of(typed.category) if Reading(typed).knows(it.type)]
        return known[:60]


@pytest.mark.parametrize("typed", IN_SAMPLES, ids=lambda it: it.name)
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
