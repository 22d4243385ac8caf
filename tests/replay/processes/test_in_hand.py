"""What a dispatcher has in hand is known to the next one, when its process ends."""

import shutil
import threading
from pathlib import Path

import pytest
from msgspec.structs import replace

from replay.processes.dead_letters import dead_letters
from replay.processes.in_hand import ENDED, InHand
from replay.processes.retry_queue import subject_of
from store.beside.retry_journal import JournalEntry, event_subject
from store.interface import CommandStore
from tests.replay.processes.lending import Library

PATIENCE_S = 60.0
COMMAND = subject_of("command", "c-1", handler="Bill", stream="book-1")
ONCE = [("event", 1, ENDED)]


def heard(position: int) -> JournalEntry:
    """The first attempt of the loans at an event."""
    subject = event_subject("loan", position)
    found = subject_of("event", subject, handler="loan", stream="loan-1", position=position)
    return replace(found, attempt=1)


def ended_with(subject: JournalEntry, folder: Path, store_id: str) -> Path:
    """The list as a process leaves it that is ended with a subject in hand."""
    left, own = folder / "left", folder / "own"
    hand = InHand(own, store_id=store_id)
    with hand.holding(subject):
        shutil.copyfile(own, left)
    hand.close()
    return left


def failures(path: Path, subject: JournalEntry, *, store_id: str = "") -> list[object]:
    """What failed, as the next dispatcher says that finds this in the list."""

    def in_hand(store: CommandStore) -> InHand:
        left = ended_with(subject, path.parent, store_id or store.store_id())
        return InHand(left, store_id=store.store_id())

    library = Library(path, in_hand=in_hand)
    try:
        return [(it.kind, it.attempts, it.error) for it in dead_letters(library.store)]
    finally:
        library.close()


@pytest.fixture
def lent(tmp_path: Path) -> Library:
    library = Library(tmp_path / "loans.foldline")
    library.lend("1")
    return library


def test_what_was_in_hand_has_had_an_attempt(lent: Library) -> None:
    lent.close()

    assert failures(lent.path, heard(1)) == ONCE


def test_what_was_committed_before_the_end_was_handled(lent: Library) -> None:
    lent.dispatcher.settle()
    lent.close()

    assert failures(lent.path, heard(1)) == []


def test_an_attempt_is_counted_once(lent: Library) -> None:
    lent.close()
    assert failures(lent.path, heard(1)) == ONCE

    assert failures(lent.path, heard(1)) == ONCE


def test_the_list_of_another_log_says_nothing(lent: Library) -> None:
    lent.close()

    assert failures(lent.path, heard(1), store_id="another") == []


@pytest.mark.parametrize("content", [b"", b"{", b'{"store_id":1}\n', b"\xff\n"])
def test_a_list_that_cannot_be_read_says_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "list"
    path.write_bytes(content)

    assert InHand(path, store_id="").left() == ()


def test_a_longer_list_leaves_nothing_behind_a_shorter_one(tmp_path: Path) -> None:
    hand = InHand(tmp_path / "list", store_id="s")
    with hand.holding(COMMAND):
        with hand.holding(heard(1)):
            assert set(hand.left()) == {COMMAND, heard(1)}
        assert hand.left() == (COMMAND,)
    assert hand.left() == ()

    hand.close()

    assert list(tmp_path.iterdir()) == []


def test_what_is_held_alone_waits_for_the_others_and_they_for_it() -> None:
    hand, seen = InHand(), list[str]()
    begun, go_on = threading.Event(), threading.Event()

    def first() -> None:
        with hand.holding(COMMAND):
            begun.set()
            go_on.wait(PATIENCE_S)
            seen.append("first")

    def alone() -> None:
        begun.wait(PATIENCE_S)
        with hand.holding(COMMAND, alone=True):
            seen.append("alone begins")
            seen.append("alone ends")

    def second() -> None:
        begun.wait(PATIENCE_S)
        with hand.holding(COMMAND):
            seen.append("second")

    threads = [threading.Thread(target=it) for it in (first, alone, second)]
    for thread in threads:
        thread.start()
    begun.wait(PATIENCE_S)
    go_on.set()
    for thread in threads:
        thread.join()

    at = seen.index("alone begins")
    assert seen[at : at + 2] == ["alone begins", "alone ends"]
    assert seen.index("first") < at
    assert sorted(seen) == ["alone begins", "alone ends", "first", "second"]
