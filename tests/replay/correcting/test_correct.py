"""Correct the past: the log's rows stay, and the state is that of a log that got it right."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from replay.correcting.asked import Asked
from replay.correcting.commit import Committed, commit
from replay.correcting.errors import CannotCorrect, NotAllReached
from replay.correcting.kinds import Kind
from replay.correcting.proposal import By, proposed
from replay.states.diff import diff
from replay.states.stream_states import StreamStates
from store import json_text
from store.events import ANY_VERSION, NewEvent, RecordedEvent
from store.sqlite.store import SqliteStore, open_store
from tests.store.branches.lines import IN_MEMORY

BY = By(actor="ada", reason="mistyped")
Given = tuple[str, NewEvent]  # the stream, and the event


@contextmanager
def log_of(*given: Given) -> Iterator[SqliteStore]:
    with (
        TemporaryDirectory(dir=IN_MEMORY) as folder,
        closing(open_store(Path(folder) / "log.foldline", create=True)) as store,
    ):
        for stream, event in given:
            store.append(stream, [event], expected=ANY_VERSION)
        yield store


def said(n: int, type_: str, data: Any, *, links: tuple[str, ...] = ()) -> NewEvent:
    """An event that occurred at a time of its number."""
    return NewEvent.of(type_, data, id=f"e{n}", occurred_at_us=n, links=links)


def noted(n: int, data: Any) -> Given:
    return "order-1", said(n, "Noted", data)


def correct(
    store: SqliteStore,
    position: int,
    kind: Kind,
    *,
    before: int | None = None,
    data: Any = UNSET,
    partly: bool = False,
) -> Committed:
    asked = Asked(position=position, kind=kind, before=before, data=data)
    return commit(store, StreamStates, asked, BY, partly=partly)


def state(store: SqliteStore, stream: str = "order-1") -> Any:
    return StreamStates().at(store, stream, store.head()).state


def rows(store: SqliteStore, until: int) -> list[RecordedEvent]:
    return store.page(1, until)


def same(one: Any, other: Any) -> bool:
    return next(diff(one, other), None) is None


def test_a_wrong_event_of_a_stream_without_a_model_is_corrected_by_a_merge_patch() -> None:
    with log_of(noted(1, {"a": 1, "b": 2}), noted(2, {"c": 3})) as store:
        before = rows(store, 2)

        made = correct(store, 1, "wrong", data={"a": 7})

        (event,) = store.page(3, 3)
        assert made.positions == (3,)
        assert (event.type, event.data) == ("Corrected", {"a": 7, "b": None})
        assert state(store) == {"a": 7, "c": 3}
        assert rows(store, 2) == before


def test_each_new_event_names_what_it_corrects_and_why() -> None:
    with log_of(noted(1, {"a": 1}), noted(2, {"a": 2})) as store:
        correct(store, 2, "rejected")

        told = store.page(3, 3)[0].metadata

    assert told["corrects"] == told["causation_id"] == "e2"
    assert told["correction"] == {"kind": "rejected"}
    assert (told["user"], told["reason"]) == ("ada", "mistyped")


def test_a_late_event_belongs_where_it_occurred_or_where_it_is_put() -> None:
    given = [noted(3, {"a": 3}), noted(4, {"a": 4}), noted(1, {"a": 1, "b": 1})]
    with log_of(*given) as store:
        correct(store, 3, "late")
        assert state(store) == {"a": 4, "b": 1}
    with log_of(*given) as store:
        correct(store, 3, "late", before=2)
        assert state(store) == {"a": 4, "b": 1}


def test_what_is_corrected_the_same_way_again_is_corrected_once() -> None:
    with log_of(noted(1, {"a": 1}), noted(2, {"a": 2})) as store:
        correct(store, 2, "wrong", data={"a": 5})

        again = correct(store, 2, "wrong", data={"a": 5})

        assert again.positions == ()
        assert again.proposal.found.already is not None
        assert store.head() == 3


def test_an_event_can_be_corrected_again_and_back() -> None:
    with log_of(noted(1, {"a": 1})) as store:
        for value in (5, 6, 5):
            correct(store, 1, "wrong", data={"a": value})
            assert state(store) == {"a": value}
        assert store.head() == 4


def test_earlier_corrections_count_when_another_event_is_corrected() -> None:
    """The first one leaves nothing to be seen; together they do."""
    with log_of(noted(1, {"a": 1}), noted(2, {"a": 2}), noted(3, {"a": 3})) as store:
        correct(store, 2, "wrong", data={"a": 9})
        assert state(store) == {"a": 3}

        correct(store, 3, "rejected")

        assert state(store) == {"a": 9}


def test_what_was_recorded_after_a_correction_stays() -> None:
    with log_of(noted(1, {"a": 1, "b": 1})) as store:
        correct(store, 1, "wrong", data={"a": 2})
        store.append("order-1", [said(5, "Noted", {"c": 3})], expected=ANY_VERSION)

        correct(store, 1, "wrong", data={"a": 4})

        assert state(store) == {"a": 4, "c": 3}


def test_streams_that_the_event_is_linked_into_are_corrected_too() -> None:
    linked = ("order-1", said(1, "Noted", {"a": 1}, links=("shelf-1",)))
    with log_of(linked, ("shelf-1", said(2, "Stored", {"b": 2}))) as store:
        correct(store, 1, "wrong", data={"a": 9})

        assert state(store) == {"a": 9}
        assert state(store, "shelf-1") == {"a": 9, "b": 2}


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Asked(position=9, kind="rejected"), "there is no event at position 9, the last one is 3"),
        (Asked(position=0, kind="rejected"), "there is no event at position 0"),
        (Asked(position=3, kind="rejected"), "the event at 3 is itself a correction"),
        (Asked(position=2, kind="late"), "did not occur before anything"),
        (Asked(position=1, kind="late", before=2), "not earlier than position 1"),
        (Asked(position=1, kind="late", before=7), "there is no event at position 7"),
        (Asked(position=2, kind="wrong", data={"a": 2}), "says exactly that already"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_own_sentence(asked: Asked, words: str) -> None:
    with log_of(noted(1, {"a": 1}), noted(2, {"a": 2})) as store:
        correct(store, 1, "wrong", data={"a": 5})

        with pytest.raises(CannotCorrect, match=words):
            commit(store, StreamStates, asked, BY, partly=False)

        assert store.head() == 3


def test_a_rejected_event_is_corrected_no_more() -> None:
    with log_of(noted(1, {"a": 1}), noted(2, {"a": 2}), noted(3, {})) as store:
        correct(store, 2, "rejected")

        with pytest.raises(CannotCorrect, match="was rejected by the correction at 4"):
            correct(store, 2, "wrong", data={"a": 7})
        with pytest.raises(CannotCorrect, match="should come before was rejected"):
            correct(store, 3, "late", before=2)


def test_an_append_between_reading_and_writing_is_noticed() -> None:
    with log_of(noted(1, {"a": 1})) as store:
        asked = list[StreamStates]()

        def states() -> StreamStates:
            asked.append(StreamStates())
            return _Interrupted(store) if len(asked) == 1 else asked[-1]

        commit(store, states, Asked(position=1, kind="rejected"), BY, partly=False)

        assert len(asked) == 2
        assert state(store) == {"late": True}


class _Interrupted(StreamStates):
    """Somebody appends as soon as the state is asked for."""

    def __init__(self, store: SqliteStore) -> None:
        super().__init__()
        self._store, self._is_done = store, False

    def model_of(self, *asked: Any, **how: Any) -> Any:
        if not self._is_done:
            self._is_done = True
            self._store.append("order-1", [noted(9, {"late": True})[1]], expected=ANY_VERSION)
        return super().model_of(*asked, **how)


# Bank accounts: bookings of the difference.


def booked(n: int, type_: str, **data: Any) -> Given:
    return "account-7", said(n, type_, data)


ACCOUNT = booked(1, "BankAccountCreated", id="7", owner="John")


def test_a_deposit_that_was_mistyped_is_booked_back() -> None:
    deposit = booked(2, "DepositPerformed", accountId="7", amount=1000)
    with log_of(ACCOUNT, deposit) as store:
        made = correct(store, 2, "wrong", data={"accountId": "7", "amount": 100})

        event = store.page(3, 3)[0]
        assert (event.type, event.data["amount"]) == ("WithdrawalPerformed", 900)
        assert event.metadata["schema_version"] == 1
        assert state(store, "account-7")["balance"] == Decimal(100)
        assert "amount bears the meaning of DepositPerformed" in made.proposal.meaning


def test_what_bookings_cannot_reach_is_said_and_appended_only_if_accepted() -> None:
    closing = booked(3, "BankAccountClosed", reason="moved")
    deposit = booked(2, "DepositPerformed", accountId="7", amount=10)
    with log_of(ACCOUNT, deposit, closing) as store:
        with pytest.raises(NotAllReached, match="account-7 isClosed, account-7 closingReason"):
            correct(store, 3, "rejected")
        assert store.head() == 3

        made = correct(store, 3, "rejected", partly=True)

        assert {it.path for it in made.proposal.sides[0].left} == {
            ("isClosed",),
            ("closingReason",),
        }
        assert store.head() == 4
        assert state(store, "account-7")["isClosed"] is True


def test_a_replacement_that_the_model_cannot_read_is_refused() -> None:
    with log_of(ACCOUNT, booked(2, "DepositPerformed", accountId="7", amount=1)) as store:
        with pytest.raises(CannotCorrect, match="cannot read this data as DepositPerformed"):
            correct(store, 2, "wrong", data={"amount": "much"})
        assert store.head() == 2


# Ships: the wrong port, by hand.


def sailed(n: int, type_: str, *, links: tuple[str, ...] = (), **data: Any) -> Given:
    day = {} if type_ == "ShipRegistered" else {"occurred": f"2005-11-{n:02}", "ship": "kr"}
    return "ship-kr", said(n, type_, day | data, links=links)


def voyage(port: str, country: str) -> list[Given]:
    """King Roy takes Refactoring from San Francisco to a port."""
    waits = {
        "code": "rf",
        "name": "Refactoring",
        "port": "sfo",
        "hasBeenInCanada": False,
        "declaredValue": 5,
        "registrationCode": "",
    }
    cargo = ("cargo-rf",)
    return [
        sailed(1, "ShipRegistered", code="kr", name="King Roy", port="AT_SEA"),
        ("cargo-rf", said(2, "CargoRegistered", waits)),
        sailed(3, "Arrival", port="sfo", country="US", priorPort="AT_SEA"),
        sailed(4, "Load", cargo="rf", links=cargo),
        sailed(5, "Departure", port="sfo"),
        sailed(6, "Arrival", port=port, country=country, priorPort="AT_SEA", links=cargo),
        sailed(7, "Unload", cargo="rf", links=cargo),
    ]


def test_a_ship_that_was_in_vancouver_not_in_los_angeles_brought_cargo_through_canada() -> None:
    with log_of(*voyage("la", "US")) as store:
        wrong = state(store, "cargo-rf")
        before = rows(store, 7)
        right = voyage("vancouver", "CANADA")[5][1]

        correct(store, 6, "wrong", data=_data(right))

        assert (wrong["port"], wrong["hasBeenInCanada"]) == ("la", False)
        assert state(store, "cargo-rf") == {
            "code": "rf",
            "name": "Refactoring",
            "port": "vancouver",
            "ship": None,
            "shipPort": None,
            "hasBeenInCanada": True,
            "declaredValue": 5,
            "registrationCode": "",
        }
        ship = state(store, "ship-kr")
        assert (ship["port"], ship["aboard"], ship["feesDue"]) == ("vancouver", (), 20)
        assert rows(store, 7) == before


def test_cargo_that_was_never_in_canada_is_cleared_of_it() -> None:
    """No event but a correction clears the flag."""
    with log_of(*voyage("vancouver", "CANADA")) as store:
        assert state(store, "cargo-rf")["hasBeenInCanada"] is True

        correct(store, 6, "wrong", data=_data(voyage("la", "US")[5][1]))

        found = state(store, "cargo-rf")
        assert (found["port"], found["hasBeenInCanada"]) == ("la", False)
        assert {it.type for it in store.page(8, 9)} == {"ShipCorrected", "CargoCorrected"}


def _data(event: NewEvent) -> Any:
    return json_text.decode(event.data_json)


def is_corrected(store: SqliteStore, position: int) -> bool:
    """Whether an event that came late is put where it belongs; False for one that did not."""
    head = store.head()
    with suppress(CannotCorrect):
        correct(store, position, "late")
    return store.head() > head


# A permutation, corrected event by event, is the log in order.

NAMES = st.sampled_from("abc")
LEAVES = st.one_of(st.none(), st.integers(0, 3), st.lists(st.integers(0, 2), max_size=2))
VALUES = st.one_of(LEAVES, st.dictionaries(NAMES, LEAVES, max_size=2))
PATCHES = st.one_of(st.dictionaries(NAMES, VALUES, max_size=3), st.integers(0, 2))


def in_order_after_correcting(given: Sequence[Given], order: Sequence[int]) -> None:
    """Append the events in another order, correct each that came late, and compare."""
    streams = {stream for stream, _ in given}
    with log_of(*given) as right:
        should_be = {it: state(right, it) for it in streams}
    with log_of(*(given[it] for it in order)) as store:
        before = rows(store, len(given))
        while sum(is_corrected(store, it) for it in range(1, len(given) + 1)):
            pass  # one that is moved may let another one be late in a stream of both
        for stream, expected in should_be.items():
            assert same(state(store, stream), expected)
        assert rows(store, len(given)) == before


@settings(max_examples=25)
@given(data=st.data())
def test_a_permutation_of_payloads_corrected_event_by_event_is_the_log_in_order(
    data: st.DataObject,
) -> None:
    said_ = data.draw(st.lists(PATCHES, min_size=1, max_size=6))
    given_ = [noted(n, it) for n, it in enumerate(said_, 1)]
    in_order_after_correcting(given_, data.draw(st.permutations(range(len(given_)))))


@settings(max_examples=15)
@given(order=st.permutations(range(7)))
def test_a_voyage_in_any_order_corrected_event_by_event_is_the_voyage(order: list[int]) -> None:
    in_order_after_correcting(voyage("vancouver", "CANADA"), order)


def test_a_preview_reads_only() -> None:
    with log_of(noted(1, {"a": 1})) as store:
        found = proposed(store, StreamStates(), Asked(position=1, kind="rejected"), BY)

        (side,) = found.sides
        assert (side.now, side.should_be, side.after) == ({"a": 1}, {}, {})
        assert store.head() == 1
