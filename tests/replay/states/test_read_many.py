"""Events that are read many at once change a field as they do one by one."""

from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.models.bank_account import MODEL as BANK
from replay.states.field_history import FieldFold
from replay.states.generic_model import GENERIC
from replay.states.generic_part import DEEPEST
from replay.states.model import Model
from replay.states.typed_fold import MissingUpcast, folding
from store.events import Payload
from store.stream_texts import StreamTexts
from tests.replay.states.test_upcasts import model

BOOKED = folding(BANK)
HOME = folding(model())
DEEP = '{"a":' + "[" * (2 * DEEPEST) + "]" * (2 * DEEPEST) + "}"
UNREADABLE = '{"b":' + "[" * 5_000 + "]" * 5_000 + ',"a":1}'
MERGED = st.sampled_from(
    [
        '{"a":1}',
        '{"a":1.0}',
        '{"a":null}',
        '{"a":{"b":1}}',
        '{"a":{"b":null}}',
        '{"a":true}',
        '{"b":1}',
        "{}",
        '"text"',
        "7",
        "[]",
        "null",
        DEEP,
        UNREADABLE,
        '{"a":1e999999999}',
        '{"\\u0061":2}',
        '{"a":1,"a":3}',
        '{"a":{"b":{"c":1}}}',
        '{"a":{"b":{"c":{"d":[1]}},"x":1}}',
        '{"a":{"b":{"c":null}}}',
        '{"a":{"b":{"c":{"d":null}}}}',
        '{"a":{"b":[1]}}',
        '{"a":{"b":{"c":1},"b":{"x":1}}}',
        '{"a":{"b":{"c":1}},"a":{"x":1}}',
        '{"a":[{"b":1}],"b":"a text of some length, as payloads have it"}',
        '{"b":' + '[{"c":[1,2]},' * 40 + "1" + "]" * 40 + ',"a":{"b":2}}',
    ]
)
TYPES = ("DepositPerformed", "WithdrawalPerformed", "Other")
TYPED = st.sampled_from(
    [
        '{"accountId":"7","amount":5}',
        '{"accountId":"7","amount":0.5}',
        '{"accountId":7}',
        "[]",
        '{"accountId":"7","amount":5,"reference":"x"}',
        '{"accountId":"7","amount":1e999999999}',
    ]
)
SHAPES = st.sampled_from(
    [
        "{}",
        '{"schema_version":1}',
        '{"user":"ada","schema_version": 1}',
        '{"schema_version":1,"user":"ada"}',
        '{"schema_version":2}',
        '{"schema_version":3}',
        '{"schema_version":-3}',
        '{"schema_version":"3"}',
        '{"schema_version":3.0}',
        '{"schema_version":true}',
        '{"schema_version":null}',
        '{"schema_version":[3]}',
        '{"user":"\\"schema_version\\":3}"}',
        '{"schema_versio\\u006e":3}',
        '{"inner":{"schema_version":3}}',
        '{"user":"ada"}',
    ]
)
MOVED = st.sampled_from(
    [
        '{"place":"Graz, Austria"}',
        '{"city":"Graz","land":"Austria"}',
        '{"city":"Linz","country":"Austria"}',
        '{"city":"Linz","country":"Austria","more":1}',
    ]
)
Said = tuple[str, str, str]


def one_by_one(model: Model[Any], path: tuple[str, ...], said: Sequence[Said]) -> list[Any]:
    """Positions and values of the changes, or what folding raises."""
    fold = FieldFold(model, path)
    return told(
        (at, value) for _, at, value in fold.changes((it.position, it) for it in payloads(said))
    )


def together(model: Model[Any], path: tuple[str, ...], said: Sequence[Said], cut: int) -> list[Any]:
    """The same of two runs, by the model that folds as little as it has to."""
    events = payloads(said)
    runs = [texts(events[:cut]), texts(events[cut:]), StreamTexts(events=list[Payload])]
    fold = FieldFold(*(model.of_part(path) or (model, path)))
    found = fold.changes_together(runs)
    return told(it for _, positions, values in found for it in zip(positions, values, strict=True))


def told(changes: Iterable[tuple[int, Any]]) -> list[Any]:
    found: list[Any] = []
    try:
        found.extend((at, type(value), value) for at, value in changes)
    except (MissingUpcast, KeyError) as error:
        return [str(error)]
    return found


def payloads(said: Sequence[Said]) -> list[Payload]:
    return [Payload(n, "account-7", *it) for n, it in enumerate(said, 1)]


def texts(events: list[Payload]) -> StreamTexts:
    return StreamTexts(
        events=lambda: events,
        data_json=f"[{','.join(it.data_json for it in events)}]",
        positions=[it.position for it in events],
        types=[it.type for it in events],
        metadata_json=f"[{','.join(it.metadata_json for it in events)}]",
    )


@pytest.mark.parametrize("path", [("a",), ("a", "b"), ("a", "b", "c"), ("a", 0, "b")])
@given(
    said=st.lists(st.tuples(st.just("T"), MERGED, st.just("{}")), max_size=8), cut=st.integers(0, 8)
)
def test_merged_payloads(path: tuple[str, ...], said: list[Said], cut: int) -> None:
    assert together(GENERIC, path, said, cut) == one_by_one(GENERIC, path, said)


@given(
    said=st.lists(st.tuples(st.sampled_from(TYPES), TYPED, SHAPES), max_size=8),
    cut=st.integers(0, 8),
)
def test_events_of_a_model(said: list[Said], cut: int) -> None:
    path = ("balance",)

    assert together(BOOKED, path, said, cut) == one_by_one(BOOKED, path, said)


@given(
    said=st.lists(
        st.tuples(st.sampled_from(["Moved", "Relocated", "Other"]), MOVED, SHAPES), max_size=8
    ),
    cut=st.integers(0, 8),
)
def test_events_of_a_model_whose_types_changed(said: list[Said], cut: int) -> None:
    path = ("city",)

    assert together(HOME, path, said, cut) == one_by_one(HOME, path, said)


def test_events_as_they_are_recorded_here_are_read_together() -> None:
    """The shape of each is told in its metadata, by every command."""
    said = ("DepositPerformed", '{"accountId":"7","amount":5}', '{"schema_version":1}')
    assert BOOKED.through is not None

    found = BOOKED.through(BOOKED.initial(), texts(payloads([said] * 3)))

    assert found is not None
    assert list(found[0]) == [1, 2, 3]
    assert [int(it.balance) for it in found[1]] == [5, 10, 15]


@pytest.mark.parametrize("types", [("Moved",), ("Moved", "Other")])
def test_events_in_the_shape_that_is_current_are_read_together(types: tuple[str, ...]) -> None:
    payload = '{"city":"Linz","country":"Austria"}'
    said = [(it, payload, '{"schema_version":3}') for it in types]
    assert HOME.through is not None

    found = HOME.through(HOME.initial(), texts(payloads(said)))

    assert found is not None
    assert [it.city for it in found[1]] == ["Linz"]


@pytest.mark.parametrize("model", [GENERIC, BOOKED])
def test_a_run_whose_payloads_cannot_be_told_apart_is_read_one_by_one(model: Model[Any]) -> None:
    said = [("DepositPerformed", '{"accountId":"7","amount":5,"a":1}', "{}")] * 2
    events = payloads(said)
    odd = StreamTexts(
        events=lambda: events,
        data_json="[{}]",
        positions=[1, 2],
        types=[it.type for it in events],
    )
    path = ("a",) if model is GENERIC else ("balance",)
    fold = FieldFold(*(model.of_part(path) or (model, path)))

    (found,) = fold.changes_together([odd])

    assert told(zip(found[1], found[2], strict=True)) == one_by_one(model, path, said)
    assert fold.events == 2
