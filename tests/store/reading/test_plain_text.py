"""A text of a record that stands between its quotes as it is needs no decoder."""

import json

from hypothesis import given
from hypothesis import strategies as st

from store.reading import fields
from store.reading.fields import Unusable


@given(text=st.text(max_size=12), is_ascii=st.booleans())
def test_a_text_is_what_the_standard_library_makes_of_it(text: str, is_ascii: bool) -> None:
    written = json.dumps(text, ensure_ascii=is_ascii)

    assert read(written) == (text or None)


@given(token=st.text(alphabet='"\\a\x00\né ', max_size=6))
def test_what_is_no_text_is_refused_as_the_standard_library_does(token: str) -> None:
    try:
        expected = json.loads(f'"{token}')
    except ValueError:
        expected = Unusable

    assert read(f'"{token}') == (expected or None)


def read(text: str) -> object:
    try:
        return fields.text({"name": text}, "name")
    except Unusable:
        return Unusable
