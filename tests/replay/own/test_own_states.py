"""Where a log is read with a model file of a person's own, the view of latest states says what the
State tab, the verb `state` and the commands' view say; a model that fails is told in its row."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from replay.catalog.all_views import all_views
from replay.own import own_models, own_process
from replay.own.own_models import NamedModel
from replay.own.own_states import LOSSES
from replay.own.user_models import ModelFailed, Trust
from replay.projections.latest_states import PROJECTION
from replay.questions import view_query
from replay.states.stream_states import StreamStates
from replay.taught import kept_taught
from replay.taught.steps import Add, Count, Types
from replay.views import checkpoints
from replay.views.read_store import open_views, reading_views
from replay.views.runner import Runner
from replay.views.view import View
from replay.workers.worker_process import CommandWorker
from replay.workers.worker_states import WorkerStates
from store import json_text
from store.events import NewEvent
from store.opening import open_store, reading
from store.place import Place
from tests.replay.logs import catch_up
from tests.replay.own_models import model_text

COLUMNS = PROJECTION.row.__struct_fields__
COUNTER = NamedModel("counter", "counter")
Rows = Callable[..., dict[str, Any]]


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(own_process, "LIMIT_S", 60.0)
    path = tmp_path / "counts.foldline"
    with closing(open_store(path, create=True)) as store:
        for number in range(1, 7):
            for stream in ("counter-1", "counter-2", "order-1"):
                store.append(stream, [NewEvent.of("Counted", {"by": number})], expected=None)
        linked = NewEvent.of("Counted", {"by": 100}, links=("counter-2",))
        store.append("order-1", [linked], expected=None)
    return path


def used(log: Path, **parts: str) -> Path:
    """Read the log with this model."""
    path = log.with_name("counter.py")
    path.write_text(model_text(**parts), "utf-8")
    Trust().give(path)
    own_models.use(Place(log), path, [COUNTER])
    return path


def view(log: Path) -> View:
    (found,) = [it for it in all_views(Place(log)) if it.name == "latest_states"]
    return found


@contextmanager
def said(log: Path) -> Iterator[Rows]:
    """row(stream, at): what the view says of a stream."""
    with reading(log) as reader:
        with closing(open_views(reader)) as store:
            with closing(Runner(store.db, reader, (view(log),))) as runner:
                catch_up(runner)
            assert checkpoints.errors(store.db) == {}
        with reading_views(reader) as db:

            def row(stream: str, at: int | None = None) -> dict[str, Any]:
                (found,) = view_query.row(db, reader, "latest_states", (stream,), at=at).rows
                return dict(zip(COLUMNS, found.values, strict=True))

            yield row


@contextmanager
def window_states(*files: Path, log: Path) -> Iterator[StreamStates]:
    """States as the window tells them."""
    with closing(CommandWorker(Place(log), files)) as worker:
        elsewhere = WorkerStates(worker)
        elsewhere.learn(frozenset({"counter"}))
        yield StreamStates(elsewhere=elsewhere)


def test_row_and_window_say_the_same_at_every_position(log: Path) -> None:
    path = used(log)
    with said(log) as row, reading(log) as reader, window_states(path, log=log) as window:
        for at in range(1, reader.head() + 1):
            seen = reader.event(at)
            assert seen is not None
            for stream in (seen.stream, *reader.links(at)):
                shown = window.at(reader, stream, at)
                assert row(stream, at)["state"] == json_text.encode(shown.state)
                assert row(stream, at)["event_count"] == shown.events

        assert json.loads(row("counter-2")["state"]) == {"total": 121}
        assert (row("counter-2")["model"], row("order-1")["model"]) == ("counter", "")


@pytest.mark.parametrize(
    ("evolve", "told"),
    [
        ("1 / (4 - event.by)", "the model failed in evolve: ZeroDivisionError"),
        ("sys.exit(event.by - 4) if event.by == 4 else None", "SystemExit"),
        ("os._exit(3) if event.by == 4 else None", "the process ended unexpectedly (code 3)"),
        ("os.kill(os.getpid(), 11) if event.by == 4 else None", "ended unexpectedly (code -11)"),
        ("all(True for _ in iter(int, 1)) if event.by == 4 else None", "after 3 s and was stopped"),
    ],
)
def test_what_a_model_does_wrong_is_told_in_its_row_and_the_others_go_on(
    log: Path, evolve: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "after 3 s" in told:
        monkeypatch.setattr(own_process, "LIMIT_S", 3.0)
    used(log, evolve=evolve)
    with said(log) as row, reading(log) as reader:
        assert told in row("counter-1")["problem"]
        assert (row("counter-1")["state"], row("counter-1")["model"]) == ("null", "counter")
        assert row("counter-1")["event_count"] == 6
        assert json.loads(row("order-1")["state"]) == {"by": 100}
        assert row("order-1")["problem"] == ""
        before = reader.head() // 2
        assert json.loads(row("counter-1", before)["state"]) == {"total": 6}


def test_a_model_that_always_ends_its_process_is_left_alone_after_a_few_times(log: Path) -> None:
    with closing(open_store(log)) as store:
        for number in range(LOSSES + 2):
            event = NewEvent.of("Counted", {"by": 4})
            store.append(f"counter-x{number}", [event], expected=None)
    used(log, evolve="os._exit(3) if event.by == 4 else None")
    with said(log) as row:
        found = [row(f"counter-x{number}")["problem"] for number in range(LOSSES + 2)]

    assert all(found)
    assert f"{LOSSES} times" in found[-1]


@pytest.mark.parametrize("what", ["changes", "is missing"])
def test_a_file_that_changes_counts_as_it_was_trusted(log: Path, what: str) -> None:
    path = used(log)
    trusted = view(log).definition
    if what == "changes":
        path.write_text(model_text(head="raise ValueError('unread')"), "utf-8")
    else:
        path.unlink()

    assert view(log).definition == trusted
    with said(log) as row:
        assert json.loads(row("counter-1")["state"]) == {"total": 21}


def test_a_file_that_is_not_trusted_is_not_run_and_row_and_window_say_so(log: Path) -> None:
    path = used(log)
    trusted = view(log).definition
    Trust().take(path)
    why = own_models.why_not_run(own_models.OwnModels(str(path), (COUNTER,)), Trust())
    states = WorkerStates(CommandWorker(Place(log)))
    states.learn(frozenset({"counter"}), why_not=why)
    with said(log) as row, reading(log) as reader:
        assert view(log).definition != trusted
        assert "is not trusted" in why
        assert (row("counter-1")["state"], row("counter-1")["problem"]) == ("null", why)
        assert json.loads(row("order-1")["state"]) == {"by": 100}
        with pytest.raises(ModelFailed, match="is not trusted"):
            states.at(reader, "counter-1", reader.head())


def test_a_file_that_is_changed_added_or_left_makes_the_view_anew(log: Path) -> None:
    seen = [view(log).definition]
    with said(log) as row:
        assert row("counter-1")["model"] == ""
    used(log)
    seen.append(view(log).definition)
    with said(log) as row:
        assert json.loads(row("counter-1")["state"]) == {"total": 21}
    used(log, head="# corrected", evolve="event = Counted(by=2 * event.by)")
    seen.append(view(log).definition)
    with said(log) as row:
        assert json.loads(row("counter-1")["state"]) == {"total": 42}
    assert own_models.leave(Place(log))
    with said(log) as row:
        assert json.loads(row("counter-1")["state"]) == {"by": 6}

    assert len(set(seen)) == 3
    assert view(log).definition == seen[0]


def test_streams_that_no_model_has_are_folded_as_they_were_taught(log: Path) -> None:
    used(log)
    taught: Types = {"Counted": (Count(to="times"), Add(to="sum", value="by"))}

    version = kept_taught.save(Place(log), "order", taught, by="ada").version

    with said(log) as row:
        assert row("counter-1")["state"] == '{"total":21}'
        assert row("order-1")["model"] == "taught:order"
        assert json.loads(row("order-1")["state"]) == {"times": 7, "sum": 121}
    kept_taught.save(Place(log), "order", {}, by="ada")
    with said(log) as row:
        assert json.loads(row("order-1")["state"]) == {"by": 100}
    assert version == 1


def test_they_are_while_the_model_file_is_not_trusted_too(log: Path) -> None:
    Trust().take(used(log))
    kept_taught.save(Place(log), "order", {"Counted": (Count(to="times"),)}, by="ada")

    with said(log) as row:
        assert row("counter-1")["problem"]
        assert json.loads(row("order-1")["state"]) == {"times": 7}
