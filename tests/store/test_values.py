"""Times and JSON texts: nothing is lost on the way in or out."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import json_text
from store.times import Moment, format_moment, is_exact, parse_moment

YEARS = st.integers(-60_000_000_000_000_000, 250_000_000_000_000_000)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("1970-01-01T00:00:00.000001+00:00", Moment(1, 0)),
        ("2026-03-14T09:41:09.921Z", Moment(1_773_481_269_921_000, 0)),
        ("2026-03-14T10:41:09.921+01:00", Moment(1_773_481_269_921_000, 60)),
        ("2026-03-14 09:41:09", Moment(1_773_481_269_000_000, None)),
        ("2026-03-14T09:41:09.123456789Z", Moment(1_773_481_269_123_456, 0)),
        ("2016-12-31T23:59:60Z", Moment(1_483_228_799_000_000, 0)),
        ("1969-12-31T23:59:59.5Z", Moment(-500_000, 0)),
        ("1970-01-02T00:00:00-23:59:59", Moment(172_799_000_000, -1439)),
        ("2026-03-14 09:41:09 UTC", Moment(1_773_481_269_000_000, 0)),
    ],
)
def test_a_time_is_read_to_the_microsecond_with_its_offset(text: str, moment: Moment) -> None:
    assert parse_moment(text) == moment


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01T00:00:00Z", "12:00"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_moment(text)


@pytest.mark.parametrize(
    "text",
    ["2016-12-31T23:59:60.000000", "2016-12-31T23:59:60.5Z", "2016-12-31T23:59:59.000000+01:80"],
)
def test_an_odd_time_is_never_taken_for_a_text_that_its_number_gives_back(text: str) -> None:
    assert not is_exact(text, parse_moment(text))


@given(at_us=YEARS)
def test_a_time_is_written_as_the_standard_library_writes_it(at_us: int) -> None:
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at_us)

    assert format_moment(at_us) == at.isoformat(timespec="microseconds")
    assert format_moment(at_us, None) == at.replace(tzinfo=None).isoformat(timespec="microseconds")


@given(at_us=YEARS, offset=st.none() | st.integers(-14 * 60, 14 * 60))
def test_a_formatted_time_is_read_back_exactly(at_us: int, offset: int | None) -> None:
    text = format_moment(at_us, offset)

    assert parse_moment(text) == Moment(at_us, offset)
    assert is_exact(text, Moment(at_us, offset))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("123456789012345678901234567890", 123456789012345678901234567890),
        ("9007199254740993", 9007199254740993),
        ("0.10", Decimal("0.10")),
        ("1e400", Decimal("1E+400")),
        ('"\\ud800"', "\ud800"),
    ],
)
def test_numbers_and_odd_texts_keep_every_digit(text: str, value: object) -> None:
    assert json_text.decode(text) == value
    assert json_text.decode(json_text.encode(value)) == value


@pytest.mark.parametrize("text", ["NaN", "Infinity", "{", "", "[" * 100_000])
def test_what_is_not_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        json_text.decode(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_what_is_encoded_is_decoded_again(value: object) -> None:
    assert json_text.decode(json_text.encode(value)) == value


def test_encoding_is_what_the_standard_library_would_write() -> None:
    value = {"a": [1, "é", None, True]}

    assert json_text.encode(value) == json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"n":1E9999223372036854775,"m":0.10}', '{"n":1E+999999999999999999,"m":0.10}'),
        ("-2.5e9999223372036854775", "-1E+999999999999999999"),
        ("[1e-9999223372036854775,0e9999223372036854775]", "[0,0]"),
        ('{"half":"\\ud800","n":[0.10,1e400,12345678901234567890]}', None),
    ],
)
def test_a_number_that_no_decimal_holds_and_half_a_character_stop_nothing(
    text: str, value: str | None
) -> None:
    expected = text.replace("1e400", "1E+400") if value is None else value

    assert json_text.encode(json_text.decode(text)) == expected
