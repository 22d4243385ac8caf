"""A view that is folded in parts is the view that a fold of the whole gives, row for row."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from replay.catalog.all_views import bundled_views
from replay.catalog.rebuild import rebuild
from replay.errors import UnknownView
from replay.parts import estimate as estimates
from replay.parts import part_files, plan
from replay.parts.ends import opened_source, opened_target
from replay.parts.errors import (
    FolderTaken,
    FoldFailed,
    NotFoldedThere,
    NotOurEvents,
    OtherEvents,
    PartsNotShared,
    WrongEnd,
)
from replay.parts.origin import Shard
from replay.parts.origins import of_parquet
from replay.parts.shipment import PartReport, Shipment, partition_key
from replay.parts.work import FoldedThere, fold_in_parts, shippable_view
from replay.views.built_view import STREAM, BuiltColumn, BuiltView
from replay.views.built_views import FILE as BUILT
from replay.views.skips import Skip
from replay.views.skips import add as skip
from store.opening import reading
from store.transfer.export import export
from tests.replay.logs import append, make_log
from tests.replay.parts.here import Ended, FoldedHere

EVENTS = 1_200
VIEWS = [it.name for it in bundled_views() if it.projection is not None]


@pytest.fixture(autouse=True)
def many_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that so few events take several parts, runs and windows."""
    monkeypatch.setattr(plan, "EVENTS_A_PART", 150)
    monkeypatch.setattr(part_files, "ROWS_A_GROUP", 7)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return make_log(tmp_path / "shop.foldline", EVENTS)


def folded(name: str, origin: object, into: object, folds: FoldedHere | None = None) -> FoldedThere:
    with opened_source(str(origin)) as source, opened_target(str(into), source, work=None) as there:
        view = shippable_view(source.place or there.place, name)
        return fold_in_parts(source, view, there, folds or FoldedHere())


def digest_here(log: Path, name: str) -> str:
    with reading(log) as reader:
        (report,) = rebuild(reader, [name])
    return report.digest


@pytest.mark.parametrize("name", VIEWS)
def test_its_digest_is_that_of_a_rebuild_here_in_files_and_in_the_store(
    name: str, tmp_path: Path
) -> None:
    projection = shippable_view(None, name).projection
    assert projection is not None
    heard = projection.listens or frozenset()
    log = make_log(tmp_path / "heard.foldline", EVENTS, heard=heard)
    expected = digest_here(log, name)

    in_files = folded(name, log, f"parquet:{tmp_path / 'out'}")
    in_store = folded(name, log, log)

    assert in_files.accepted.digest == in_store.accepted.digest == expected
    assert in_store.accepted.is_equal
    assert in_files.row_count > 0
    assert in_files.version_count >= in_files.row_count
    assert (in_files.parts > 2) == (projection.partition_by is not None)
    assert not list(tmp_path.glob("*parts*"))
    assert not list((tmp_path / "out").glob(".*"))


def test_what_cannot_be_partitioned_is_one_part_and_says_why(log: Path, tmp_path: Path) -> None:
    done = folded("streams", log, f"parquet:{tmp_path / 'out'}")

    assert (done.parts, done.partitioned_by) == (1, None)
    assert done.whole_because == "it declares no key to partition by"


def test_a_built_view_is_taken_along(log: Path, tmp_path: Path) -> None:
    columns = (BuiltColumn("count", "count"), BuiltColumn("latest", "last", "n"))
    with reading(log) as reader:
        BUILT.save(reader.place, (BuiltView("by_stream", STREAM, columns),))

    done = folded("by_stream", log, f"parquet:{tmp_path / 'out'}")

    assert done.accepted.digest == digest_here(log, "by_stream")
    assert done.parts > 2


def test_events_of_an_exported_file_make_the_same_rows(log: Path, tmp_path: Path) -> None:
    exported = tmp_path / "events" / "events.parquet"
    exported.parent.mkdir()
    export(log, exported, format="parquet")

    done = folded("draft_orders", f"parquet:{exported.parent}", f"parquet:{tmp_path / 'out'}")
    again = folded("draft_orders", f"parquet:{exported}", log)

    assert done.accepted.digest == again.accepted.digest == digest_here(log, "draft_orders")


def test_a_row_group_that_is_large_is_not_decoded_whole_and_makes_the_same_rows(
    log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exported = tmp_path / "events.parquet"
    export(log, exported, format="parquet")
    monkeypatch.setattr(of_parquet, "BYTES_AT_ONCE", 0)

    done = folded("draft_orders", f"parquet:{exported}", f"parquet:{tmp_path / 'out'}")

    assert done.accepted.digest == digest_here(log, "draft_orders")


def test_a_run_that_was_ended_goes_on_with_the_parts_that_it_had_done(tmp_path: Path) -> None:
    into = f"parquet:{tmp_path / 'out'}"
    projection = shippable_view(None, "draft_orders").projection
    assert projection is not None
    assert projection.listens is not None
    log = make_log(tmp_path / "shop.foldline", EVENTS, heard=projection.listens)
    with pytest.raises(Ended):
        folded("draft_orders", log, into, FoldedHere(4, ends_after=3))
    append(log, 100)  # meanwhile the log goes on

    rest = FoldedHere(4)
    done = folded("draft_orders", log, into, rest)

    assert done.parts_before == 3
    assert rest.folded
    assert len(rest.folded) <= done.parts - 3
    assert done.position == EVENTS
    assert folded("draft_orders", log, into).accepted.digest == digest_here(log, "draft_orders")


def test_a_second_run_into_files_says_whether_it_is_the_same(log: Path, tmp_path: Path) -> None:
    into = f"parquet:{tmp_path / 'out'}"

    first, second = (folded("event_types", log, into) for _ in range(2))

    assert (first.accepted.is_equal, second.accepted.is_equal) == (None, True)
    assert first.accepted.digest == second.accepted.digest


def test_what_came_meanwhile_is_folded_here_and_wrong_rows_are_noticed(log: Path) -> None:
    class Later(FoldedHere):
        def __call__(
            self, shipment: Shipment, shards: Sequence[Shard], renew: Callable[[], None]
        ) -> Sequence[PartReport]:
            append(log, 50)
            return super().__call__(shipment, shards, renew)

    done = folded("draft_orders", log, log, Later())

    assert done.accepted.note == "50 more events were folded here"
    assert done.accepted.digest == digest_here(log, "draft_orders")


def test_an_event_that_a_person_skips_is_skipped(log: Path, tmp_path: Path) -> None:
    with reading(log) as reader:
        view, event = shippable_view(reader.place, "event_types"), reader.event(5)
        assert event is not None
        left_out = Skip(
            view=view.name,
            definition=view.definition,
            position=5,
            event_id=event.id,
            error="",
            reason="known",
            by="me",
            at_us=1,
        )
        skip(reader.place, left_out)

    done = folded("event_types", log, f"parquet:{tmp_path / 'out'}")

    assert done.accepted.digest == digest_here(log, "event_types")
    assert done.version_count == EVENTS - 1


def test_an_empty_log_has_no_rows(tmp_path: Path) -> None:
    log = make_log(tmp_path / "none.foldline", 0)

    done = folded("event_types", log, f"parquet:{tmp_path / 'out'}")

    assert (done.position, done.row_count) == (0, 0)
    assert done.accepted.digest == digest_here(log, "event_types")


def test_where_the_projection_fails_is_told_and_nothing_is_replaced(
    log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    into = tmp_path / "out"
    before = folded("event_types", log, f"parquet:{into}")

    def fail(*_arguments: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("replay.parts.fold_part.RowBuffer.take", fail)
    append(log, 10)
    with pytest.raises(FoldFailed, match="event_types failed: ZeroDivisionError") as caught:
        folded("event_types", log, f"parquet:{into}")

    assert "Nothing was replaced" in caught.value.hint
    monkeypatch.undo()
    assert folded("event_types", log, f"parquet:{into}").position == before.position + 10


@pytest.mark.parametrize("name", ["search", "timeline", "causation"])
def test_an_index_is_not_folded_elsewhere(name: str) -> None:
    with pytest.raises(NotFoldedThere, match=f"{name} cannot be folded there"):
        shippable_view(None, name)
    with pytest.raises(UnknownView):
        shippable_view(None, "nothing")


def test_a_store_with_other_events_gets_no_rows(log: Path, tmp_path: Path) -> None:
    other = make_log(tmp_path / "other.foldline", EVENTS, seed=8)

    with pytest.raises(OtherEvents, match="does not hold the events"):
        folded("event_types", log, other)


def test_a_folder_of_somebody_else_stays(log: Path, tmp_path: Path) -> None:
    kept = tmp_path / "out" / "event_types" / "letter.txt"
    kept.parent.mkdir(parents=True)
    kept.write_text("dear Ada")

    with pytest.raises(FolderTaken, match="holds something else"):
        folded("event_types", log, f"parquet:{tmp_path / 'out'}")

    assert kept.read_text() == "dear Ada"


def test_files_that_are_not_the_events_of_a_log_are_told_apart(log: Path, tmp_path: Path) -> None:
    folded("event_types", log, f"parquet:{tmp_path / 'out'}")
    rows = tmp_path / "out" / "event_types" / "rows"
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "a.parquet").write_text("no parquet")

    for folder, reason in (
        (rows, "these columns are missing: position"),
        (tmp_path / "text", "cannot be read"),
        (tmp_path / "nowhere", "cannot be read"),
        (tmp_path / "out", "there are none"),
    ):
        with pytest.raises(NotOurEvents, match=reason):
            folded("event_types", f"parquet:{folder}", log)
    with pytest.raises(WrongEnd, match="names no folder"):
        folded("event_types", "parquet:", log)


def test_a_folder_that_workers_do_not_share_is_noticed(log: Path, tmp_path: Path) -> None:
    class Elsewhere(FoldedHere):
        def __call__(
            self, shipment: Shipment, shards: Sequence[Shard], renew: Callable[[], None]
        ) -> Sequence[PartReport]:
            found = super().__call__(shipment, shards, renew)
            for it in (tmp_path / "out").rglob("part-*.parquet"):
                it.unlink()
            return found

    with pytest.raises(PartsNotShared) as caught:
        folded("event_types", log, f"parquet:{tmp_path / 'out'}", Elsewhere())

    assert "--work" in caught.value.hint


def test_a_worker_with_other_code_refuses(log: Path, tmp_path: Path) -> None:
    class Older(FoldedHere):
        def __call__(
            self, shipment: Shipment, shards: Sequence[Shard], renew: Callable[[], None]
        ) -> Sequence[PartReport]:
            return super().__call__(replace(shipment, definition="older"), shards, renew)

    with pytest.raises(NotFoldedThere, match="a worker has other code"):
        folded("event_types", log, f"parquet:{tmp_path / 'out'}", Older())


def test_a_plain_fold_of_a_million_events_is_faster_here_and_it_is_said() -> None:
    found = estimates.estimate(1_000_000, workers=2)

    assert found.here_s < found.there_s
    assert found.sentence(1_000_000, "local[2]").startswith("1,000,000 events: about ")


def test_every_projection_is_partitioned_or_has_a_reason() -> None:
    for name in VIEWS:
        projection = shippable_view(None, name).projection
        assert projection is not None
        by, reason = partition_key(projection)
        assert (by is None) == bool(reason)
