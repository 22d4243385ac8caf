"""Keys that stand twice are found, whatever the text of a document looks like, and no others."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import json_text
from store.reading.repeated_keys import has_repeats, last_of_each, repeated_names

KEYS = st.sampled_from(['"a"', '"b"', '"\\u0061"', '"a b"', '"ab"', '"\\ud800"', '"é"', '"x\\":"'])
SCALARS = st.sampled_from(
    ["1", "1.50", "1e400", "-0.0", "1E2", '"a"', '"\\":"', "null", "true", '" a : b "', '"\\ud800"']
)
BLANKS = st.sampled_from(["", " ", "\n", " \t"])


def _objects(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    members = st.lists(st.tuples(KEYS, inner), max_size=4)
    return st.builds(
        lambda them, blank: (
            f"{{{blank}" + f",{blank}".join(f"{key}{blank}:{blank}{it}" for key, it in them) + "}"
        ),
        members,
        BLANKS,
    )


DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3).map(lambda it: f"[{','.join(it)}]") | _objects(inner),
    max_leaves=10,
)


def _twice(text: str) -> set[str]:
    found: set[str] = set()

    def look(pairs: list[tuple[str, Any]]) -> None:
        names = [name for name, _ in pairs]
        found.update(it for it in names if names.count(it) > 1)

    json.loads(text, object_pairs_hook=look)
    return found


@given(DOCUMENTS)
def test_keys_are_found_exactly_when_they_stand_twice_in_one_object(text: str) -> None:
    assert has_repeats(text) == bool(_twice(text))
    assert set(repeated_names(text)) == _twice(text)


@given(DOCUMENTS)
def test_with_each_key_once_a_document_means_what_a_fold_reads(text: str) -> None:
    once = last_of_each(text)

    assert not has_repeats(once)
    assert json_text.decode(once) == json_text.decode(text)


@pytest.mark.parametrize("text", ["", "{", '{"a":1,"a"', "[" * 5_000])
def test_what_is_no_document_has_no_keys(text: str) -> None:
    assert not has_repeats(text)
