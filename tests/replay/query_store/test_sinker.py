"""Rows on their way to a query store: whoever is killed when, whatever stands there already."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from replay.catalog.rebuild import rebuild
from replay.projector.catch_up import catch_up
from replay.query_store import lease as lease_module
from replay.query_store.against import prove_against
from replay.query_store.errors import OtherRows, RowNotTaken, SinkRunning
from replay.query_store.interface import StoredView, Version
from replay.query_store.sinker import Sinker, Sunk
from replay.query_store.source import EVENTS, source_of
from replay.query_store.stored_rows import shown_view
from replay.views.read_store import discard, reading_views
from store.interface import EventReader
from store.opening import open_reader
from tests.contracts.query_store import sink
from tests.replay.logs import append, make_log
from tests.replay.query_store.memory_store import MemoryQueryStore, Server

EVENTS_MADE = 300
VIEWS = ["latest_states", EVENTS]


class Killed(BaseException):
    """The process came to its end here: nothing handles that."""


class DyingStore(MemoryQueryStore):
    """Takes some versions of a batch, and is killed."""

    def __init__(self, server: Server, *, after: int) -> None:
        super().__init__(server)
        self._left = after

    def write(self, stored: StoredView, versions: Sequence[Version]) -> int:
        if len(versions) > self._left:
            super().write(stored, versions[: self._left])
            raise Killed
        self._left -= len(versions)
        return super().write(stored, versions)


class PickyStore(MemoryQueryStore):
    """Takes no row of one view."""

    def write(self, stored: StoredView, versions: Sequence[Version]) -> int:
        if stored.made_of.view == "latest_states":
            raise RowNotTaken("the server does not take the row", self.address.shown)
        return super().write(stored, versions)


@pytest.fixture
def log(tmp_path: Path) -> EventReader:
    return made(tmp_path / "shop.foldline")


def made(path: Path) -> EventReader:
    log = open_reader(make_log(path, EVENTS_MADE))
    catch_up(log)
    return log


def run(server: Server, log: EventReader, *, is_anew: bool = False) -> Sequence[Sunk]:
    with reading_views(log) as db:
        assert db is not None
        sinker = Sinker(MemoryQueryStore(server), log, is_anew=is_anew)
        sinker.claim()
        found = sinker.advance([source_of(db, log, it) for it in VIEWS])
        sinker.release()
        return found


def problems(server: Server, log: EventReader) -> list[str]:
    store = MemoryQueryStore(server)
    with reading_views(log) as db:
        proofs = [prove_against(db, log, store, shown_view(store, it)) for it in VIEWS]
    assert {it.position for it in proofs} == {log.head()}
    return [it.what for it in proofs if not it.holds]


def test_killed_anywhere_it_goes_on_and_every_version_is_there_once(tmp_path: Path) -> None:
    log = made(tmp_path / "shop.foldline")

    @settings(max_examples=10, deadline=None, suppress_health_check=[*HealthCheck])
    @given(st.lists(st.integers(0, 2 * EVENTS_MADE), max_size=4))
    def killed(after: list[int]) -> None:
        server = Server()
        for it in after:
            try:
                sink(DyingStore(server, after=it), log, VIEWS)
            except Killed:
                server.claims.clear()
        run(server, log)

        assert problems(server, log) == []

    killed()


def test_what_comes_later_is_added_and_closes_what_it_replaces(log: EventReader) -> None:
    server = Server()
    first = {it.view: it for it in run(server, log)}
    append(log.place.path, 40)
    catch_up(log)

    second = {it.view: it for it in run(server, log)}

    assert first["latest_states"].position == EVENTS_MADE
    assert (second[EVENTS].new, second[EVENTS].behind) == (40, 0)
    assert problems(server, log) == []
    assert {it.new for it in run(server, log)} == {0}


def test_a_log_that_is_ahead_of_its_views_is_told_as_being_behind(log: EventReader) -> None:
    append(log.place.path, 7)

    found = {it.view: (it.position, it.behind) for it in run(Server(), log)}

    assert found == {"latest_states": (EVENTS_MADE, 7), EVENTS: (EVENTS_MADE + 7, 0)}


def test_a_view_that_was_built_again_is_written_again_beside_what_is_read(
    log: EventReader,
) -> None:
    server = Server()
    run(server, log)
    store = MemoryQueryStore(server)
    before = shown_view(store, "latest_states")
    rebuild(log, ["latest_states"])

    run(server, log)

    after = shown_view(store, "latest_states")
    assert after.id != before.id
    assert after.made_of.generation > before.made_of.generation
    assert before.id in {it.id for it in store.views()}
    assert problems(server, log) == []


def test_anew_everything_is_written_beside_what_is_read(log: EventReader) -> None:
    server = Server()
    run(server, log)
    before = shown_view(MemoryQueryStore(server), EVENTS)

    found = {it.view: it.new for it in run(server, log, is_anew=True)}

    assert found[EVENTS] == EVENTS_MADE
    assert shown_view(MemoryQueryStore(server), EVENTS).id != before.id
    assert problems(server, log) == []


def test_a_views_file_that_was_thrown_away_and_made_again_goes_on(log: EventReader) -> None:
    server = Server()
    run(server, log)
    discard(log)
    catch_up(log)

    assert {it.new for it in run(server, log)} == {0}
    assert problems(server, log) == []


def test_rows_of_another_log_are_left_as_they_are(log: EventReader, tmp_path: Path) -> None:
    server = Server()
    run(server, made(tmp_path / "other.foldline"))

    with pytest.raises(OtherRows, match="of another log"):
        run(server, log)


def test_rows_of_events_that_were_lost_are_left_as_they_are(log: EventReader) -> None:
    server = Server()
    run(server, log)
    for it in list(server.views.values()):
        server.views[it.id] = structs.replace(it, event_id="one that is there no more")

    with pytest.raises(OtherRows, match="events that this log does not have"):
        run(server, log)


def test_who_comes_second_says_so(log: EventReader, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server()
    MemoryQueryStore(server).claim(log.store_id(), "somebody")
    monkeypatch.setattr(lease_module, "CLAIMED_S", 0.0)

    with pytest.raises(SinkRunning, match="another process writes"):
        run(server, log)


def test_a_view_that_cannot_be_written_holds_no_other_up(log: EventReader) -> None:
    server = Server()
    with reading_views(log) as db:
        assert db is not None
        sinker = Sinker(PickyStore(server), log)
        found = sinker.advance([source_of(db, log, it) for it in VIEWS])

    told = {it.view: (it.position, it.trouble) for it in found}
    assert told["latest_states"][0] == 0
    assert "does not take the row" in told["latest_states"][1]
    assert told[EVENTS] == (EVENTS_MADE, "")


@pytest.mark.parametrize("spoil", ["row", "until", "missing", "newest"])
def test_the_first_version_that_differs_is_named(log: EventReader, spoil: str) -> None:
    server = Server()
    run(server, log)
    stored = shown_view(MemoryQueryStore(server), "latest_states")
    rows = server.rows[stored.id]
    it = sorted(rows.versions.values(), key=lambda one: one.write)[50]
    if spoil == "row":
        rows.versions[it.id, it.write] = structs.replace(it, row="[]")
    elif spoil == "until":
        rows.versions[it.id, it.write] = structs.replace(it, until=it.write + 1)
    elif spoil == "missing":
        del rows.versions[it.id, it.write]
    else:
        rows.newest[it.id] = structs.replace(rows.newest[it.id], row="[]")

    (problem,) = problems(server, log)

    assert it.id.strip('["]') in problem
    assert ("now" in problem) == (spoil == "newest")
