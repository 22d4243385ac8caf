"""Keys that stand twice are told of events that no import has marked, too."""

import json
from pathlib import Path

import pytest
from msgspec import structs

from replay import command_line
from replay.history.repeated_keys import find_repeated_keys, unmarked_keys_twice
from store.events import NewEvent
from store.opening import reading
from store.sqlite.store import open_store
from store.transfer.ingest import ingest

TWICE = '{"n":1,"n":2,"deep":[{"x":1,"x":3}]}'


def appended(folder: Path) -> Path:
    """Ten events, of which a program has written two with keys that stand twice."""
    path = folder / "a.foldline"
    store = open_store(path, create=True)
    events = [NewEvent.of("Noted", {"n": n}) for n in range(10)]
    for at in (3, 7):
        events[at] = structs.replace(events[at], data_json=TWICE)
    store.append("note-1", [*events, NewEvent.of("Other", {"n": 1})], expected=0)
    store.close()
    return path


def test_they_are_counted_by_type_with_their_names_and_first_positions(tmp_path: Path) -> None:
    with reading(appended(tmp_path)) as log:
        (found,) = find_repeated_keys(log)

    assert (found.type, found.count, found.of) == ("Noted", 2, 10)
    assert (found.names, found.positions) == (("x", "n"), (4, 8))


def test_lint_tells_them_of_the_whole_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = appended(tmp_path)

    assert command_line.run(["lint", str(path)]) == 0
    told = capsys.readouterr().out
    assert command_line.run(["lint", str(path), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)

    assert told.startswith("repeated-keys: 2 of 10 Noted: 'x', 'n' repeated within one object. ")
    assert told.rstrip().endswith(", first at 4, 8")
    assert (facts["fault"], facts["count"], facts["positions"]) == ("repeated-keys", 2, [4, 8])


def test_an_event_that_an_import_marked_needs_no_second_word(tmp_path: Path) -> None:
    line = {"stream": "note-1", "type": "Noted", "id": "n1", "metadata": {}}
    source = tmp_path / "in.jsonl"
    source.write_text(json.dumps(line)[:-1] + f', "data": {TWICE}}}\n')
    ingest(source, into=tmp_path / "in.foldline")

    with reading(tmp_path / "in.foldline") as log, reading(appended(tmp_path)) as other:
        imported, written = log.event(1), other.event(4)
        assert imported is not None
        assert written is not None
        assert unmarked_keys_twice(imported) == ()
        assert set(unmarked_keys_twice(written)) == {"n", "x"}
