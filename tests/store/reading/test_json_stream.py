"""A JSON document read piece by piece: every value byte for byte, and never more than one."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import UnreadableSource
from store.reading import json_members
from store.reading.json_stream import JsonStream

PATH = Path("in.json")
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def stream(text: str | bytes, *, piece: int = 5, longest: int = 1 << 20) -> JsonStream:
    """The document in pieces of so many bytes."""
    content = text.encode() if isinstance(text, str) else text
    pieces = (content[at : at + piece] for at in range(0, len(content), piece))
    return JsonStream(pieces, PATH, longest=longest)


def read_all(document: JsonStream) -> None:
    for _ in document.elements():
        pass
    document.end()


@given(
    values=st.lists(VALUES, max_size=6),
    piece=st.integers(1, 40),
    indent=st.sampled_from([None, 1]),
    is_ascii=st.booleans(),
)
def test_elements_are_the_bytes_that_stand_in_the_document(
    values: list[Any], piece: int, indent: int | None, is_ascii: bool
) -> None:
    text = json.dumps(values, indent=indent, ensure_ascii=is_ascii)
    document = stream(text, piece=piece)

    found = list(document.elements())
    document.end()

    expected = [(it.offset, it.text.encode()) for it in json_members.elements(text)]
    assert found == expected
    assert [json.loads(it.text) for it in found] == values


@pytest.mark.parametrize("piece", [1, 2, 7, 1000])
def test_numbers_keep_every_digit_also_where_a_piece_ends_within_one(piece: int) -> None:
    numbers = ["9007199254740993", "1e400", "0.10", "-0", "1E+2", "1" * 30]

    found = stream(f"[{','.join(numbers)}]", piece=piece).elements()

    assert [it.text.decode() for it in found] == numbers


def test_members_are_taken_or_passed_over_one_by_one() -> None:
    document = stream('{"a": [1, {"b": 2}], "c\\u00e9": {"d": "]"}, "e": 7 } ')
    found = {}
    for name in document.members():
        if name == "a":
            document.skip()
        else:
            found[name] = document.value().text
    document.end()

    assert found == {"cé": b'{"d": "]"}', "e": b"7"}


def test_of_two_hundred_thousand_elements_no_more_than_a_piece_or_two_is_held() -> None:
    made = 0

    def pieces() -> Iterator[bytes]:
        nonlocal made
        yield b"["
        for made in range(1, 200_001):
            yield b'%s{"n": %d, "text": "caf\xc3\xa9 \\" ]"}' % (b"," if made > 1 else b"", made)
        yield b"]"

    document = JsonStream(pieces(), PATH)
    count = most = ahead = 0
    for it in document.elements():
        count += 1
        most = max(most, document.held)
        ahead = max(ahead, made - count)
        assert it.text.startswith(b'{"n": %d,' % count)
    document.end()

    assert count == 200_000
    assert most < 200
    assert ahead <= 2


@pytest.mark.parametrize(
    "long",
    [
        '{"a": "' + 'x\\"]' * 100 + '", "b": [1, {}]}',
        '["' + "}" * 200 + '", [[["\\\\"]]]]',
        '"' + "\\\\" * 200 + '"',
        "1" * 300,
    ],
)
@pytest.mark.parametrize("piece", [1, 3, 64])
def test_a_value_that_is_too_long_is_cut_and_the_next_one_is_whole(long: str, piece: int) -> None:
    document = stream(f'[1, {long}, {{"n": 2}}]', piece=piece, longest=50)

    first, cut, last = document.elements()
    document.end()

    assert (first.text, last.text) == (b"1", b'{"n": 2}')
    assert (cut.offset, cut.text) == (4, long[:51].encode())
    assert document.held < 300


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b"[1, 2", "expected ] at byte 5"),
        (b"[1,]", "Expecting value at byte 3"),
        (b'[{"a" 1}]', "Expecting ':' delimiter at byte 6"),
        (b'["a\nb"]', "Invalid control character at"),
        (b'["abc', "Unterminated string starting at at byte 1"),
        (b"[NaN]", "NaN is not JSON"),
        (b"[1] 2", "unexpected text at byte 4"),
        (b"7", "expected [ at byte 0"),
        (b"", "expected [ at byte 0"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
@pytest.mark.parametrize("piece", [1, 4096])
def test_what_is_not_json_is_refused_with_its_place(text: bytes, place: str, piece: int) -> None:
    with pytest.raises(UnreadableSource) as told:
        read_all(stream(text, piece=piece))

    assert place in str(told.value)


def test_a_fault_is_told_before_the_rest_is_read() -> None:
    read = 0

    def pieces() -> Iterator[bytes]:
        nonlocal read
        yield b"[1, {oops}, "
        while read < 1_000:
            read += 1
            yield b'{"n": 1}, '

    with pytest.raises(UnreadableSource, match="byte 5"):
        list(JsonStream(pieces(), PATH).elements())

    assert read < 10


@pytest.mark.parametrize("piece", [1, 2, 3, 100])
def test_bytes_that_are_not_utf_8_are_told_with_their_place(piece: int) -> None:
    with pytest.raises(UnreadableSource, match="byte 11 of the document is not valid UTF-8"):
        list(stream(b'["caf\xc3\xa9", "\xff"]', piece=piece).elements())
    with pytest.raises(UnreadableSource, match="byte 2 of the document is not valid UTF-8"):
        list(stream(b'["\xc3', piece=piece).elements())
