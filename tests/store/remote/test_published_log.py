"""A local log as a source that is published from."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from store.errors import LogReplaced
from store.events import NewEvent
from store.opening import open_store
from store.remote.errors import RemoteReplaced
from store.remote.published_log import PublishedLog
from store.same_log import SameLog


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "shop.foldline"
    write(path, 5)
    return path


@pytest.fixture
def source(path: Path) -> Iterator[PublishedLog]:
    with closing(PublishedLog(SameLog(path))) as source:
        yield source


def write(path: Path, many: int) -> None:
    with closing(open_store(path, create=True)) as store:
        for n in range(many):
            event = NewEvent.of("Noted", {"n": n}, links=("all",))
            store.append(f"s-{n % 2}", [event], expected=None)


def test_it_is_read_page_by_page_with_links(source: PublishedLog) -> None:
    first = source.page(None, limit=3)
    rest = source.page(first[-1].cursor, limit=3)

    assert [(it.place, it.stream, it.version) for it in (*first, *rest)] == [
        ("1", "s-0", 1),
        ("2", "s-1", 1),
        ("3", "s-0", 2),
        ("4", "s-1", 2),
        ("5", "s-0", 3),
    ]
    assert {it.event.links for it in first} == {("all",)}
    assert source.page(rest[-1].cursor) == []
    assert (source.distance(None), source.distance(first[-1].cursor)) == (5, 2)


def test_a_commit_ends_a_wait(source: PublishedLog, path: Path) -> None:
    source.wait(0.0)
    write(path, 1)

    assert any(source.wait(1.0) for _ in range(60))


def test_a_cursor_of_another_event_is_refused(source: PublishedLog) -> None:
    for strange in ("2:another", "99:gone"):
        with pytest.raises(RemoteReplaced, match="is not the one that was published"):
            source.page(strange)


def test_another_file_in_its_place_is_noticed(source: PublishedLog, path: Path) -> None:
    path.rename(path.with_name("away.foldline"))
    write(path, 1)

    with pytest.raises(LogReplaced):
        source.page(None)
