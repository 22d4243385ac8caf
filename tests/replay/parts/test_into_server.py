"""Rows that are folded in parts and go to a query store: those that `sink` would write."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from replay.parts.origins.of_log import LogSource
from replay.parts.shipment import PartReport
from replay.parts.targets import into_server
from replay.parts.targets.into_server import IntoServer
from replay.parts.work import FoldedThere, fold_in_parts, shippable_view
from replay.projector.catch_up import catch_up
from replay.query_store import lease
from replay.query_store.against import prove_against
from replay.query_store.errors import OtherRows, SinkRunning
from replay.query_store.sinker import Sinker
from replay.query_store.source import source_of
from replay.query_store.stored_rows import shown_view
from replay.views.read_store import reading_views
from store.interface import EventReader
from store.opening import open_reader
from store.remote.address import Address, address_of
from tests.replay.logs import append, make_log
from tests.replay.parts.here import Ended, FoldedHere
from tests.replay.query_store.memory_store import MemoryQueryStore, Server

EVENTS = 600
ADDRESS = address_of("memory://here/rows")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    """What workers and this side reach under the address."""
    found = Server()

    def opened(address: Address) -> MemoryQueryStore:
        return MemoryQueryStore(found, address)

    monkeypatch.setattr(into_server, "open_query_store", opened)
    monkeypatch.setattr("replay.parts.fold_part.open_query_store", opened)
    return found


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventReader]:
    with closing(open_reader(make_log(tmp_path / "shop.foldline", EVENTS))) as reader:
        yield reader


def folded(log: EventReader, tmp_path: Path, name: str, folds: FoldedHere) -> FoldedThere:
    source = LogSource(log)
    with closing(IntoServer(ADDRESS, source, work=tmp_path)) as target:
        return fold_in_parts(source, shippable_view(log.place, name), target, folds)


def is_proven(log: EventReader, server: Server, name: str) -> bool:
    """Every version of every row there is the one here."""
    catch_up(log, only=[name])
    store = MemoryQueryStore(server)
    with reading_views(log) as db:
        return prove_against(db, log, store, shown_view(store, name)).holds


@pytest.mark.parametrize("name", ["latest_states", "streams", "event_types", "draft_orders"])
def test_every_version_there_is_the_one_of_a_fold_here(
    name: str, log: EventReader, server: Server, tmp_path: Path
) -> None:
    done = folded(log, tmp_path, name, FoldedHere())

    assert is_proven(log, server, name)
    assert done.told_new == done.version_count
    assert done.into == "memory://here/rows"


def test_a_second_run_changes_nothing(log: EventReader, server: Server, tmp_path: Path) -> None:
    first, second = (folded(log, tmp_path, "event_types", FoldedHere()) for _ in range(2))

    assert second.told_new == 0
    assert first.accepted.digest == second.accepted.digest
    assert len(server.views) == 1
    assert "0 versions were new there" in second.accepted.note


def test_later_rows_are_shown_in_place_of_those_before(
    log: EventReader, server: Server, tmp_path: Path
) -> None:
    folded(log, tmp_path, "event_types", FoldedHere())
    append(log.place.path, 100)

    folded(log, tmp_path, "event_types", FoldedHere())

    assert [it.position for it in server.views.values() if it.is_shown] == [EVENTS + 100]
    assert is_proven(log, server, "event_types")


def test_a_run_that_was_ended_shows_nothing_and_goes_on(
    log: EventReader, server: Server, tmp_path: Path
) -> None:
    with pytest.raises(Ended):
        folded(log, tmp_path, "event_types", FoldedHere(4, ends_after=1))
    assert not any(it.is_shown for it in server.views.values())

    done = folded(log, tmp_path, "event_types", FoldedHere())

    assert done.parts_before == 1
    assert len(server.views) == 1
    assert is_proven(log, server, "event_types")


def test_a_sink_goes_on_behind_the_rows(log: EventReader, server: Server, tmp_path: Path) -> None:
    folded(log, tmp_path, "event_types", FoldedHere())
    append(log.place.path, 100)
    catch_up(log, only=["event_types"])

    with reading_views(log) as db:
        assert db is not None
        (sunk,) = Sinker(MemoryQueryStore(server), log).advance([source_of(db, log, "event_types")])

    assert sunk.position == EVENTS + 100
    assert is_proven(log, server, "event_types")


def test_rows_of_another_log_and_another_writer_are_left_alone(
    log: EventReader, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "CLAIMED_S", 0.0)
    assert MemoryQueryStore(server).claim(log.store_id(), "somebody")
    with pytest.raises(SinkRunning):
        folded(log, tmp_path, "event_types", FoldedHere())
    MemoryQueryStore(server).release(log.store_id(), "somebody")
    folded(log, tmp_path, "event_types", FoldedHere())

    path = make_log(tmp_path / "other.foldline", 50, seed=9)
    with closing(open_reader(path)) as other, pytest.raises(OtherRows, match="of another log"):
        folded(other, tmp_path, "event_types", FoldedHere())


def test_a_report_says_what_a_part_came_to() -> None:
    found = PartReport(part=1, events=2, versions=3, rows=1)

    assert (found.words, found.position, found.told_new) == ("", None, 0)
