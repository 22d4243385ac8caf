"""Projection files of a person's own: trusted first, run elsewhere, and never another's harm."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from replay.catalog.all_views import all_views, problems_of
from replay.catalog.parking import parked
from replay.catalog.rebuild import check
from replay.own import own_projections
from replay.own.own_projections import WrongProjections
from replay.own.projection_template import file_for
from replay.own.user_models import Trust, Untrusted
from replay.projections import event_types, find_projections
from replay.projector.catch_up import catch_up
from replay.projector.projector_report import Report, ViewProgress
from replay.questions import view_query, view_status
from replay.views.read_store import open_views_to_read
from store.opening import open_reader
from store.place import Place
from store.sqlite.connect import connect
from tests.conftest import ends
from tests.replay.logs import append, make_log
from tests.replay.projector.test_projector_process import running

EVENTS = 300
BAD = 77
QUICK = (
    sys.executable,
    "-P",
    "-c",
    "import sys; from replay.own import own_process; from replay.projector import projector; "
    "own_process.LIMIT_S = 2.0; "
    "sys.exit(projector.main())",
)
WRONGS = {
    "raises": "raise ZeroDivisionError('no such number')",
    "says it is the disk": "import sqlite3; raise sqlite3.OperationalError('disk is full')",
    "writes a wrong type": "row = Tally(stream=event.stream, events='many', last_type=7)",
    "takes all memory": "hoard = bytearray(2**40)",
    "loops": "while True: pass",
    "drops a table": "import sqlite3, sys; "
    "db = sqlite3.connect(VIEWS, timeout=0); db.execute('DROP TABLE streams')",
    "drops a table of the rows": "rows._db.execute('DROP TABLE streams')",
    "commits the rows": "rows._db.execute('COMMIT')",
    "ends the process": "import sys; sys.exit(7)",
    "ends it without a word": "import os; os._exit(7)",
    "crashes": "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
    "stops its process": "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
    "writes to every pipe": "import os; [os.write(it, b'no answer') for it in range(2, 9) "
    "if os.path.exists(f'/dev/fd/{it}') and os.get_blocking(it)]",
    "closes every pipe": "import os; os.closerange(0, 99)",
    "raises what cannot be said": "raise ValueError('\\ud800' * 9_999)",
}
NOTHING = ViewProgress(checkpoint=0, lag=0)
STUCK = {"loops", "stops its process"}  # tried once: it would take its whole time again


@pytest.fixture(autouse=True)
def configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return make_log(tmp_path / "a.foldline", EVENTS)


def own_file(folder: Path, wrong: str = "", *, at: int = BAD) -> Path:
    """The template's file; at one event it does something wrong."""
    _, text = file_for("Tally")
    head, _, tail = text.partition("    row = rows.get(event.stream)\n")
    views = str(folder / "a.foldline-views")
    text = head.replace("from msgspec", f"VIEWS = {views!r}\nfrom msgspec", 1)
    text += "    row = rows.get(event.stream)\n" + tail
    if wrong:
        put = "    rows.put(Tally("
        bad = f"    if event.position == {at}:\n        {wrong}\n        rows.put(row)\n"
        text = text.replace(put, bad + "        return\n" + put, 1)
    path = folder / "tally.py"
    path.write_text(text, "utf-8")
    return path


def add(log: Path, path: Path) -> None:
    Trust().give(path)
    own_projections.add(Place(log), path, taken=frozenset())


def shown(log: Path) -> view_query.ViewStatus:
    reader = open_reader(log)
    db = open_views_to_read(reader)
    try:
        return next(it for it in view_status.list_views(db, reader) if it.name == "tally")
    finally:
        if db is not None:
            db.close()
        reader.close()


def streams(log: Path) -> int:
    """Events in the view of streams, as it stands in the file."""
    db = connect(Place(log).views, read_only=True)
    found = db.execute("SELECT sum(event_count) FROM streams").fetchone()[0]
    db.close()
    assert isinstance(found, int)
    return found


def children(pid: int) -> Iterator[int]:
    for it in Path(f"/proc/{pid}/task").glob("*/children"):
        yield from map(int, it.read_text().split())


def is_current(but_for: str = "") -> Callable[[Report], bool]:
    return lambda it: (
        "tally" in it.views
        and all(
            view.checkpoint == it.head > 0 for name, view in it.views.items() if name != but_for
        )
    )


def test_a_file_is_not_run_before_it_is_trusted(log: Path, tmp_path: Path) -> None:
    path = own_file(tmp_path, "", at=0)
    path.write_text("open('was_run', 'w')\n" + path.read_text("utf-8"), "utf-8")

    with pytest.raises(Untrusted):
        own_projections.add(Place(log), path, taken=frozenset())

    assert own_projections.files_of(Place(log)) == ()
    assert not Path("was_run").exists()


def test_a_trusted_file_makes_a_view_with_a_past_that_passes_the_proof(
    log: Path, tmp_path: Path
) -> None:
    add(log, own_file(tmp_path))
    with running(log) as (_, heard):
        heard.wait(is_current())

    reader = open_reader(log)
    db = open_views_to_read(reader)
    now = view_query.page(db, reader, "tally", limit=1_000)
    then = view_query.page(db, reader, "tally", at=100, limit=1_000)
    (report,) = check(reader, ["tally"])

    assert sum(it.values[1] for it in now.rows) == EVENTS
    assert sum(it.values[1] for it in then.rows) == 100
    assert not report.was_different
    assert db is not None
    db.close()
    reader.close()


@pytest.mark.parametrize("what", WRONGS)
def test_whatever_it_does_wrong_it_stands_still_and_the_others_go_on(
    what: str, log: Path, tmp_path: Path
) -> None:
    add(log, own_file(tmp_path, WRONGS[what]))

    with running(log, command=QUICK) as (projector, heard):
        report = heard.wait(
            lambda it: is_current("tally")(it) and it.views["tally"].error is not None
        )
        first = projector.pid
        append(log, 20)
        projector.wake()
        heard.wait(lambda it: is_current("tally")(it) and it.head == EVENTS + 20)
        assert projector.pid == first

    assert report.views["tally"].checkpoint == BAD - 1
    reader = open_reader(log)
    (found,) = parked(reader)
    assert (found.error.name, found.error.position) == ("tally", BAD)
    assert found.error.attempts == (1 if what in STUCK else 3)
    assert not any(it.was_different for it in check(reader, ["streams", "event_types"]))
    reader.close()


def test_a_table_that_is_dropped_from_a_thread_stays_and_one_that_somebody_else_drops_comes_back(
    log: Path, tmp_path: Path
) -> None:
    dropping = (
        "import sqlite3, threading; it = threading.Thread(target=lambda: "
        "sqlite3.connect(VIEWS).execute('DROP TABLE streams')); it.start(); it.join()"
    )
    add(log, own_file(tmp_path, dropping))

    with running(log) as (projector, heard):
        heard.wait(is_current())
        assert streams(log) == EVENTS
        somebody = connect(Place(log).views)
        somebody.execute("DROP TABLE streams")
        somebody.close()
        append(log, 20)
        projector.wake()
        heard.wait(lambda it: is_current()(it) and it.head == EVENTS + 20)

    assert streams(log) == EVENTS + 20


def test_one_that_is_slow_is_behind_alone_and_what_it_has_done_is_kept(
    log: Path, tmp_path: Path
) -> None:
    path = own_file(tmp_path)
    slow = "import threading\nWAIT = threading.Event().wait\n"
    text = path.read_text("utf-8").replace("    row = rows", "    WAIT(0.05)\n    row = rows", 1)
    path.write_text(slow + text, "utf-8")
    add(log, path)

    with running(log) as (projector, heard):
        heard.wait(lambda it: is_current("tally")(it) and 0 < it.views["tally"].lag < EVENTS)
        append(log, 20)
        projector.wake()
        heard.wait(
            lambda it: (
                is_current("tally")(it)
                and it.head == EVENTS + 20
                and 0 < it.views["tally"].checkpoint < EVENTS
            )
        )

    assert 0 < shown(log).checkpoint < EVENTS


def test_a_running_projector_hears_of_files_that_come_change_and_go(
    log: Path, tmp_path: Path
) -> None:
    with running(log) as (projector, heard):
        heard.wait(lambda it: it.head == it.checkpoint == EVENTS)
        path = own_file(tmp_path, WRONGS["raises"])
        add(log, path)
        heard.wait(lambda it: "tally" in it.views and "no such" in (it.views["tally"].error or ""))

        own_file(tmp_path)
        heard.wait(lambda it: "trust it" in (it.views["tally"].error or ""), after=len(heard.all))
        add(log, path)
        heard.wait(is_current(), after=len(heard.all))
        projector.pause()
        heard.wait(lambda it: it.phase == "paused")
        append(log, 20)
        projector.wake()
        report = heard.wait(lambda it: it.head == EVENTS + 20)
        assert {it.lag for it in report.views.values()} == {20}
        own_projections.remove(Place(log), path)
        heard.wait(lambda it: "tally" not in it.views, after=len(heard.all))


def test_a_loop_ends_though_its_projector_was_killed(log: Path, tmp_path: Path) -> None:
    add(log, own_file(tmp_path, WRONGS["loops"]))

    with running(log, command=QUICK) as (projector, heard):
        heard.wait(lambda it: it.views.get("tally", NOTHING).checkpoint == BAD - 1)
        first = projector.pid
        assert first is not None
        theirs = [*children(first)]
        os.kill(first, signal.SIGKILL)
        heard.wait(lambda it: it.views["tally"].error is not None, after=len(heard.all))

    assert theirs
    assert all(map(ends, theirs))


def test_a_changed_file_stands_still_until_it_is_trusted_again_and_then_is_folded_anew(
    log: Path, tmp_path: Path
) -> None:
    path = own_file(tmp_path, WRONGS["raises"])
    add(log, path)
    reader = open_reader(log)
    catch_up(reader)
    assert shown(log).error_position == BAD

    own_file(tmp_path)
    catch_up(reader)
    untrusted = shown(log)
    assert "trust it again" in str(untrusted.error)
    assert "tally" not in {it.name for it in all_views(Place(log))}
    add(log, path)
    catch_up(reader)

    assert (shown(log).error, shown(log).checkpoint) == (None, EVENTS)
    reader.close()


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("raise RuntimeError('not today')", "not today"),
        ("def broken(:", "SyntaxError"),
        ("import no_such_module_at_all", "no_such_module"),
        ("x = 1", "no longer defines|no PROJECTION"),
    ],
)
def test_a_file_that_cannot_be_loaded_any_more_is_told_at_its_view(
    text: str, what: str, log: Path, tmp_path: Path
) -> None:
    path = own_file(tmp_path)
    add(log, path)
    reader = open_reader(log)
    catch_up(reader)
    path.write_text(text, "utf-8")
    Trust().give(path)

    catch_up(reader)

    assert any(it in problems_of(Place(log))["tally"] for it in what.split("|"))
    assert shown(log).error == problems_of(Place(log))["tally"]
    assert shown(log).checkpoint == EVENTS  # what there was is still served
    path.unlink()
    assert "missing" in problems_of(Place(log))["tally"]
    reader.close()


def test_two_views_cannot_have_one_name(log: Path, tmp_path: Path) -> None:
    path = own_file(tmp_path)
    Trust().give(path)

    with pytest.raises(WrongProjections, match="already"):
        own_projections.add(Place(log), path, taken=frozenset({"tally"}))
    own_projections.FILE.path(Place(log)).write_text("[", "utf-8")
    with pytest.raises(WrongProjections, match="cannot be read"):
        own_projections.files_of(Place(log))


def test_installed_packages_add_theirs_through_the_entry_point(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    theirs = replace(event_types.PROJECTION, name="of_a_package")
    points = {"foldline.projections": [Point("good", theirs)]}
    monkeypatch.setattr("replay.projections.entry_points", lambda group: points[group])

    assert theirs in find_projections()
    points["foldline.projections"].append(Point("bad", 7))
    with pytest.raises(TypeError, match="bad"):
        find_projections()


@dataclass
class Point:
    """What importlib.metadata gives."""

    name: str
    loaded: object
    value: str = "package.module:PROJECTION"

    def load(self) -> object:
        return self.loaded
