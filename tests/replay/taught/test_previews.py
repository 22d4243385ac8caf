"""Samples of a category, and a preview on a stream, where there is much or little to look at."""

from pathlib import Path
from typing import Any

import pytest

from replay.taught import type_samples as sampling
from replay.taught.preview import preview, unknown_types
from replay.taught.steps import Count, Ignore, Taught, Types, WrongTeaching
from replay.taught.teaching_facts import shapes_of
from replay.taught.type_samples import kind_of, looked_into, type_samples
from store.events import NewEvent
from tests.replay.written_logs import event, log_of

ODD = {"a": [1, {"b": True}], "": 0, "d.e": {"f": None}, "g × h": "t"}


def test_fields_are_named_as_an_expression_names_them(tmp_path: Path) -> None:
    said = [("c-1", event(ODD, "T")), ("c-1", event({"a": 1}, "T"))]
    with log_of(tmp_path, *said) as log:
        (found,) = type_samples(log, "c")
        assert looked_into(log, "c") == ""

    fields: dict[str, tuple[str, ...]] = {it.path: it.kinds for it in found.fields}
    assert fields == {
        "a": ("list", "number"),
        "a[]": ("number", "object"),
        "a[].b": ("true or false",),
        '[""]': ("number",),
        '["d.e"]': ("object",),
        '["d.e"].f': ("null",),
        '["g × h"]': ("text",),
    }
    values: list[Any] = [None, 1.5, "", []]
    assert [kind_of(it) for it in values] == ["null", "number", "text", "list"]


def test_what_is_left_out_of_the_samples_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sampling, "STREAMS", 2)
    monkeypatch.setattr(sampling, "EVENTS", 1)
    monkeypatch.setattr(sampling, "MOST_FIELDS", 2)
    said = [(f"c-{number}", event({"a": 1, "b": 2, "c": 3}, "T")) for number in range(3)]
    with log_of(tmp_path, *said) as log:
        (found,) = type_samples(log, "c")

        assert looked_into(log, "c") == ("2 of 3 streams were sampled, the first 1 events of each")
    assert found.has_more_fields
    assert [it.path for it in found.fields] == ["a", "b"]


def test_a_type_that_was_not_met_is_said_to_be_missing_from_what_was_looked_at() -> None:
    types: Types = {"Opend": ()}

    assert unknown_types(types, {"Opened": ()}) == (
        "no event of the category is of type Opend; did you mean Opened?",
    )
    assert unknown_types(types, {}, is_part=True) == (
        "no sampled event of the category is of type Opend",
    )


def test_a_category_without_a_stream_is_a_sentence(tmp_path: Path) -> None:
    with log_of(tmp_path, ("c-1", event({}, "T"))) as log:
        with pytest.raises(WrongTeaching, match="no stream is named d-…"):
            type_samples(log, "d")
        assert shapes_of(log, Taught(category="d", version=1)) == {}


def test_a_preview_stops_at_its_most_and_says_so(tmp_path: Path) -> None:
    said = [("c-1", event({}, it)) for it in ("T", "T", "U")]
    with log_of(tmp_path, *said) as log:
        steps: Types = {"T": (Count(to="n"),)}
        whole, part = preview(log, "c", steps, "c-1"), preview(log, "c", steps, "c-1", most=1)

    assert (whole.state, whole.untaught, whole.is_whole) == ({"n": 2}, {"U": 1}, True)
    assert (part.state, part.previous, part.events, part.is_whole) == ({"n": 1}, {"n": 0}, 1, False)


def test_the_highest_shape_of_each_taught_type_is_found(tmp_path: Path) -> None:
    def shaped(version: object, type_: str = "T") -> tuple[str, NewEvent]:
        return "c-1", NewEvent.of(type_, {}, {"schema_version": version})

    with log_of(tmp_path, shaped(2), shaped(3), shaped(1), shaped("x"), shaped(4, "U")) as log:
        taught = Taught(category="c", version=1, types={"T": (Ignore(),)})

        assert shapes_of(log, taught) == {"T": 3}
