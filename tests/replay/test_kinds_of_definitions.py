"""Of every kind of definition that a log's questions rest on: a change says who, when and why, and
the state before it can be looked at, compared and put back byte for byte."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from replay.definition_journal import read
from replay.definitions.history import differences, entry_of, history, restore
from replay.definitions.kinds import KINDS, kind_of
from store.opening import open_store
from store.place import Place

STATES = {
    "bookmarks": ([{"position": 1, "name": "one"}], [{"position": 2, "name": "two"}]),
    "filters": ({"one": {"where": "a > 1"}}, {"one": {"where": "a > 2"}}),
    "models": (
        [{"path": "a.py", "models": [{"name": "a", "category": "a"}]}],
        [{"path": "b.py", "models": [{"name": "b", "category": "b"}]}],
    ),
    "projections": ([{"path": "a.py", "views": ["a"]}], [{"path": "b.py", "views": ["b"]}]),
    "snapshots": ({"order": 10}, {"order": 20}),
    "gateways": ({"one": {"file": "a"}}, {"one": {"file": "b"}}),
}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    open_store(tmp_path / "a.foldline", create=True).close()
    return Place(tmp_path / "a.foldline")


@pytest.mark.parametrize("name", STATES)
def test_an_earlier_state_is_looked_at_compared_and_put_back(place: Place, name: str) -> None:
    kind, (old, new) = kind_of(name), map(json.dumps, STATES[name])
    kind.restore(place, old, why="at first")
    kind.restore(place, new, why="on second thoughts")
    journal = history(place)

    changed = restore(place, journal, entry_of(journal, 1), why="it was right")

    first, second, last = read(place).entries
    assert all(it.kind == name and it.by and it.at for it in (first, second, last))
    assert [it.why for it in (first, second, last)] == [
        "at first",
        "on second thoughts",
        "it was right",
    ]
    assert json.loads(first.text) == STATES[name][0]
    assert differences(first.text, second.text)
    assert changed
    assert last.text == first.text == kind.path(place).read_text()


def test_they_are_kinds_that_there_are() -> None:
    assert STATES.keys() <= {it.kind for it in KINDS}


def test_a_file_that_is_named_is_in_the_journal_by_its_hash(place: Place, tmp_path: Path) -> None:
    code = tmp_path / "a.py"
    code.write_text("one")
    named = json.dumps([{"path": str(code), "models": []}])

    kind_of("models").restore(place, named)

    (entry,) = read(place).entries
    assert entry.files == {str(code): sha256(b"one").hexdigest()}
