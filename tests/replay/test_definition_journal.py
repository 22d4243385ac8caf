"""Every change of a definition is in the journal, or was not made; and there is a way back."""

import json
import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from replay.beside_log import BesideLog
from replay.bookmarks import Bookmark, Marked, Unmarked
from replay.bookmarks import apply as apply_bookmarks
from replay.bookmarks import load as load_bookmarks
from replay.definition_journal import JOURNAL, WAITING, read
from replay.definitions.history import differences, entry_of, history, restore
from replay.definitions.kinds import KINDS
from replay.rules import kept_rules
from replay.rules.rule import Rule
from store.branches.create import create_branch
from store.events import NewEvent
from store.opening import open_store
from store.place import Place

ROOT: Final = Path(__file__).parents[2]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    open_store(tmp_path / "a.foldline", create=True).close()
    return Place(tmp_path / "a.foldline")


def mark(position: int, name: str) -> Marked:
    return Marked(bookmark=Bookmark(position=position, name=name))


def test_a_change_is_an_entry_with_who_when_and_the_whole_text(place: Place) -> None:
    apply_bookmarks(place, [mark(1, "one")])
    apply_bookmarks(place, [mark(2, "two")])
    apply_bookmarks(place, [mark(2, "two")])  # it changes nothing

    journal = read(place)
    assert [(it.number, it.kind, it.how) for it in journal.entries] == [
        (1, "bookmarks", "saved"),
        (2, "bookmarks", "saved"),
    ]
    assert all(it.by and it.at for it in journal.entries)
    assert [len(json.loads(it.text)) for it in journal.entries] == [1, 2]
    assert journal.entries[-1].text == place.beside("-bookmarks.json").read_text()


def test_files_that_were_there_before_are_carried_over_and_changes_by_hand_are_noted(
    place: Place,
) -> None:
    file = place.beside("-bookmarks.json")
    file.write_text('[{"position": 1, "name": "old"}]')
    apply_bookmarks(place, [mark(2, "two")])
    file.write_text('[{"position": 3, "name": "by hand"}]')

    found = history(place).entries

    assert [it.how for it in found] == ["carried-over", "saved", "changed-outside"]
    assert "old" in found[0].text
    assert "by hand" in found[2].text


def test_every_kind_of_file_beside_a_log_is_in_the_journal() -> None:
    """By what the source says: a new kind is missing here until it is listed."""
    sources = [it.read_text() for it in (ROOT / "replay").rglob("*.py")]
    named = {name for it in sources for name in re.findall(r'"-([a-z-]+)\.json"', it)}

    named.remove("migration")  # what a migration did: a report, no decision
    assert named == {it.kind for it in KINDS}
    assert sum(it.count("= BesideLog") for it in sources) == sum(
        isinstance(it, BesideLog) for it in KINDS
    )


def test_an_earlier_state_is_restored_whole_or_one_definition_of_it(place: Place) -> None:
    for name in ("low", "high"):
        kept_rules.save(place, Rule(name=name, where="total > 1", of="order"))
    kept_rules.save(place, Rule(name="low", where="total > 2", of="order"))
    kept_rules.remove(place, "high")
    journal = history(place)

    changed = restore(place, journal, entry_of(journal, 2), name="high", why="needed again")

    assert [(it.name, it.sign) for it in changed] == [("high", "added")]
    assert {it.name: it.where for it in kept_rules.load(place)} == {
        "high": "total > 1",
        "low": "total > 2",
    }
    last = history(place).entries[-1]
    assert (last.how, last.why) == ("restored", "needed again")
    journal = history(place)
    restore(place, journal, entry_of(journal, 1), is_before=True)
    assert kept_rules.load(place) == ()
    restore(place, journal, entry_of(journal, 3))
    assert {it.name: it.where for it in kept_rules.load(place)}["low"] == "total > 2"
    assert differences(journal.entries[1].text, journal.entries[2].text)[0].sign == "changed"


def test_an_edited_journal_is_noticed_and_still_grows(place: Place) -> None:
    for number in (1, 2, 3):
        apply_bookmarks(place, [mark(number, f"mark {number}")])
    file = place.beside(JOURNAL)
    file.write_text(file.read_text().replace("mark 2", "mark 9", 1))

    assert read(place).broken == 2
    apply_bookmarks(place, [mark(4, "mark 4")])
    assert len(read(place).entries) == 4


CRASHES: Final = {  # where a process ends → whether the change was made
    "_append": False,
    "_take_name": True,
}


@pytest.mark.parametrize("step", CRASHES)
def test_a_change_whose_process_ends_is_made_whole_or_not_at_all(place: Place, step: str) -> None:
    apply_bookmarks(place, [mark(1, "one")])

    _ended(place, f"journal.{step} = lambda *_: os._exit(9)")

    assert place.beside("-bookmarks.json" + WAITING).exists()
    names = ["one", "two"] if CRASHES[step] else ["one"]
    assert [it.name for it in load_bookmarks(place)] == names
    assert len(read(place).entries) == len(names)
    apply_bookmarks(place, [mark(3, "three")])
    assert [it.name for it in load_bookmarks(place)] == [*names, "three"]
    assert not place.beside("-bookmarks.json" + WAITING).exists()
    assert len(read(place).entries) == len(names) + 1


def test_an_entry_that_was_cut_off_is_no_entry(place: Place) -> None:
    apply_bookmarks(place, [mark(1, "one")])
    with place.beside(JOURNAL).open("ab") as file:
        file.write(b'{"number":2,"at":"2026')

    assert len(read(place).entries) == 1
    apply_bookmarks(place, [mark(2, "two")])
    journal = read(place)
    assert (len(journal.entries), journal.broken) == (2, 0)


def test_two_processes_at_once_lose_nothing(place: Place) -> None:
    code = (
        "from replay.bookmarks import *; from store.place import Place; import sys;"
        "first = int(sys.argv[2]);"
        "[apply(Place(Path(sys.argv[1])), [Marked(bookmark=Bookmark(position=it, name='m'))])"
        " for it in range(first, first + 15)]"
    )
    code = f"from pathlib import Path; {code}"
    both = [
        subprocess.Popen([sys.executable, "-c", code, str(place.path), str(first)], cwd=ROOT)
        for first in (1, 101)
    ]
    assert [it.wait(120) for it in both] == [0, 0]

    assert len(load_bookmarks(place)) == 30
    journal = read(place)
    assert (len(journal.entries), journal.broken) == (30, 0)


def _ended(place: Place, patch: str) -> None:
    """A second bookmark, by a process that ends on the way."""
    code = (
        "import os, sys; from pathlib import Path; import replay.definition_journal as journal;"
        "from replay.bookmarks import *; from store.place import Place;"
        f"{patch};"
        "apply(Place(Path(sys.argv[1])), [Marked(bookmark=Bookmark(position=2, name='two'))])"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(place.path)], cwd=ROOT, check=False)
    assert ended.returncode == 9


def test_log_and_branches_have_one_journal_and_bookmarks_of_their_own(place: Place) -> None:
    with closing(open_store(place.path)) as store:
        store.append("a-1", [NewEvent.of("Noted", {})], expected=None)
    branch = Place(create_branch(place.path, "fix", fork=1))
    apply_bookmarks(place, [mark(1, "of the log")])
    apply_bookmarks(branch, [mark(1, "of the branch")])
    kept_rules.save(branch, Rule(name="late", where="n > 1"))
    apply_bookmarks(branch, [Unmarked(key=(1, None))])

    for it in (place, branch):
        found = history(it)
        assert [one.kind for one in found.entries] == [
            "bookmarks",
            "bookmarks@fix",
            "rules",
            "bookmarks@fix",
        ]
    restore(place, found, entry_of(found, 2))
    restore(branch, found, entry_of(found, 1), is_before=True)

    assert [it.name for it in load_bookmarks(branch)] == ["of the branch"]
    assert load_bookmarks(place) == ()
