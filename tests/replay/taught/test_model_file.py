"""What was taught and the model file made of it give the same states, on any stream; and prefixes
of a stream fold to what the whole fold passed through."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from replay.own.user_models import load_models
from replay.states import long_list
from replay.states.model import Model
from replay.states.typed_fold import folding
from replay.taught.fold import TaughtFailed, taught_model
from replay.taught.kept_taught import facts_of, text_of, types_from, types_in
from replay.taught.model_file import model_file
from replay.taught.shape import require_sound
from replay.taught.steps import Taught, WrongTeaching
from store import json_text
from store.events import Payload
from store.stream_texts import StreamTexts

NAMES = ["a", "unitPrice", "class", 'q"q']
TYPES = ["Added", "Removed", "order.placed", "class", "List", "Any", "évènement", "_at", "x'\"y"]
LISTS = ["lines", "lines2", "lines[class=class].in.lines", "lines[class=a].in.lines"]
NUMBERS = ["n", "total", "who.age", "lines[class=class].n", "lines2[a=class].a", "lines"]
PLACES = ["who.name", "note", "lines[class=class]", "lines[class=class].in", "box", "n", "$"]
FAILED = "failed"

names = st.sampled_from(NAMES)
numbers = st.one_of(st.integers(1, 3), st.decimals(-2, 3, places=2, allow_nan=False))
keys = st.sampled_from([1, 2, True, "pen"])
odd = st.sampled_from([None, 10**20, "", [], {}, False, [[1]], {"a": None}, "0.5"])
values = st.sampled_from(["a", "unitPrice", "a × unitPrice", '["unitPrice"] × 0.5', "class"])
missing = st.sampled_from(["fail", "skip", "skip rest"])


def seldom(draw: st.DrawFn) -> bool:
    return draw(st.integers(0, 11)) == 7


@st.composite
def objects(draw: st.DrawFn, *, is_inner: bool = False) -> Any:
    """Data of an event, or an entry of a list in it; now and then an odd one."""
    found = {"a": draw(numbers), "unitPrice": draw(numbers), "class": draw(keys)}
    if not is_inner:
        found['q"q'] = draw(st.lists(objects(is_inner=True), max_size=3))
    if seldom(draw):
        found[draw(names)] = draw(odd)
    if seldom(draw):
        found.pop(draw(names), None)
    return draw(odd) if seldom(draw) else found


@st.composite
def added(draw: st.DrawFn) -> dict[str, Any]:
    entry = {"class": "class", "a": draw(values), **({"n": "a"} if draw(st.booleans()) else {})}
    if seldom(draw):
        return {"entry": draw(st.sampled_from(["class", '["q\\"q"][0]'])), "key": "class"}
    by_key = {"key": "class", "sum": draw(st.sampled_from([[], ["a"]]))}
    return {"entry": entry, **(by_key if draw(st.booleans()) else {})}


STEPS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "set": st.one_of(
        st.fixed_dictionaries({"to": st.sampled_from(PLACES), "value": values}),
        st.fixed_dictionaries({"to": st.sampled_from(PLACES), "constant": odd}),
    ),
    "merge": st.fixed_dictionaries(
        {"to": st.sampled_from(PLACES), "value": st.sampled_from(['["q\\"q"][0]', "$"])}
    ),
    "add to list": st.tuples(st.sampled_from(LISTS), added()).map(
        lambda it: {"to": it[0], **it[1]}
    ),
    "remove by key": st.fixed_dictionaries(
        {
            "to": st.sampled_from(LISTS),
            "key": st.sampled_from(["class", "a"]),
            "value": st.sampled_from(["class", "a"]),
            "subtract": st.sampled_from([{}, {"a": "a"}, {"n": "a × 0.5", "a": "a"}]),
        }
    ),
    "count": st.fixed_dictionaries({"to": st.sampled_from(NUMBERS)}),
    "add": st.fixed_dictionaries({"to": st.sampled_from(NUMBERS), "value": values}),
    "subtract": st.fixed_dictionaries({"to": st.sampled_from(NUMBERS), "value": values}),
    "delete": st.fixed_dictionaries({"to": st.sampled_from([*PLACES, *LISTS, *NUMBERS])}),
}


@st.composite
def steps(draw: st.DrawFn) -> dict[str, Any]:
    do = draw(st.sampled_from([*STEPS, "add to list", "add to list"]))
    each = draw(st.sampled_from(["", "", "", '["q\\"q"]']))
    return {"do": do, "each": each, "if_missing": draw(missing), **draw(STEPS[do])}


@st.composite
def lessons(draw: st.DrawFn) -> tuple[Any, list[tuple[str, Any]]]:
    """What is taught, and a stream."""
    types = draw(
        st.dictionaries(
            st.sampled_from(TYPES),
            st.lists(steps(), min_size=1, max_size=3),
            min_size=1,
            max_size=3,
        )
    )
    if seldom(draw):
        types["Ignored"] = [{"do": "ignore"}]
    type_ = st.sampled_from([*types, *types, "Other"])
    return types, draw(st.lists(st.tuples(type_, objects()), min_size=2, max_size=8))


def _exported(taught: Taught, folder: Path) -> Model[Any]:
    path = folder / "taught.py"
    path.write_text(model_file(taught), "utf-8")
    (model,) = load_models(path)
    return folding(model)


def _states(model: Model[Any], events: Sequence[Payload], *, owned: bool = False) -> list[str]:
    """As JSON after each event; up to the first one that it cannot fold."""
    state, found = model.initial(), [json_text.encode(model.to_json(model.initial()))]
    for event in events:
        try:
            state = (model.evolve_owned if owned else model.evolve)(state, event)
        except Exception:  # the taught one says a sentence, the file what Python says
            return [*found, FAILED]
        found.append(json_text.encode(model.to_json(state)))
    return found


def _states_of_a_run(model: Model[Any], events: Sequence[Payload]) -> list[str]:
    """The same of events that are read together."""
    assert model.through is not None
    run = StreamTexts(
        events=lambda: events,
        data_json=f"[{','.join(it.data_json for it in events)}]",
        positions=[it.position for it in events],
        types=[it.type for it in events],
    )
    known = {it.position for it in events}
    gone_through = model.through(model.initial(), run)
    if gone_through is None:
        return _states(model, events)
    positions, states = gone_through
    found = {0: json_text.encode(model.to_json(model.initial()))}
    try:
        for position, state in zip(positions, states, strict=True):
            found[position] = json_text.encode(model.to_json(state))
    except TaughtFailed as error:
        found[error.position] = FAILED
        known = {it for it in known if it <= error.position}
    return [found[max(it for it in found if it <= at)] for at in (0, *sorted(known))]


@given(lesson=lessons())
@settings(max_examples=100, deadline=None)
def test_what_is_written_as_text_is_read_as_it_was(
    lesson: tuple[Any, list[tuple[str, Any]]],
) -> None:
    types = types_in(lesson[0], "here")

    text = text_of(types)

    assert text_of(types_from(text.encode(), "here")) == text
    assert json_text.encode(facts_of(Taught(category="c", version=1, types=types))["types"]) == (
        json_text.encode(json_text.decode(text))
    )


@pytest.mark.parametrize("long", [long_list.LONG, 1])
@given(lesson=lessons())
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_file_gives_the_same_states_on_any_stream(
    lesson: tuple[Any, list[tuple[str, Any]]],
    long: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(long_list, "LONG", long)  # entries from which on a list is kept otherwise
    types, said = lesson
    taught = Taught(category="some-thing", version=1, types=types_in(types, "here"))
    try:
        require_sound(taught.types)
    except WrongTeaching:
        return
    events = [
        Payload(at, "some-thing-1", type_, json_text.encode(data), "{}")
        for at, (type_, data) in enumerate(said, 1)
    ]
    model = taught_model(taught)

    expected = _states(model, events)

    assert _states(_exported(taught, tmp_path), events) == expected
    assert _states(model, events, owned=True) == expected
    assert _states_of_a_run(model, events) == expected
    for count in range(len(events)):
        assert _states(model, events[:count]) == expected[: count + 1]
