"""Verbs on a store with a projection of a person's own that does something wrong."""

import json
from collections.abc import Callable
from itertools import count
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from replay.catalog.rebuild import rebuild
from replay.own import own_process
from replay.view_version import version_named
from store.errors import Cancelled
from store.locks import ProcessLock
from store.opening import reading
from store.place import Place
from tests.replay.verbs.conftest import Run

TALLY = """
    from msgspec import Struct

    from replay.projection import Projection


    class Tally(Struct, frozen=True):
        stream: str
        count: int


    def apply(rows, event, links):
        if event.position == 3:
            {wrong}
        row = rows.get(event.stream)
        rows.put(Tally(event.stream, row.count + 1 if row else 1))


    PROJECTION = Projection(
        name="tally", version=1, title="Tally", row=Tally, key=("stream",), apply=apply
    )
"""
WRONGS = {
    "raises": "raise ZeroDivisionError('no such number')",
    "ends the process": "import sys; sys.exit(7)",
    "ends it without a word": "import os; os._exit(7)",
    "reaches for the connection": "rows._db.execute('DROP TABLE streams')",
    "loops": "while True: pass",
    "takes all memory": "x = bytearray(6 * 2**30)",
}

Add = Callable[[str], Path]


@pytest.fixture
def add(run: Run, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Add:
    """Puts a file that does something wrong at the third event into the store."""

    def added(wrong: str) -> Path:
        monkeypatch.setattr(own_process, "LIMIT_S", 2.0 if "while True" in wrong else 60.0)
        path = tmp_path / "tally.py"
        path.write_text(dedent(TALLY).replace("{wrong}", wrong), "utf-8")
        assert run("projection", "add", store, path, "--trust")[0] == 0
        return path

    return added


@pytest.mark.parametrize("wrong", WRONGS.values(), ids=WRONGS)
def test_every_verb_serves_the_other_views_and_names_the_one_that_stands_still(
    run: Run, store: Path, add: Add, wrong: str
) -> None:
    add(wrong)

    streams = run("view", store, "streams", "--json")
    counted = run("sql", store, "SELECT count(*) AS n FROM streams", "--json")
    rebuilt, told, _ = run("rebuild", store, "--json")
    tally = run("view", store, "tally", "--json")
    views = {it["view"]: it for it in lines_of(run("views", store, "--json")[1])}
    parked, said, _ = run("parked", store)

    assert (streams[0], len(streams[1].splitlines())) == (0, 2)
    assert json.loads(counted[1]) == {"n": 2}
    reports = {it["view"]: it for it in json.loads(told)["views"]}
    assert (rebuilt, "at position 3" in reports["tally"]["error"]) == (1, True)
    assert [name for name, it in reports.items() if it["error"]] == ["tally"]
    assert reports.keys() == {name for name in views if version_named(name).is_live}
    assert (tally[0], len(tally[1].splitlines())) == (1, 2)  # what came before is served
    assert (views["tally"]["error_position"], views["tally"]["checkpoint"]) == (3, 2)
    assert {it["lag"] for name, it in views.items() if "tally" not in name} == {0}
    assert (parked, said.count("stopped at 3, Paid in order-1")) == (1, 1)


def test_the_view_of_a_file_that_does_nothing_wrong_is_what_it_says(
    run: Run, store: Path, add: Add
) -> None:
    add("pass")

    assert [it["count"] for it in lines_of(run("view", store, "tally", "--json")[1])] == [2, 1]
    assert run("rebuild", store, "tally", "--beside")[0] == 0
    assert run("compare", store, "tally", "tally__next")[0] == 0
    assert run("rebuild", store, "tally")[0] == 0
    assert run("compare", store, "tally", "tally__before")[0] == 0
    assert run("certify", store)[0] == 0
    assert "order-1" in run("sql", store, "SELECT * FROM tally")[1]
    assert "tally" in run("info", store)[1]
    build = ("build", store, "tally", "--group-by", "stream", "--column", "n=count")
    assert "already exists: 'tally'" in run(*build)[2]


def test_a_file_that_cannot_make_a_view_is_refused_with_a_sentence(
    run: Run, store: Path, tmp_path: Path
) -> None:
    path = tmp_path / "bad.py"
    for text, told in {
        "import sys; sys.exit(9)": "it tried to end the process with code 9",
        "import os; os._exit(9)": "the process ended unexpectedly (code 9)",
        dedent(TALLY).replace("{wrong}", "pass").replace("count: int", "count: list[int]"): (
            "no column can hold list[int]: 'count'"
        ),
        dedent(TALLY).replace("{wrong}", "pass").replace("apply=apply", "apply=None"): (
            "apply is no function: 'tally'"
        ),
    }.items():
        path.write_text(text, "utf-8")

        code, _, said = run("projection", "add", store, path, "--trust")

        assert (code, told in said) == (1, True), said
    assert run("projection", "list", store)[0] == 0
    assert run("view", store, "streams")[0] == 0


def test_a_projection_is_removed_by_its_file_or_by_the_name_of_a_view(
    run: Run, store: Path, add: Add
) -> None:
    add("pass")
    assert "there is no view 'streams'" in run("projection", "remove", store, "streams")[2]

    assert run("projection", "remove", store, "tally") == (0, "removed: tally\n", "")

    assert "no projections of your own" in run("projection", "list", store)[1]


def test_views_that_are_not_asked_for_run_no_code_and_are_not_waited_for(
    run: Run, store: Path, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    add("pass")

    def refuse(*_arguments: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(own_process, "Child", refuse)
    assert run("view", store, "streams")[0] == 0
    assert run("sql", store, "SELECT * FROM streams")[0] == 0
    assert run("rebuild", store, "streams", "event_types")[0] == 0
    assert run("search", store, "Placed")[0] == 0
    assert run("search", store, "nowhere") == (1, "", "main.py: no event contains nowhere\n")
    assert run("snapshots", "list", store)[0] == 0
    lock = ProcessLock(Place(store).views_lock)
    assert lock.acquire()
    try:
        assert run("view", store, "streams")[0] == 0  # another process keeps them
    finally:
        lock.release()


def test_one_that_is_not_asked_for_is_not_run(run: Run, store: Path, add: Add) -> None:
    add("pass")
    assert run("view", store, "streams")[0] == 0

    before = {it["name"]: it for it in json.loads(run("info", store, "--json")[1])["views"]}
    code, _, _ = run("view", store, "tally")  # which is waited for
    after = {it["name"]: it for it in json.loads(run("info", store, "--json")[1])["views"]}

    assert (before["streams"]["lag"], "tally" in before) == (0, False)
    assert (code, after["tally"]["lag"]) == (0, 0)


def test_one_that_does_not_come_back_stands_still_and_is_not_tried_again(
    run: Run, store: Path, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    add("while True: pass")

    first = run("view", store, "tally")
    monkeypatch.setattr(own_process, "LIMIT_S", 3_600.0)
    again = run("view", store, "tally")

    assert (first[0], again[0]) == (1, 1)
    assert "DidNotComeBack" in run("info", store)[1]


def test_a_rebuild_of_one_that_loops_is_cancelled_amid_the_event_and_leaves_nothing(
    run: Run, store: Path, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    add("while True: pass")
    run("view", store, "tally")
    before = views_as_they_stand(run, store)
    monkeypatch.setattr(own_process, "LIMIT_S", 3_600.0)
    looks = count()

    def is_cancelled() -> bool:
        return next(looks) > 20  # the file is loaded long before, and the third event under way

    with reading(store) as log, pytest.raises(Cancelled):
        rebuild(log, ["tally"], is_cancelled=is_cancelled)

    assert views_as_they_stand(run, store) == before


def views_as_they_stand(run: Run, store: Path) -> list[dict[str, Any]]:
    """What `views` tells, but for what gets older by itself."""
    _, out, _ = run("views", store, "--json")
    return [{name: fact for name, fact in it.items() if name != "stale_ms"} for it in lines_of(out)]


def lines_of(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]
