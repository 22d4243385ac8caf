"""Links: what is copied is read again, and what no link may say is refused with a sentence."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.deep_link import (
    LONGEST,
    Link,
    WrongLink,
    is_link,
    link_text,
    parse_link,
    store_of,
    wrong_filter,
)

NAMES = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=40)


@given(
    name=NAMES.filter(lambda it: "/" not in it and it not in (".", "..")),
    at=st.integers(1, 2**63 - 1),
    stream=NAMES,
    filter_=NAMES,
    field=NAMES,
)
def test_what_is_copied_is_read_again(
    name: str, at: int, stream: str, filter_: str, field: str
) -> None:
    store = f"/stores/{name}.foldline"
    link = Link(store=store, at=at, until=at, stream=stream, filter=filter_, field=field)

    assert parse_link(link_text(link)) == link


def test_a_link_looks_like_a_person_would_write_it() -> None:
    link = Link(store="/a b/orders.foldline", at=12, stream="order-1", filter="total > 5")

    assert link_text(link) == (
        "foldline://open?store=/a%20b/orders.foldline&at=12&stream=order-1&filter=total%20%3E%205"
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("http://example.org/?at=1", "does not begin"),
        ("foldline://elsewhere?at=1", "everything it says"),
        ("foldline://open/run?at=1", "everything it says"),
        ("foldline://open?at=1#script", "everything it says"),
        ("foldline://open?run=rm", "'run' is not allowed"),
        ("foldline://open?model=/tmp/evil.py", "'model' is not allowed"),
        ("foldline://open?at=1&at=2", "twice"),
        ("foldline://open?at=0", "a whole number from 1"),
        ("foldline://open?at=-5", "a whole number from 1"),
        ("foldline://open?at=1e9", "a whole number from 1"),
        ("foldline://open?at=99999999999999999999999", "a whole number from 1"),
        ("foldline://open?until=5", "needs an 'at'"),
        ("foldline://open?at=5&until=4", "needs an 'at'"),
        ("foldline://open?store=orders.foldline", "not absolute"),
        ("foldline://open?store=/a/../etc/x.foldline", "leaves its folder"),
        ("foldline://open?store=/etc/passwd", "end with .foldline"),
        ("foldline://open?store=//host/share/a.foldline", "on this machine"),
        ("foldline://open?store=file:///a.foldline", "on this machine"),
        ("foldline://open?store=/a%00.foldline", "cannot be displayed"),
        ("foldline://open?tab=../x", "no tab"),
        ("foldline://open?branch=../x", "cannot have this name"),
        ("foldline://open?branch=main", "cannot have this name"),
        ("foldline://open?at", "cannot be read"),
        (f"foldline://open?filter={'x' * LONGEST}", "characters"),
        (f"foldline://open?stream={'x' * 1_001}", "characters"),
    ],
)
def test_what_no_link_may_say_is_refused_with_a_sentence(text: str, why: str) -> None:
    with pytest.raises(WrongLink, match=why.replace(".", r"\.")):
        parse_link(text)


def test_a_store_that_is_not_there_or_no_file_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "folder.foldline"
    folder.mkdir()

    with pytest.raises(WrongLink, match="there is no store"):
        store_of(Link(store=str(tmp_path / "gone.foldline")))
    with pytest.raises(WrongLink, match="not a file"):
        store_of(Link(store=str(folder)))
    assert store_of(Link(at=3)) is None


def test_a_filter_with_a_mistake_is_told() -> None:
    assert "not valid" in wrong_filter(Link(filter="total > "))
    assert wrong_filter(Link(filter="plain words")) == ""
    assert wrong_filter(Link(filter="total > 5")) == ""


@pytest.mark.parametrize("text", ["foldline://open?at=1", " FOLDLINE:x", "foldline:"])
def test_what_means_to_be_a_link_is_one(text: str) -> None:
    assert is_link(text)
    assert not is_link("orders.foldline")
