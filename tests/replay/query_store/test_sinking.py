"""Rows that are kept up in a query store, also one that is away for a while."""

from pathlib import Path

import pytest

from replay.projection import Column
from replay.projector.catch_up import catch_up
from replay.query_store import sinking as sinking_module
from replay.query_store.interface import QueryStore
from replay.query_store.sinker import Sunk
from replay.query_store.sinking import Sinking, usual_names
from replay.query_store.source import EVENTS
from replay.views.read_store import reading_views
from replay.views.row_history import RowHistory
from store.opening import open_reader
from store.remote.address import Address, address_of
from store.remote.errors import Unreachable
from tests.replay.logs import append, make_log
from tests.replay.query_store.memory_store import MemoryQueryStore, Server

ADDRESS = address_of("memory://here/rows")
EVENTS_MADE = 30
MORE = 12
COLUMNS = (Column(name="type", kind="text", is_key=True),)


def test_it_follows_and_tries_a_server_again_that_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_log(tmp_path / "shop.foldline", EVENTS_MADE)
    server, away = Server(), [Unreachable("nobody answers", ADDRESS.shown)]
    monkeypatch.setattr(sinking_module, "PAUSES_S", (0.0,))

    def opened(address: Address) -> QueryStore:
        if away:
            raise away.pop()
        return MemoryQueryStore(server, address)

    monkeypatch.setattr(sinking_module, "open_query_store", opened)
    troubles, told = list[str](), list[Sunk]()

    def tell(sunk: Sunk) -> None:
        told.append(sunk)
        if sunk.view == EVENTS and sunk.position == EVENTS_MADE and not sunk.behind:
            append(path, MORE)

    def is_ended() -> bool:
        at_head = {it.view for it in told if it.position == EVENTS_MADE + MORE}
        return at_head == {"event_types", EVENTS}

    log = open_reader(path)
    Sinking(
        ADDRESS,
        log,
        ["event_types", EVENTS],
        tell=tell,
        tell_trouble=troubles.append,
        is_ended=is_ended,
    ).follow()

    assert troubles == ["nobody answers", ""]
    assert {it.position for it in server.views.values()} == {EVENTS_MADE + MORE}
    assert server.claims == {}
    log.close()


def test_without_names_all_that_has_rows_is_written(tmp_path: Path) -> None:
    log = open_reader(make_log(tmp_path / "shop.foldline", EVENTS_MADE))

    names = usual_names(log)

    assert names[0] == EVENTS
    assert {"latest_states", "event_types", "streams"} <= set(names)
    assert not {"search", "timeline", "causation", "broken_rules"} & set(names)
    log.close()


def test_writes_are_read_by_the_key_of_their_table(tmp_path: Path) -> None:
    log = open_reader(make_log(tmp_path / "shop.foldline", EVENTS_MADE))
    catch_up(log, only=["event_types"])

    with reading_views(log) as db:
        assert db is not None
        asked = list[str]()
        db.set_trace_callback(asked.append)
        RowHistory(db, "event_types", COLUMNS).written(0, 2**62, limit=5)
        db.set_trace_callback(None)
        (sql, *_) = [it for it in asked if "_writes" in it]
        (plan, *_) = db.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()

    assert "USING INTEGER PRIMARY KEY" in plan[-1]
    log.close()
