"""What process managers would send if they heard a log again: counted by the log's own clock."""

from pathlib import Path

from replay.process import Heard, Reaction, Send
from replay.processes.held_commands import held_commands
from replay.states.model_set import ModelSet
from replay.typed_model import Situation
from store.events import NewEvent
from tests.replay.processes.lending import BOOK, Bill, Library, Loan, loans

AHEAD_US = 4_070_908_800_000_000  # 2099
END_US = 4_000_000_000_000_000  # 2096


def react(_state: Loan, _heard: Heard, situation: Situation) -> Reaction:
    """From a day far ahead on, a book is billed at once."""
    if situation.now_us < END_US:
        return Reaction()
    return Reaction(sends=[Send(command=Bill(book="b1"))])


def test_a_time_that_an_imported_event_claims_ahead_of_the_log_is_no_clock(tmp_path: Path) -> None:
    library = Library(tmp_path / "loans.foldline")
    lent = {"book": "b1", "to": "ada"}
    claims = NewEvent.of("Lent", lent, recorded_at_us=AHEAD_US, recorded_offset_min=0)
    library.store.append("book-b1", [claims], expected=0)
    process = loans(react=react)

    held = held_commands(library.store, ModelSet([BOOK, process.model]), [process])
    library.close()

    assert held == {}


def test_a_time_that_was_recorded_elsewhere_and_is_past_is_kept(tmp_path: Path) -> None:
    library = Library(tmp_path / "loans.foldline")
    past = NewEvent.of("Lent", {"book": "b1", "to": "ada"}, recorded_at_us=1, recorded_offset_min=0)
    library.store.append("book-b1", [NewEvent.of("Lent", {"book": "b1", "to": "a"})], expected=0)
    library.store.append("book-b1", [past], expected=1)
    seen: list[int] = []

    def look(_state: Loan, _heard: Heard, situation: Situation) -> Reaction:
        seen.append(situation.now_us)
        return Reaction()

    process = loans(react=look)
    held_commands(library.store, ModelSet([BOOK, process.model]), [process])
    library.close()

    assert seen[1] == 1
