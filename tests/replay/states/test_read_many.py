"""Events that are read many at once change a field as they do one by one."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.models.bank_account import MODEL as BANK
from replay.states.field_history import FieldFold
from replay.states.generic_model import DEEPEST, GENERIC
from replay.states.model import Model
from replay.states.typed_fold import SHAPE_IS_TOLD, folding
from store.events import Payload
from store.stream_texts import StreamTexts

A: Any = GENERIC.of_field("a")
BOOKED = folding(BANK)
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
Said = tuple[str, str, str]


def one_by_one(model: Model[Any], path: tuple[str, ...], said: Sequence[Said]) -> list[Any]:
    return list(FieldFold(model, path).changes((it.position, it) for it in payloads(said)))


def together(model: Model[Any], path: tuple[str, ...], said: Sequence[Said], cut: int) -> list[Any]:
    events = payloads(said)
    runs = [texts(events[:cut]), texts(events[cut:]), StreamTexts(events=list[Payload])]
    return list(FieldFold(model, path).changes_together(runs))


def payloads(said: Sequence[Said]) -> list[Payload]:
    return [Payload(n, "account-7", *it) for n, it in enumerate(said, 1)]


def texts(events: list[Payload]) -> StreamTexts:
    return StreamTexts(
        events=lambda: events,
        data_json=f"[{','.join(it.data_json for it in events)}]",
        positions=[it.position for it in events],
        types=[it.type for it in events],
        longest=max((len(it.data_json) for it in events), default=0),
        is_told=any(SHAPE_IS_TOLD in it.metadata_json for it in events),
    )


@pytest.mark.parametrize("path", [("a",), ("a", "b")])
@given(
    said=st.lists(st.tuples(st.just("T"), MERGED, st.just("{}")), max_size=8), cut=st.integers(0, 8)
)
def test_merged_payloads(path: tuple[str, ...], said: list[Said], cut: int) -> None:
    assert together(A, path, said, cut) == one_by_one(A, path, said)


@given(
    said=st.lists(
        st.tuples(
            st.sampled_from(TYPES),
            TYPED,
            st.sampled_from(["{}", '{"schema_version":1}', '{"user":"ada"}']),
        ),
        max_size=8,
    ),
    cut=st.integers(0, 8),
)
def test_events_of_a_model(said: list[Said], cut: int) -> None:
    path = ("balance",)

    assert together(BOOKED, path, said, cut) == one_by_one(BOOKED, path, said)


@pytest.mark.parametrize("model", [A, BOOKED])
def test_a_run_whose_payloads_cannot_be_told_apart_is_read_one_by_one(model: Model[Any]) -> None:
    said = [("DepositPerformed", '{"accountId":"7","amount":5,"a":1}', "{}")] * 2
    events = payloads(said)
    odd = StreamTexts(
        events=lambda: events,
        data_json="[{}]",
        positions=[1, 2],
        types=[it.type for it in events],
    )
    path = ("a",) if model is A else ("balance",)

    assert list(FieldFold(model, path).changes_together([odd])) == one_by_one(model, path, said)
