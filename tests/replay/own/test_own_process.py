"""A projection of a person's own in a process of its own: the same rows as here, and no harm."""

import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from textwrap import dedent

import pytest

from replay.catalog.rebuild import Progress, rebuild
from replay.own import own_process, own_writer
from replay.own.own_process import NoProcess
from replay.own.own_projections import WrongProjections, add, find
from replay.own.own_worker import projections_in
from replay.own.user_models import ModelFailed, Trust, digest
from replay.views import checkpoints
from replay.views.read_store import ReadStore, discard, open_views
from replay.views.runner import Runner
from replay.views.view import View, view_of
from store.interface import EventReader
from store.opening import open_reader
from tests.replay.logs import append, make_log

EVENTS = 400
EVERYTHING = '''
    """Every kind of column, two keys, rows that go and come back, a value changed in place."""

    from msgspec import Struct

    from replay.projection import Json, Projection


    class Thing(Struct, frozen=True):
        stream: str
        place: int
        share: float
        is_odd: bool
        note: str | None
        seen: Json


    def apply(rows, event, links):
        key = (event.stream, event.position % 3)
        row = rows.get(key)
        if event.position % 7 == 0:
            rows.delete(key)
            rows.delete(("nobody", 1))
            return
        seen = row.seen if row else {"types": [], "links": list(links), "data": None}
        seen["types"].append(event.type)
        seen["data"] = event.data
        note = None if event.position % 2 else f"note \\u2028 {event.position}"
        rows.put(Thing(*key, event.position / 3, bool(event.position % 2), note, seen))


    PROJECTION = Projection(
        name="things", version=1, title="Things", row=Thing, key=("stream", "place"), apply=apply,
        listens=LISTENS,
    )
'''
COUNTING = """
    from msgspec import Struct

    from replay.projection import Projection


    class Count(Struct, frozen=True):
        stream: str
        count: int
        {column}


    def apply(rows, event, links):
        row = rows.get(event.stream)
        {body}
        rows.put(Count(event.stream, row.count + 1 if row else 1))


    PROJECTION = Projection(
        name="count", version=1, title="Count", row=Count, key=("stream",), apply={apply},
    )
    {end}
"""


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventReader]:
    with closing(open_reader(make_log(tmp_path / "a.foldline", EVENTS))) as log:
        yield log


@pytest.fixture
def store(log: EventReader) -> Iterator[ReadStore]:
    with closing(open_views(log)) as store:
        yield store


def counting(
    folder: Path, body: str = "pass", *, column: str = "", apply: str = "apply", end: str = ""
) -> Path:
    path = folder / "count.py"
    facts = {"{body}": body, "{column}": column, "{apply}": apply, "{end}": end}
    text = dedent(COUNTING)
    for name, what in facts.items():
        text = text.replace(name, what)
    path.write_text(text, "utf-8")
    return path


def own(log: EventReader, path: Path) -> View:
    Trust().give(path)
    add(log.place, path, taken=frozenset())
    (view,) = find(log.place).views
    return view


def fold(store: ReadStore, log: EventReader, view: View, *, steps: int = 10_000) -> None:
    with closing(Runner(store.db, log, (view,))) as runner:
        while steps and runner.advance():
            steps -= 1


def tables(store: ReadStore, view: View) -> str:
    found = [
        store.db.execute(
            f'SELECT * FROM "{view.name}{it.suffix}" ORDER BY {", ".join(it.key)}'
        ).fetchall()
        for it in view.tables
    ]
    return repr(found)


@pytest.mark.parametrize("listens", ["None", "frozenset({'Paid', 'Shipped'})"])
def test_its_rows_and_their_history_are_what_they_would_be_here(
    log: EventReader,
    store: ReadStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    listens: str,
) -> None:
    path = tmp_path / "things.py"
    path.write_text(dedent(EVERYTHING).replace("LISTENS", listens), "utf-8")
    view = own(log, path)
    (here,) = projections_in(path, expected_digest=digest(path))
    monkeypatch.setattr(own_writer, "EVENTS_PER_FOLD", 70)

    for _ in range(3):
        fold(store, log, view, steps=1)  # another process each time: rows are asked for
    append(log.place.path, 30)
    fold(store, log, view)
    folded = tables(store, view)

    assert checkpoints.errors(store.db) == {}
    assert view.definition == view_of(here).definition
    with open_again(log) as again:
        fold(again, log, view_of(here))
        assert tables(again, view) == folded


def open_again(log: EventReader) -> "closing[ReadStore]":
    """The views from the beginning."""
    discard(log)
    return closing(open_views(log))


def test_it_forgets_what_is_too_much_and_asks_again(
    log: EventReader, store: ReadStore, tmp_path: Path
) -> None:
    body = "import replay.own.own_worker as it; it.ROWS_CACHED = 3"
    view = own(log, counting(tmp_path, body))

    fold(store, log, view)

    assert store.db.execute("SELECT sum(count) FROM count").fetchone() == (EVENTS,)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("rows.put(Count(event.stream, 'many'))", "TypeError: the column 'count' (integer)"),
        ("rows.put(Count(event.stream, 2**63))", "TypeError: the column 'count' (integer)"),
        ("rows.put(Count(event.stream, None))", "TypeError: the column 'count' (integer)"),
        ("rows.put(Count('\\ud800', 1))", "UnicodeEncodeError: "),
        ("rows.put(7)", "TypeError: a row is a Count, not a int"),
        ("[rows.put(Count(str(n), 1)) for n in range(65_537)]", "ValueError: one event may write"),
        (
            "raise type('Own', (Exception,), {'__str__': lambda it: 1 / 0})",
            "Own: no reason given",
        ),
        ("raise MemoryError", "MemoryError: it used more than 2,048 MB"),
    ],
)
def test_what_it_writes_wrong_stops_it_at_the_event_with_what_came_before_kept(
    log: EventReader, store: ReadStore, tmp_path: Path, body: str, told: str
) -> None:
    view = own(log, counting(tmp_path, f"if event.position == 33: {body}"))

    fold(store, log, view)

    error = checkpoints.errors(store.db)["count"]
    assert (error.position, error.attempts) == (33, 3)
    assert any(it in error.message for it in told.split("|")), error.message
    assert store.db.execute("SELECT sum(count) FROM count").fetchone() == (32,)


@pytest.mark.parametrize("key", ["2**63", "(1, 2)", "[1]", "1.5"])
def test_a_key_that_no_row_can_have_is_told_at_the_event(
    log: EventReader, store: ReadStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setattr(own_writer, "EVENTS_PER_FOLD", 20)
    view = own(log, counting(tmp_path, f"if event.position == 33: rows.get({key})"))

    fold(store, log, view, steps=1)
    fold(store, log, view)  # another process, which has to ask

    assert checkpoints.errors(store.db)["count"].position == 33
    assert store.db.execute("SELECT sum(count) FROM count").fetchone() == (32,)


@pytest.mark.parametrize(
    "message",
    [
        "it.Done(position=33, writes=[it.Write(['x', 'x'])], is_last=False)",
        "it.Done(position=33, writes=[it.Write(['x'] * 3)], is_last=False)",
        "it.Done(position=34, writes=[], is_last=False)",
        "it.Done(position=33, writes=[it.Write(['x', 1])] * 65_537, is_last=False)",
        "it.Loaded(())",
    ],
)
def test_what_its_process_says_is_not_taken_for_true(
    log: EventReader, store: ReadStore, tmp_path: Path, message: str
) -> None:
    saying = (
        "if event.position == 33: import gc; import replay.own.own_messages as it; "
        f"[each.send({message}) for each in gc.get_objects() if type(each).__name__ == 'Pipes']"
    )
    view = own(log, counting(tmp_path, saying))

    fold(store, log, view)

    assert checkpoints.errors(store.db)["count"].position == 33
    assert store.db.execute("SELECT sum(count) FROM count").fetchone() == (32,)


def test_more_than_it_may_say_is_refused(
    log: EventReader, store: ReadStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_process, "BYTES_PER_FOLD", 200_000)
    body = "if event.position == 33: [rows.put(Count('x' * 90 + str(n), n)) for n in range(9_999)]"
    view = own(log, counting(tmp_path, body))

    fold(store, log, view)

    error = checkpoints.errors(store.db)["count"]
    assert (error.position, error.message.partition(":")[0]) == (33, "TooMuch")


def test_the_event_it_fails_at_is_applied_as_often_as_is_told_and_the_others_once(
    log: EventReader, store: ReadStore, tmp_path: Path
) -> None:
    body = (
        "CALLS[event.position] += 1\n"
        "    if event.position == 77: raise ValueError(f'{CALLS[77]} {max(CALLS.values())} "
        "{sum(CALLS.values())}')"
    )
    end = "from collections import Counter; CALLS = Counter()"
    view = own(log, counting(tmp_path, body, end=end))

    fold(store, log, view)

    error = checkpoints.errors(store.db)["count"]
    assert (error.position, error.attempts) == (77, 3)
    assert error.message == f"ValueError: 3 3 {76 + 3}"
    assert "in apply" in error.traceback


def test_a_rebuild_loses_and_doubles_nothing_of_what_comes_meanwhile(
    log: EventReader, store: ReadStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = own(log, counting(tmp_path))
    fold(store, log, view)
    monkeypatch.setattr("replay.catalog.rebuild.EVENTS_PER_BATCH", 150)
    left = [30] * 6

    def come(_progress: Progress) -> None:
        if left:
            append(log.place.path, left.pop())
            fold(store, log, view)

    (report,) = rebuild(log, ["count"], on_progress=come)
    fold(store, log, view)

    assert (report.is_switched, report.was_different, report.error) == (True, False, None)
    assert checkpoints.read_all(store.db)["count"].checkpoint == EVENTS + 180
    assert store.db.execute("SELECT sum(count) FROM count").fetchone() == (EVENTS + 180,)
    writes = store.db.execute("SELECT count(*), count(DISTINCT _position) FROM count_writes")
    assert writes.fetchone() == (EVENTS + 180, EVENTS + 180)


def test_a_failure_that_does_not_come_again_stops_nothing(
    log: EventReader, store: ReadStore, tmp_path: Path
) -> None:
    body = "if event.position == 33 and not SEEN: SEEN.append(1); raise ValueError"
    view = own(log, counting(tmp_path, body, end="SEEN = []"))

    fold(store, log, view)

    assert checkpoints.errors(store.db) == {}
    assert store.db.execute("SELECT sum(count) FROM count").fetchone() == (EVENTS,)


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"column": "more: list[int] = []"}, "no column can hold list"),
        ({"apply": "None"}, "apply is no function: 'count'"),
        ({"end": "import sys; sys.exit(9)"}, "end the process with code 9"),
        ({"end": "import os; os._exit(9)"}, "ended unexpectedly \\(code 9\\)"),
        ({"end": "raise KeyboardInterrupt"}, "KeyboardInterrupt"),
        ({"end": "PROJECTION = 7"}, "defines no PROJECTION"),
        ({"end": "x = bytearray(2**40)"}, "more than 2,048 MB"),
        ({"end": "while True: pass"}, "still loading after 0.5 s"),
    ],
)
def test_a_file_that_defines_nothing_that_can_be_folded_is_told_when_it_is_added(
    log: EventReader,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    facts: dict[str, str],
    told: str,
) -> None:
    path = counting(tmp_path, **facts)
    Trust().give(path)
    if "while" in facts.get("end", ""):
        monkeypatch.setattr(own_process, "START_S", 0.5)

    with pytest.raises(ModelFailed, match=told):
        add(log.place, path, taken=frozenset())

    assert find(log.place).views == ()


def test_two_views_of_one_file_cannot_have_one_name(log: EventReader, tmp_path: Path) -> None:
    path = counting(tmp_path, end="PROJECTIONS = [PROJECTION]")
    Trust().give(path)

    with pytest.raises(WrongProjections, match="already exists: 'count'"):
        add(log.place, path, taken=frozenset())


def test_without_room_for_a_process_no_projection_is_blamed(
    log: EventReader, store: ReadStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = own(log, counting(tmp_path))

    def refuse(*_arguments: object, **_options: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    with monkeypatch.context() as patched:
        patched.setattr(subprocess, "Popen", refuse)
        with pytest.raises(NoProcess, match="temporarily unavailable"):
            fold(store, log, view)
        with pytest.raises(NoProcess):
            find(log.place)

    assert checkpoints.errors(store.db) == {}
    fold(store, log, view)
    assert store.db.execute("SELECT sum(count) FROM count").fetchone() == (EVENTS,)
