"""Merging follows RFC 7396 to the letter, and leaves alone what it does not own."""

from typing import Any

import pytest
from hypothesis import given

from replay.states.merge_patch import copy, merge, merge_into
from store import json_text
from tests.replay.json_values import VALUES

# RFC 7396, appendix A: original, patch, result.
VECTORS = [
    ('{"a":"b"}', '{"a":"c"}', '{"a":"c"}'),
    ('{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'),
    ('{"a":"b"}', '{"a":null}', "{}"),
    ('{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'),
    ('{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'),
    ('{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'),
    ('{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'),
    ('{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'),
    ('["a","b"]', '["c","d"]', '["c","d"]'),
    ('{"a":"b"}', '["c"]', '["c"]'),
    ('{"a":"foo"}', "null", "null"),
    ('{"a":"foo"}', '"bar"', '"bar"'),
    ('{"e":null}', '{"a":1}', '{"e":null,"a":1}'),
    ("[1,2]", '{"a":"b","c":null}', '{"a":"b"}'),
    ("{}", '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'),
]


@pytest.mark.parametrize(("original", "patch", "result"), VECTORS)
def test_the_examples_of_the_standard_come_out_as_printed(
    original: str, patch: str, result: str
) -> None:
    merged = merge(json_text.decode(original), json_text.decode(patch))

    assert json_text.encode(merged) == result


@given(VALUES, VALUES)
def test_both_ways_of_merging_are_the_pseudocode_of_the_standard(target: Any, patch: Any) -> None:
    expected = json_text.encode(_by_the_book(copy(target), patch))

    assert json_text.encode(merge(target, patch)) == expected
    assert json_text.encode(merge_into(copy(target), copy(patch))) == expected


@given(VALUES, VALUES)
def test_merging_leaves_target_and_patch_as_they_were(target: Any, patch: Any) -> None:
    before = json_text.encode([target, patch])

    merge(target, patch)

    assert json_text.encode([target, patch]) == before


@given(VALUES, VALUES, VALUES)
def test_a_copy_shares_nothing_that_merging_could_change(
    value: Any, patch: Any, second: Any
) -> None:
    before = json_text.encode(value)

    merge_into(merge_into(copy(value), copy(patch)), copy(second))

    assert json_text.encode(value) == before


def test_what_a_patch_does_not_touch_is_shared_and_not_copied() -> None:
    target = {"big": [1, 2, 3], "small": 1}

    assert merge(target, {"small": 2})["big"] is target["big"]


def _by_the_book(target: Any, patch: Any) -> Any:
    if isinstance(patch, dict):
        if not isinstance(target, dict):
            target = {}
        for name, value in patch.items():
            if value is None:
                if name in target:
                    del target[name]
            else:
                target[name] = _by_the_book(target.get(name), value)
        return target
    return patch
