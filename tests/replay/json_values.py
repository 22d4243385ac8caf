"""JSON values as the store decodes them: exact integers, Decimal for every other number."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

PLAIN_KEYS = st.sampled_from(["a", "b", "c", "", "ж"])
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(min_value=-3, max_value=3)
    | st.just(10**30)
    | st.sampled_from([Decimal("1.0"), Decimal("0.10"), Decimal("1e400")])
    | st.sampled_from(["", "a", "1", "true"])
)


def _values(keys: "st.SearchStrategy[str]") -> "st.SearchStrategy[Any]":
    return st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
        max_leaves=12,
    )


VALUES_WITHOUT_ID = _values(PLAIN_KEYS)
VALUES = _values(PLAIN_KEYS | st.just("id"))
