"""Which events were corrected, and which correct one: both ends of each correction."""

from replay.correcting.asked import Asked
from replay.correcting.commit import commit
from replay.correcting.marks import CorrectionMark, CorrectionMarks
from replay.correcting.proposal import By
from replay.states.stream_states import StreamStates
from store.sqlite.store import SqliteStore
from tests.replay.correcting.test_correct import correct, log_of, noted, said


def marks_of(store: SqliteStore, marks: CorrectionMarks | None = None) -> dict[int, CorrectionMark]:
    return (marks or CorrectionMarks()).of(store, store.read())


def test_both_ends_of_a_correction_name_each_other_the_kind_and_the_reason() -> None:
    with log_of(noted(1, {"a": 1}), noted(2, {"a": 2})) as store:
        correct(store, 2, "wrong", data={"a": 5})

        found = marks_of(store)

        assert set(found) == {2, 3}
        assert found[2].short == "corrected by 3"
        assert found[3].short == "corrects 2"
        assert found[2].sentences == "Corrected by Corrected at 3 (was wrong: mistyped)"
        assert found[3].sentences == "Corrects Noted at 2, which was wrong: mistyped"
        assert [it.position for it in found[2].ends] == [3]


def test_an_event_that_was_corrected_again_names_both_and_the_last_one_in_a_line() -> None:
    with log_of(noted(1, {"a": 1})) as store:
        correct(store, 1, "wrong", data={"a": 5})
        correct(store, 1, "rejected")

        found = marks_of(store)[1]

        assert [it.position for it in found.corrected_by] == [2, 3]
        assert found.short == "corrected by 3"


def test_a_correction_that_comes_later_is_found_by_who_looked_before() -> None:
    marks = CorrectionMarks()
    with log_of(noted(1, {"a": 1}), noted(2, {"a": 2})) as store:
        assert marks_of(store, marks) == {}

        correct(store, 1, "rejected")

        assert marks_of(store, marks)[1].short == "corrected by 3"


def test_an_event_in_several_streams_is_corrected_in_each_and_told_once() -> None:
    linked = ("order-1", said(1, "Noted", {"a": 1}, links=("shelf-1",)))
    with log_of(linked, ("shelf-1", said(2, "Stored", {"b": 2}))) as store:
        correct(store, 1, "wrong", data={"a": 9})

        found = marks_of(store)

        assert {at: it.short for at, it in found.items()} == {
            1: "corrected by 3",
            3: "corrects 1",
            4: "corrects 1",
        }


def test_a_correction_without_a_reason_says_its_kind_alone() -> None:
    with log_of(noted(1, {"a": 1})) as store:
        asked = Asked(position=1, kind="rejected")
        commit(store, StreamStates, asked, By(actor="ada"), partly=False)

        assert marks_of(store)[1].sentences == "Corrected by Corrected at 2 (should not be)"
