"""Elements that are told apart in one go are those that are told apart one by one."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.reading.json_runs import LONGEST_RUN, run_of

OBJECTS = st.dictionaries(
    st.sampled_from(["id", "type", "}", ",{", '"']),
    st.recursive(
        st.none() | st.integers() | st.text(alphabet='{}[],:"\\ idé', max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["id", "type"]), inner, max_size=2)
        ),
        max_leaves=6,
    ),
    min_size=1,
    max_size=3,
)


def characters(text: str) -> str:
    """One a byte, as the reader of a document has them."""
    return text.encode().decode("latin-1")


@given(
    objects=st.lists(OBJECTS, min_size=1, max_size=8),
    indent=st.sampled_from([None, 1]),
    end=st.integers(0, 40),
)
def test_a_run_holds_elements_from_the_first_one_on_byte_for_byte(
    objects: list[dict[str, Any]], indent: int | None, end: int
) -> None:
    text = json.dumps(objects, indent=indent, ensure_ascii=False)
    at = text.index("{")
    cut = characters(text)[: max(len(characters(text)) - end, at)]

    run = run_of(cut, at)

    if run is not None:
        found = list(run.elements())
        assert [json.loads(it) for _, it in found] == objects[: len(found)]
        assert len(found) < len(objects)
        for place, it in found:
            assert text.encode()[at + place :].startswith(it)
        rest = text.encode()[at + len(run.content) :]
        assert rest.startswith(b"{")


def test_usual_elements_come_together() -> None:
    text = json.dumps([{"id": n, "ties": [{"id": "a"}, {"id": "b"}]} for n in range(100)])

    run = run_of(text, 1)

    assert run is not None
    assert len(run.raws) == 99


@pytest.mark.parametrize(
    "text",
    [
        '{"id":1}',
        '{"id":1}]',
        '{"id":"\\ud800"},{"id":2}',
        '{"id":1},,{"id":2}',
        '{"id":1}{"id":2}',
        '{"id":1,"a":[{"id":2},{"id":3},{"id":4},{"id":5}',
        "1, 2, 3",
        '{"id":01},{"id":2}',
    ],
)
def test_what_takes_a_closer_look_is_no_run(text: str) -> None:
    assert run_of(text, 0) is None


def test_a_run_is_bounded() -> None:
    text = ",".join(json.dumps({"id": n}) for n in range(LONGEST_RUN))

    run = run_of(text, 0)

    assert run is not None
    assert LONGEST_RUN // 2 < len(run.content) <= LONGEST_RUN
