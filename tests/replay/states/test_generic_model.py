"""The model that fits every log, held to the contract of all models."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from replay.states.generic_model import GENERIC
from replay.states.model import Model
from store.events import RecordedEvent
from store.opening import open_reader
from tests.contracts.model import ModelContract
from tests.replay.logs import make_log


class TestGenericModel(ModelContract):
    @pytest.fixture
    def model(self) -> Model[Any]:
        return GENERIC

    @pytest.fixture
    def events(self, tmp_path: Path) -> Sequence[RecordedEvent]:
        log = open_reader(make_log(tmp_path / "a.foldline", 150))
        events = list(log.read_stream("big-1"))
        log.close()
        return events

    def test_an_event_of_an_unknown_type_is_merged_like_any_other(
        self, events: Sequence[RecordedEvent]
    ) -> None:
        strange = replace(events[0], type="NobodyKnowsThis", data_json='{"kept":1}')

        assert GENERIC.evolve({"x": 0}, strange) == {"x": 0, "kept": 1}

    @pytest.mark.parametrize("text", ["[" * 200_000, "no JSON"])
    def test_a_payload_that_cannot_be_decoded_leaves_the_state_as_it_is(
        self, events: Sequence[RecordedEvent], text: str
    ) -> None:
        unreadable = replace(events[0], data_json=text)

        assert GENERIC.evolve({"x": 0}, unreadable) == {"x": 0}
        assert GENERIC.evolve_owned({"x": 0}, unreadable) == {"x": 0}
