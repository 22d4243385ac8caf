"""The model file of a taught category is held to what every typed model must do."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from replay.own.user_models import load_models
from replay.states.fold import fold
from replay.states.typed_fold import folding
from replay.taught.fold import taught_model
from replay.taught.kept_taught import types_in
from replay.taught.model_file import model_file
from replay.taught.steps import Set, Taught, Types
from replay.typed_model import TypedModel
from store import json_text
from store.events import NewEvent, RecordedEvent
from store.memory import MemoryStore
from store.opening import reading
from store.transfer.ingest import ingest
from tests.contracts.format import FIXTURES
from tests.contracts.typed_model import TypedModelContract
from tests.replay.taught.taught_carts import CARTS, by_hand


def exported(folder: Path, taught: Taught, shapes: dict[str, int] | None = None) -> TypedModel[Any]:
    path = folder / "exported.py"
    path.write_text(model_file(taught, shapes), "utf-8")
    (model,) = load_models(path)
    return model


def carts(folder: Path) -> dict[str, list[RecordedEvent]]:
    path = folder / "carts.foldline"
    ingest(FIXTURES / "emmett-carts.sqlite", into=path)
    with reading(path) as log:
        return {it: list(log.read_stream(it)) for it in log.stream_names()}


class TestExportedModel(TypedModelContract):
    @pytest.fixture
    def typed(self, tmp_path: Path) -> TypedModel[Any]:
        opened = (Set(to="client", value="clientId", if_missing="skip"),)
        types = {**CARTS, "ShoppingCartOpened": opened}
        return exported(tmp_path, Taught(category="shopping_cart", version=1, types=types))

    @pytest.fixture
    def events(self, tmp_path: Path) -> Sequence[RecordedEvent]:
        return max(carts(tmp_path).values(), key=len)


def test_every_cart_is_what_was_reckoned_by_hand(tmp_path: Path) -> None:
    model = folding(exported(tmp_path, Taught(category="shopping_cart", version=1, types=CARTS)))

    for events in carts(tmp_path).values():
        assert model.to_json(fold(model, events).state) == by_hand(events)


def test_the_file_names_nothing_but_what_a_model_file_may(tmp_path: Path) -> None:
    text = model_file(Taught(category="shopping_cart", version=1, types=CARTS))

    imported = [it for it in text.splitlines() if it.startswith(("from ", "import "))]
    assert [it.split()[1] for it in imported] == [
        "collections.abc",
        "decimal",
        "typing",
        "msgspec",
        "msgspec.structs",
        "replay.typed_model",
    ]
    assert len(max(text.splitlines(), key=len)) <= 120


@pytest.mark.parametrize("value", ["clientId", "$"])
def test_events_in_later_shapes_are_read_as_they_were_taught(tmp_path: Path, value: str) -> None:
    types: Types = {"ShoppingCartOpened": (Set(to="seen", value=value),)}
    events = next(iter(carts(tmp_path).values()))
    later = [_in_shape(it, shape) for it, shape in zip([events[0]] * 3, (1, 2, 3), strict=True)]

    model = folding(
        exported(
            tmp_path,
            Taught(category="shopping_cart", version=1, types=types),
            {"ShoppingCartOpened": 3},
        )
    )

    expected = events[0].data if value == "$" else events[0].data[value]
    for event in later:
        assert model.to_json(model.evolve(model.initial(), event))["seen"] == expected


CLOSED: dict[str, Any] = {
    "Got": [
        {"do": "add to list", "to": "l", "entry": "x", "key": "k"},
        {
            "do": "add to list",
            "to": "l[k=x.k].in",
            "entry": "x.k × 1",
            "if_missing": "skip",
        },
        {"do": "add to list", "to": "plain", "entry": "lines[1].k"},
        {"do": "merge", "to": "l[k=x.k]", "value": "x"},
        {"do": "subtract", "each": "lines", "to": "n", "value": "k × 0.5"},
        {"do": "add", "each": "x.none", "to": "n", "value": "k", "if_missing": "skip"},
        {"do": "delete", "to": "l[k=x.k].gone"},
    ],
    "order.dropped": [
        {"do": "remove by key", "to": "l", "key": "k", "value": "x.k"},
        {"do": "set", "to": "last", "constant": [{"a": 0.1}, None, 'q"q']},
        {"do": "delete", "to": "plain"},
    ],
    "Closed": [{"do": "delete", "to": "$"}],
    "Seen": [{"do": "ignore"}],
}
OPEN: dict[str, Any] = {
    "Got": [
        {"do": "merge"},
        {"do": "add to list", "to": "l", "entry": "x", "key": "k"},
        {"do": "delete", "to": "l[k=x.k].gone"},
        {"do": "delete", "to": "lines"},
        {"do": "merge", "to": "deep.er", "value": "x"},
    ],
    "order.dropped": [{"do": "delete", "to": "l[k=x.k]"}, {"do": "delete", "to": "deep.er"}],
    "Closed": [{"do": "delete", "to": "$"}],
}


@pytest.mark.parametrize("lesson", [CLOSED, OPEN])
def test_every_kind_of_step_and_place_is_written(tmp_path: Path, lesson: Any) -> None:
    types = types_in(lesson, "here")
    taught = Taught(category="some", version=1, types=types)
    data = {"x": {"k": 1, "gone": 2}, "lines": [{"k": 3}, {"k": 4}]}
    log = MemoryStore()
    for type_ in ("Got", "Got", "Seen", "order.dropped", "Got", "Closed"):
        log.append("some-1", [NewEvent.of(type_, data)], expected=None)
    ours, model = taught_model(taught), folding(exported(tmp_path, taught))
    state, other = ours.initial(), model.initial()
    for event in log.read_stream("some-1"):
        state, other = ours.evolve(state, event), model.evolve(other, event)
        assert json_text.encode(model.to_json(other)) == json_text.encode(state)


def _in_shape(event: RecordedEvent, version: int) -> RecordedEvent:
    return replace(event, metadata_json=f'{{"schema_version":{version}}}')
