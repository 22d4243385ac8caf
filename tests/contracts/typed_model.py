"""What every typed model must do, beyond what tests.contracts.model asks of its fold."""

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from replay.commands.command_form import help_of, schema_of
from replay.states.diff import diff
from replay.states.fold import fold
from replay.states.model import Model
from replay.states.typed_fold import Reading, folding
from replay.typed_model import Elsewhere, Refused, TypedModel
from store.events import RecordedEvent
from tests.contracts.commands import Nowhere, commands_of
from tests.contracts.model import ModelContract


class TypedModelContract(ModelContract):
    @pytest.fixture
    def typed(self) -> TypedModel[Any]:
        raise NotImplementedError

    @pytest.fixture
    def model(self, typed: TypedModel[Any]) -> Model[Any]:
        return folding(typed)

    def test_all_its_events_are_read(
        self, typed: TypedModel[Any], events: Sequence[RecordedEvent]
    ) -> None:
        reading = Reading(typed)

        assert {event.type: reading.why_unread(event) for event in events} == {
            event.type: "" for event in events
        }

    def test_an_unknown_type_leaves_the_state(
        self, typed: TypedModel[Any], events: Sequence[RecordedEvent]
    ) -> None:
        model = folding(typed)
        state = fold(model, events).state
        unknown = msgspec.structs.replace(events[-1], type="NobodyKnowsThis")

        assert model.evolve(state, unknown) is state
        assert "does not know" in Reading(typed).why_unread(unknown)

    def test_its_invariants_hold_after_every_event(
        self, typed: TypedModel[Any], events: Sequence[RecordedEvent]
    ) -> None:
        model, state = folding(typed), typed.initial()
        for event in events:
            state = model.evolve(state, event)
            broken = [name for name, holds in typed.invariants.items() if not holds(state)]
            assert not broken, f"{broken} after {event.type} at {event.position}"

    def test_stepping_back_from_an_event_is_the_state_before_it(
        self, typed: TypedModel[Any], events: Sequence[RecordedEvent]
    ) -> None:
        model, reading, state = folding(typed), Reading(typed), typed.initial()
        for event in events:
            before, state = state, model.evolve(state, event)
            known = reading.typed(event)
            reverse = typed.reverses.get(type(known)) if known else None
            if reverse is None or known is None:
                continue
            try:
                back = reverse(state, known)
            except LookupError:
                continue  # what it needs was not kept with this event: it is folded instead
            assert list(diff(model.to_json(before), model.to_json(back))) == []

    def test_every_command_has_a_form(self, typed: TypedModel[Any]) -> None:
        for command in typed.commands:
            assert help_of(command)
            for name, field in schema_of(command)["properties"].items():
                assert "title" in field or "$ref" in str(field), f"{command.__name__}.{name}"

    @given(st.data())
    @settings(
        max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    def test_what_the_state_rules_out_is_refused_or_leads_to_nothing(
        self, typed: TypedModel[Any], events: Sequence[RecordedEvent], data: st.DataObject
    ) -> None:
        until = data.draw(st.integers(0, len(events)))
        state = fold(folding(typed), events[:until]).state
        for type_ in typed.commands:
            if reason := typed.why_not(type_, state):
                command = data.draw(commands_of(type_))
                assert_nothing_is_decided(typed, state, command, reason)

    def test_what_is_ruled_out_is_one_of_its_commands(self, typed: TypedModel[Any]) -> None:
        assert set(typed.ruled_out) <= set(typed.commands)

    def test_every_event_says_what_it_means(self, typed: TypedModel[Any]) -> None:
        assert all(event.__doc__ for event in typed.events)

    def test_what_it_holds_it_also_reads(self, typed: TypedModel[Any]) -> None:
        held = [it for it in typed.commands if typed.elsewhere_of(it) is Elsewhere.LOCK]

        assert all(typed.reads.get(it) for it in held)
        assert set(typed.elsewhere) <= set(typed.commands)


def assert_nothing_is_decided(
    typed: TypedModel[Any], state: Any, command: Any, reason: str
) -> None:
    """The window says no without asking; `decide` must not have said yes."""
    try:
        found = typed.decide(state, command, Nowhere())
    except Refused:
        return
    assert list(found) == [], f"{command} is ruled out ({reason}) and decided on all the same"
