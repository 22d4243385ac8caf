"""A changed definition: the old view serves until the new one, made beside it, has caught up."""

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import Struct

from replay import command_line
from replay.catalog.all_views import all_views
from replay.catalog.rebuild import Progress, check, rebuild
from replay.catalog.reset import reset
from replay.catalog.way_back import go_back
from replay.projection import Projection
from replay.projections import event_types
from replay.questions import view_query, view_status
from replay.views import checkpoints
from replay.views.read_store import open_views, open_views_to_read
from replay.views.view import view_of
from store.events import RecordedEvent
from store.interface import EventReader
from store.locks import ProcessLock
from store.opening import open_reader
from tests.contracts.projection import whole
from tests.replay.logs import append, catch_up, made_by, make_log, open_runner

EVENTS = 1_000
OLD = 3 * EVENTS  # what the older code has counted by then
VIEW = next(it for it in all_views() if it.name == "event_types")


NEW_COLUMNS = tuple(it.name for it in VIEW.columns)


class OldRow(Struct, frozen=True):
    type: str
    seen: int


def _seen_thrice(rows, event: RecordedEvent, _links) -> None:  # type: ignore[no-untyped-def]
    row = rows.get(event.type)
    rows.put(OldRow(event.type, 3 + (row.seen if row else 0)))


# By the same name with other columns, and wrong: it counts every event three times.
OLDER = view_of(
    Projection(
        name="event_types", version=1, title="Types", row=OldRow, key=("type",), apply=_seen_thrice
    )
)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventReader]:
    log = open_reader(make_log(tmp_path / "a.foldline", EVENTS))
    yield log
    log.close()


def shown(log: EventReader) -> tuple[tuple[str, ...], int]:
    """The columns that a reader gets, and the sum of what is counted."""
    db = open_views_to_read(log)
    assert db is not None
    page = view_query.page(db, log, "event_types")
    db.close()
    return tuple(it.name for it in page.columns), sum(int(it.values[1]) for it in page.rows)


def status(log: EventReader, name: str = "event_types") -> view_query.ViewStatus:
    db = open_views_to_read(log)
    found = {it.name: it for it in view_status.list_views(db, log)}[name]
    if db is not None:
        db.close()
    return found


@pytest.mark.usefixtures("small_batches")
def test_the_old_view_serves_whole_until_its_successor_has_caught_up(log: EventReader) -> None:
    made_by(OLDER, log)

    store, runner = open_runner(log, (VIEW,))
    served = [shown(log)]
    told = [status(log)]
    while runner.advance():
        served.append(shown(log))
        told.append(status(log))

    assert set(served[:-1]) == {(("type", "seen"), OLD)}
    assert served[-1] == (NEW_COLUMNS, EVENTS)
    assert len(served) >= 10
    assert [it.standing for it in told[:5:4]] == [
        "older code, rebuilding 0 %",
        "older code, rebuilding 40 %",
    ]
    assert (told[-1].standing, told[-1].checkpoint) == ("", EVENTS)
    assert "event_types__next" not in checkpoints.read_all(store.db)
    store.close()


@pytest.mark.usefixtures("small_batches")
def test_a_thousand_events_appended_meanwhile_fail_no_query_and_are_counted_once(
    log: EventReader,
) -> None:
    made_by(OLDER, log)
    store, runner = open_runner(log, (VIEW,))
    asked = Asking(log.place.path)

    with asked:
        for _ in range(10):
            append(log.place.path, 100)
            asked.wait_for_another()
            assert runner.advance()
        while runner.advance():
            asked.wait_for_another()
        asked.wait_for_another()

    assert asked.failures == []
    newer = [it for it in asked.answers if it != OLD]
    assert asked.answers == [OLD] * (len(asked.answers) - len(newer)) + newer
    assert newer == sorted(newer)
    assert newer[0] >= EVENTS
    assert asked.answers[-1] == log.head() == EVENTS + 1_000
    store.close()
    as_switched = whole(VIEW, log)
    (fresh,) = check(log, ["event_types"])
    assert fresh.comparison is not None
    assert fresh.comparison.is_equal
    assert fresh.comparison.digest_stored == fresh.comparison.digest_folded
    assert as_switched == whole(VIEW, log)


def test_what_an_older_code_made_is_rebuilt_once_and_not_at_the_next_start(
    log: EventReader,
) -> None:
    made_by(OLDER, log)
    folded: list[int] = []

    def counting(rows, event, links) -> None:  # type: ignore[no-untyped-def]
        folded.append(event.position)
        event_types.PROJECTION.apply(rows, event, links)

    changed = view_of(replace(event_types.PROJECTION, apply=counting))
    for _ in range(3):
        made_by(changed, log)

    assert sorted(folded) == list(range(1, EVENTS + 1))


@pytest.mark.usefixtures("small_batches")
def test_a_successor_that_was_stopped_half_way_goes_on_where_it_was(log: EventReader) -> None:
    made_by(OLDER, log)
    store, runner = open_runner(log, (VIEW,))
    for _ in range(4):
        runner.advance()
    store.close()
    assert status(log, "event_types__next").checkpoint == 400

    store, runner = open_runner(log, (VIEW,))

    assert runner.checkpoints()["event_types"].checkpoint == 400
    catch_up(runner)
    assert shown(log)[1] == EVENTS
    store.close()


def test_after_the_switch_the_older_view_is_put_back_and_stays(log: EventReader) -> None:
    made_by(OLDER, log)
    made_by(VIEW, log)
    append(log.place.path, 50)
    made_by(VIEW, log)

    back = go_back(log, "event_types")

    assert (back.checkpoint, back.lag, back.is_older) == (EVENTS, 50, True)
    with closing(open_views(log)) as store:
        history = "SELECT max(seen) FROM event_types_history"  # what people have, with its columns
        assert store.db.execute(history).fetchone()[0] > EVENTS / 2
    for _ in range(2):  # nobody undoes what a person has decided, at this start or the next
        made_by(VIEW, log)
        assert shown(log) == (("type", "seen"), OLD)
    assert status(log).standing == "older code, switched back"
    assert not go_back(log, "event_types").is_older
    made_by(VIEW, log)
    assert shown(log) == (NEW_COLUMNS, EVENTS + 50)
    assert status(log).standing == ""


def test_the_command_line_says_what_an_older_code_made(
    log: EventReader, capsys: pytest.CaptureFixture[str]
) -> None:
    made_by(OLDER, log)
    made_by(VIEW, log)
    append(log.place.path, 5)

    assert command_line.run(["rebuild", log.place.text, "event_types", "--back"]) == 0
    assert "older code made it, so it stays 5 events behind" in capsys.readouterr().out
    command_line.run(["views", log.place.text])
    (line,) = [it for it in capsys.readouterr().out.splitlines() if it.startswith("event_types ")]
    assert "older code, switched back" in line


def test_a_view_that_was_put_back_is_rebuilt_when_a_person_says_so(log: EventReader) -> None:
    made_by(OLDER, log)
    made_by(VIEW, log)
    go_back(log, "event_types")

    (report,) = rebuild(log, ["event_types"])
    made_by(VIEW, log)

    assert report.is_switched
    assert shown(log)[1] == EVENTS
    assert status(log).standing == ""


def test_code_that_changes_once_more_is_no_wish_to_keep_what_was_put_back(
    log: EventReader,
) -> None:
    made_by(OLDER, log)
    made_by(VIEW, log)
    go_back(log, "event_types")
    newest = view_of(replace(event_types.PROJECTION, version=99))

    store, _ = open_runner(log, (newest,))
    assert status(log).standing == "older code, rebuilding 0 %"
    store.close()
    made_by(newest, log)

    store = open_views(log)
    found = checkpoints.read_one(store.db, "event_types")
    store.close()
    assert found is not None
    assert found.definition == newest.definition


def test_code_that_changes_back_before_the_switch_leaves_nothing_beside(
    log: EventReader, small_batches: None
) -> None:
    made_by(OLDER, log)
    store, runner = open_runner(log, (VIEW,))
    runner.advance()
    store.close()

    store, runner = open_runner(log, (OLDER,))

    assert not runner.advance()
    assert set(checkpoints.read_all(store.db)) == {"event_types"}
    store.close()


def test_a_successor_that_fails_is_parked_and_the_old_view_serves(log: EventReader) -> None:
    def fails(rows, event, links) -> None:  # type: ignore[no-untyped-def]
        if event.position == 500:
            raise ValueError("no such number")
        event_types.PROJECTION.apply(rows, event, links)

    made_by(OLDER, log)
    store, runner = open_runner(log, (view_of(replace(event_types.PROJECTION, apply=fails)),))

    catch_up(runner)

    assert checkpoints.errors(store.db)["event_types"].position == 500
    assert shown(log) == (("type", "seen"), OLD)
    store.close()


@pytest.mark.usefixtures("small_batches")
def test_a_rebuild_that_a_person_begins_takes_the_successor_over(log: EventReader) -> None:
    made_by(OLDER, log)
    store, runner = open_runner(log, (VIEW,))
    for _ in range(3):
        runner.advance()
    reached: list[tuple[int, bool]] = []

    def look(progress: Progress) -> None:
        reached.append((progress.events, runner.advance()))

    (report,) = rebuild(log, ["event_types"], on_progress=look)
    catch_up(runner)

    assert (report.resumed_at, report.is_switched) == (300, True)
    assert [events for events, _ in reached] == [400, 500, 600, 700, 800, 900, 1_000]
    assert not any(has_folded for _, has_folded in reached)
    assert shown(log)[1] == EVENTS
    store.close()


@pytest.mark.usefixtures("small_batches")
def test_what_a_rebuild_that_died_has_claimed_is_taken_over(log: EventReader) -> None:
    made_by(OLDER, log)
    store, runner = open_runner(log, (VIEW,))
    lock = ProcessLock(log.place.rebuild_lock)
    assert lock.acquire()  # as a rebuild does for as long as it lives
    store.db.execute("INSERT INTO view_facts VALUES ('rebuild of event_types__next', 'its token')")
    assert not runner.advance()

    lock.release()

    catch_up(runner)
    assert shown(log)[1] == EVENTS
    store.close()


def test_a_reset_view_begins_anew_and_nothing_is_left_beside_but_what_it_was(
    log: EventReader, small_batches: None
) -> None:
    made_by(OLDER, log)
    store, runner = open_runner(log, (VIEW,))
    runner.advance()

    reset(log, "event_types")
    catch_up(runner)

    assert set(checkpoints.read_all(store.db)) == {"event_types", "event_types__before"}
    assert shown(log)[1] == EVENTS
    store.close()


class Asking:
    """Asks for the view on a thread of its own, again and again."""

    def __init__(self, path: Path) -> None:
        self.answers: list[int] = []
        self.failures: list[str] = []
        self._path = path
        self._news = threading.Condition()
        self._is_over = False
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Asking":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._is_over = True
        self._thread.join()

    def wait_for_another(self) -> None:
        """Until a question that was begun after now has been answered."""
        with self._news:
            wanted = len(self.answers) + len(self.failures) + 2
            assert self._news.wait_for(
                lambda: len(self.answers) + len(self.failures) >= wanted, timeout=60
            )

    def _run(self) -> None:
        log = open_reader(self._path)
        while not self._is_over:
            answer, failure = None, ""
            try:
                answer = shown(log)[1]
            except Exception as error:  # what is tested
                failure = repr(error)
            with self._news:
                self.answers += [] if answer is None else [answer]
                self.failures += [failure] if failure else []
                self._news.notify_all()
        log.close()
