"""Events and filters that lie where SQLite and exact values part."""

import json
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from store.events import NewEvent
from store.filter.tree import FACTS, Claim, Comparison, Every, Not, Some, Tree, Value

NUMBERS = (
    *("0", "-0", "-0.0", "1", "5", "5.0", "5e0", "50e-1", "5.00000000000000000001", "-5", "12"),
    *("0.1", "0.10", "0.1000000000000000055511151231257827", "0.30000000000000004", "0.3"),
    *("9007199254740992", "9007199254740993", "9007199254740993.0", "9007199254740992.5"),
    *("9223372036854775807", "9223372036854775808", "-9223372036854775808"),
    *("18446744073709551616", "99999999999999999999", "1e19", "-1e19", "1e308", "1.8e308"),
    *("1e400", "1.0e400", "2e400", "-1e400", "1e-400", "-1e-400", "5e-324", "1e-320"),
)
BEYOND = ("1e99999999999999999999", "-1e99999999999999999999", "1e-99999999999999999999")
TEXTS = (
    *(
        "",
        "a",
        "A",
        "b",
        "sku-7",
        "sku-77",
        "5",
        "0.10",
        "true",
        "null",
        "é",
        "e\u0301",
        "中",
        "😀",
    ),
    *(
        'a"b',
        "a\\b",
        "a\tb",
        "a*b",
        "a?b",
        "a[b]c",
        "%",
        "a\0b",
        "\ud800",
        "-",
        "{}",
        "[1]",
        "\uffff",
    ),
    *("a.b", "order-1", "order-2", "order", "or", "order-1-2", "True", "u" * 1_200),
)
KEYS = ("a", "b", "sku", "user", "a.b", "", 'q"q', "é", "back\\slash", "$", "x[0]", "A", "\ud800")
NAMES = tuple(it for it in TEXTS if it and it != "\ud800")
COMPARISONS: tuple[Comparison, ...] = ("=", "<", "<=", ">", ">=", "~", "contains")
PATTERNS = (
    "*",
    "?",
    "a*",
    "*7",
    "s?u*",
    "*-1",
    "[ab]*",
    "a[*]b",
    "*é*",
    "order-?",
    "",
    "*\t*",
    "a[b]?",
    "[",
    "*[*",
    "]*",
)
TIMES = (0, 1, 5, -5, 1_772_323_200_000_000)


def quoted(text: str, *, is_escaped: bool) -> str:
    """A JSON string, every character of it escaped or as few as there must be."""
    if is_escaped:
        units = text.encode("utf-16-be", "surrogatepass").hex()
        return '"' + "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)) + '"'
    return json.dumps(text, ensure_ascii=any("\ud800" <= it <= "\udfff" for it in text))


def strings(texts: tuple[str, ...]) -> st.SearchStrategy[str]:
    often = st.integers(0, 9).map(lambda it: it == 0)
    return st.builds(
        lambda text, is_escaped: quoted(text, is_escaped=is_escaped), st.sampled_from(texts), often
    )


def _object(members: list[tuple[str, str]], space: str) -> str:
    """With keys twice where they were drawn twice."""
    return "{" + ",".join(f"{key}{space}:{space}{value}" for key, value in members) + "}"


def objects(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    keys = st.one_of(
        strings(KEYS),
        st.sampled_from(['"a"', '"b"', '"sku"', '"user"', '"command"', '"correlation_id"']),
    )
    members = st.lists(st.tuples(keys, inner), max_size=4)
    return st.builds(_object, members, st.sampled_from(["", "", " "]))


SCALARS = st.one_of(
    st.sampled_from(NUMBERS),
    st.sampled_from(BEYOND),
    strings(TEXTS),
    st.sampled_from(["true", "false", "null", "9" * 5_000]),
)
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda it: "[" + ",".join(it) + "]"),
        objects(inner),
    ),
    max_leaves=8,
)
DEEP = st.sampled_from([400, 1_500]).map(lambda n: '{"a":5,"b":' + "[" * n + "]" * n + "}")


EVENTS: st.SearchStrategy[tuple[str, NewEvent]] = st.tuples(
    st.sampled_from(NAMES),
    st.builds(
        NewEvent,
        type=st.sampled_from(NAMES),
        data_json=st.one_of(objects(DOCUMENTS), objects(DOCUMENTS), DOCUMENTS, DEEP),
        metadata_json=objects(DOCUMENTS),
        occurred_at_us=st.sampled_from(TIMES),
        recorded_at_us=st.sampled_from(TIMES),
    ),
)
LITERALS: st.SearchStrategy[Value] = st.one_of(
    st.sampled_from(NUMBERS).map(lambda it: Decimal(it) if set(it) & set(".e") else int(it)),
    st.sampled_from(TEXTS),
    st.sampled_from([None, True, False]),
)
FIELDS = st.one_of(
    st.sampled_from(sorted(FACTS)).map(lambda it: (it,)),
    st.tuples(st.sampled_from(["data", "data", "data", "metadata"]), st.sampled_from(KEYS[:4])),
    st.builds(
        lambda root, keys: (root, *keys),
        st.sampled_from(["data", "metadata"]),
        st.lists(st.sampled_from(KEYS), min_size=1, max_size=3),
    ),
)


def _claim(field: tuple[str, ...], comparison: Comparison, value: Value, pattern: str) -> Claim:
    is_pattern = comparison in ("~", "contains")
    return Claim(field=field, comparison=comparison, value=pattern if is_pattern else value)


CLAIMS = st.builds(
    _claim, FIELDS, st.sampled_from(COMPARISONS), LITERALS, st.sampled_from(PATTERNS + TEXTS)
)


def _joined(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Tree]:
    parts = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        parts.map(lambda it: Every(parts=it)),
        parts.map(lambda it: Some(parts=it)),
        inner.map(lambda it: Not(part=it)),
    )


TREES: st.SearchStrategy[Tree] = st.recursive(CLAIMS, _joined, max_leaves=6)
