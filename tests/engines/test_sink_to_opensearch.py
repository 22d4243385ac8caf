"""The verb `sink` to a real OpenSearch, whoever is killed when, and whatever lies there already."""

import random
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from uuid import uuid4

import pytest

from replay.command_line import run
from replay.query_store.opensearch.connection import Connection
from replay.query_store.opensearch.store import SearchStore
from resources.engines.opensearch import OpenSearchServer
from store.errors import StoreError
from store.remote.address import address_of
from tests.engines.mirror_process import ended, following, until
from tests.replay.logs import append, make_log

EVENTS_MADE = 200
VIEWS = ["latest_states", "event_types", "event_log"]


@pytest.fixture
def url(opensearch: OpenSearchServer) -> str:
    """Of an empty query store."""
    return f"{opensearch.address}/k{uuid4().hex[:8]}"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return make_log(tmp_path / "shop.foldline", EVENTS_MADE)


@pytest.fixture
def raw(url: str) -> Iterator[Connection]:
    with closing(Connection(address_of(url))) as connection:
        yield connection


def sinking(store: Path, url: str) -> "subprocess.Popen[bytes]":
    """Follows until it is ended."""
    return following("sink", str(store), *VIEWS, "--to", url)


def reached(url: str) -> int:
    """The position that all the views have come to there; 0 while they are not all shown."""
    with suppress(StoreError), closing(SearchStore(address_of(url))) as store:
        shown = [it.position for it in store.views() if it.is_shown]
        return min(shown) if len(shown) == len(VIEWS) else 0
    return 0


def holds(store: Path, url: str) -> bool:
    return run(["certify", str(store), "--against", url]) == 0


def test_a_sink_that_is_killed_again_and_again_leaves_every_version_once(
    store: Path, url: str
) -> None:
    chance = random.Random(3)
    head = EVENTS_MADE
    for _ in range(3):
        process = sinking(store, url)
        append(store, 60)
        head += 60
        wanted = head - chance.randrange(1, 60)
        until(lambda: reached(url) >= wanted, process)  # noqa: B023
        assert ended(process) == ""

    assert run(["sink", str(store), *VIEWS, "--to", url]) == 0

    assert reached(url) == head
    assert holds(store, url)


def test_a_server_that_was_killed_holds_nothing_up_and_is_caught_up_when_it_is_back(
    store: Path, url: str, opensearch: OpenSearchServer
) -> None:
    process = sinking(store, url)
    until(lambda: reached(url) == EVENTS_MADE, process)

    opensearch.kill()
    append(store, 50)
    assert run(["view", str(store), "event_types"]) == 0  # here everything goes on
    opensearch.start()

    until(lambda: reached(url) == EVENTS_MADE + 50, process)
    assert ended(process) == ""
    assert holds(store, url)


def test_an_index_of_another_program_is_left_as_it_is(
    store: Path, url: str, raw: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    name = f"{raw.place.prefix}-event_types"
    raw.ask("PUT", f"/{name}", {"mappings": {"properties": {"theirs": {"type": "long"}}}})

    assert run(["sink", str(store), "event_types", "--to", url]) == 1

    assert f"the index {name} belongs to another program" in capsys.readouterr().err
    assert "theirs" in str(raw.ask("GET", f"/{name}"))


def test_a_name_that_leads_to_another_view_is_refused(
    store: Path, url: str, raw: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["sink", str(store), "event_types", "streams", "--to", url])
    with closing(SearchStore(address_of(url))) as opened:
        (stored,) = (it for it in opened.views() if it.made_of.view == "streams")
    prefix = raw.place.prefix
    action = {"add": {"index": f"{prefix}-{stored.id}", "alias": f"{prefix}-event_types"}}
    raw.ask("POST", "/_aliases", {"actions": [action]})

    assert run(["view", url, "event_types"]) == 1

    assert "of another view, streams" in capsys.readouterr().err


def test_other_programs_find_plain_columns_and_what_lies_in_parts_of_rows(
    store: Path, url: str, raw: Connection
) -> None:
    run(["sink", str(store), "event_types", "event_log", "--to", url])

    def count(view: str, query: dict[str, object]) -> int:
        told = raw.ask("POST", f"/{raw.place.prefix}-{view}/_count", {"query": query})
        return int(told["count"])

    assert count("event_types", {"term": {"columns.type": "Paid"}}) == 1
    assert count("event_types", {"range": {"columns.count": {"gte": 1}}}) == 4
    assert count("event_log", {"term": {"facts": "type=Paid"}}) > 0
    assert count("event_log", {"term": {"facts": "data.n=3"}}) <= 1
    assert count("event_log", {"match": {"words": "paid"}}) > 0
