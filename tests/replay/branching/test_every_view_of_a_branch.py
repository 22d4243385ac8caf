"""Every view of a branch begins with what the log's view held at the fork, and holds all that the
view of a store holds that was really written with the branch's history, as of any position."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replay.catalog.all_views import views_of
from replay.questions import view_query
from replay.views.read_store import open_views_to_read
from store.branches.create import create_branch, drop_branch
from store.branches.opening import open_branch
from store.branches.update import bring_up_to_date
from store.events import NewEvent
from store.interface import EventReader
from store.opening import reading
from tests.contracts.plain_log import Given
from tests.replay.branching.busy_log import busy
from tests.replay.logs import catch_up, open_runner
from tests.store.branches.lines import IN_MEMORY, written
from tests.store.branches.plain_edits import Plain, edited, steps_of_edits

MOST = 160
GONE = 'SELECT sum(_is_deleted) FROM "{}_writes"'
CUT = 'SELECT sum(_is_cut) FROM "{}"'


@settings(max_examples=20)
@given(
    chance=st.randoms(use_true_random=False),
    folded=st.sampled_from([0.3, 1, 1, 1]),
    steps=steps_of_edits,
)
def test_it_holds_what_the_view_of_a_written_store_holds(
    chance: Random, folded: float, steps: list[tuple[str, int, int]]
) -> None:
    seed, count = chance.randrange(1_000), chance.randrange(1, MOST)
    log = busy(1, count, seed)
    plain = Plain(log, chance.randrange(count + 1))
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory(dir=IN_MEMORY) as name:
        patch.setattr("replay.views.row_buffer.KEPT_EVERY", 5)
        folder, seen = Path(name), int(count * folded)
        path = written(folder / "log.foldline", log[:seen])
        with reading(path) as reader:
            fold(reader)
        written(path, log[seen:])
        branch = create_branch(path, "b", fork=plain.fork)
        written(path, busy(count + 1, 5, seed))
        edited(branch, plain, steps, busy(1_001, 4, seed), busy(2_001, 4, seed))
        naive = written(folder / "naive.foldline", plain.now)
        with closing(open_branch(branch)) as line, reading(naive) as as_written:
            fold(line)
            fold(as_written)
            assert tables(line) == tables(as_written)
            for at in {1, plain.fork, plain.fork + 1, line.head() - 1, line.head()}:
                assert rows_at(line, at) == rows_at(as_written, at)


def test_at_any_fork_it_begins_with_what_a_store_holds_that_ends_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("replay.views.row_buffer.KEPT_EVERY", 5)
    log = busy(1, 80, 1)
    with TemporaryDirectory(dir=IN_MEMORY) as name:
        path, naive = written(Path(name) / "log.foldline", log), Path(name) / "naive.foldline"
        with reading(path) as reader:
            fold(reader)
        for fork, it in enumerate(log, 1):
            branch = create_branch(path, "b", fork=fork, is_alone=True)
            with closing(open_branch(branch)) as line, reading(written(naive, [it])) as as_written:
                fold(line)
                fold(as_written)
                assert tables(line) == tables(as_written)
            drop_branch(path, "b")


@settings(max_examples=10)
@given(
    chance=st.randoms(use_true_random=False),
    grown=st.integers(1, 9),
    steps=steps_of_edits,
)
def test_after_it_was_brought_up_to_date_it_holds_what_is_there_now(
    chance: Random, grown: int, steps: list[tuple[str, int, int]]
) -> None:
    seed, count = chance.randrange(1_000), chance.randrange(1, 40)
    log = busy(1, count, seed)
    plain = Plain(log, chance.randrange(count + 1))
    with TemporaryDirectory(dir=IN_MEMORY) as name:
        folder = Path(name)
        path = written(folder / "log.foldline", log)
        branch = create_branch(path, "b", fork=plain.fork)
        edited(branch, plain, steps, busy(1_001, 4, seed), busy(2_001, 4, seed))
        with closing(open_branch(branch)) as line:
            fold(line)
        written(path, busy(count + 1, grown, seed))
        bring_up_to_date(branch)
        with closing(open_branch(branch)) as line:
            naive = written(folder / "naive.foldline", history_of(line))
            fold(line)
            with reading(naive) as as_written:
                fold(as_written)
                assert tables(line) == tables(as_written)


def history_of(line: EventReader) -> list[Given]:
    """What a branch says that it holds."""
    return [
        Given(
            stream=it.stream,
            event=NewEvent(
                type=it.type,
                data_json=it.data_json,
                metadata_json=it.metadata_json,
                id=it.id,
                recorded_at_us=it.recorded_at_us,
                occurred_at_us=it.occurred_at_us,
                occurred_offset_min=it.occurred_offset_min,
                links=line.links(it.position),
            ),
        )
        for it in line.read()
    ]


def test_such_logs_have_all_that_is_hard_to_take_over(tmp_path: Path) -> None:
    with reading(written(tmp_path / "log.foldline", busy(1, MOST, 1))) as log:
        fold(log)
        found = tables(log)
        with asked(log) as db:
            gone, cut = (
                [name for name in with_rows(log) if db.execute(sql.format(name)).fetchone()[0]]
                for sql in (GONE, CUT)
            )

    assert len(gone) > 2
    assert len(cut) > 1
    assert [name for name, rows in found.items() if name.endswith("__lookup") and rows]
    assert [name for name, rows in found.items() if name.endswith("_deleted") and rows]
    assert all(found[name] for name in found if "_" not in name)


def fold(log: EventReader) -> None:
    store, runner = open_runner(log, views_of(log))
    catch_up(runner)
    store.close()


def tables(log: EventReader) -> dict[str, Sequence[Any]]:
    """All that its views hold, and how far they say to have come."""
    with asked(log) as db:
        counts = "SELECT name, checkpoint, row_count, write_count FROM projections ORDER BY name"
        found: dict[str, Sequence[Any]] = {"": db.execute(counts).fetchall()}
        for view in views_of(log):
            for table in view.tables:
                name = f"{view.name}{table.suffix}"
                order = ", ".join(table.key)
                found[name] = db.execute(f'SELECT * FROM "{name}" ORDER BY {order}').fetchall()
        return found


def rows_at(log: EventReader, at: int) -> dict[str, Any]:
    with asked(log) as db:
        return {it: view_query.page(db, log, it, at=at).rows for it in with_rows(log)}


def with_rows(log: EventReader) -> list[str]:
    return [it.name for it in views_of(log) if it.projection is not None]


@contextmanager
def asked(log: EventReader) -> Iterator[Any]:
    db = open_views_to_read(log)
    assert db is not None
    with closing(db):
        yield db
