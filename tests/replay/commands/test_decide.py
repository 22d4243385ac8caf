"""Commands on a real store: decided once, refused with a rule, judged again after a conflict."""

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest

from replay.commands.command_form import InvalidCommand
from replay.commands.decide import CommandHandler
from replay.commands.offers import Offers
from replay.states.model_set import UnknownCommand, bundled_models
from store.beside import commands
from store.beside.outcomes import Refused
from store.events import NewEvent
from store.sqlite.connect import connect
from store.sqlite.store import SqliteStore, open_store
from tests.replay.answers import conflict, done, refusal
from tests.replay.issued import issued


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = open_store(tmp_path / "bank.foldline", create=True)
    yield store
    store.close()


@pytest.fixture
def handler(store: SqliteStore) -> CommandHandler:
    handler = CommandHandler(store, bundled_models())
    handler.issue(issued("OpenAccount", {"id": "1", "owner": "John Doe"}))
    return handler


def deposit(amount: str = "20.00", **facts: object) -> commands.IssuedCommand:
    data = {"accountNumber": "1", "amount": Decimal(amount)}
    return issued("PerformDeposit", data, **facts)  # type: ignore[arg-type]


def withdrawal(amount: str, **facts: object) -> commands.IssuedCommand:
    data = {"accountNumber": "1", "amount": Decimal(amount)}
    return issued("PerformWithdrawal", data, **facts)  # type: ignore[arg-type]


def test_a_command_becomes_events_that_name_it(handler: CommandHandler) -> None:
    answered = handler.issue(deposit(id_="the-one"))

    (event,) = handler.events_of(answered)
    assert answered.status == "done"
    assert (event.stream, event.version, event.type) == ("account-1", 2, "DepositPerformed")
    assert event.data == {"accountId": "1", "amount": Decimal("20.00")}
    assert event.metadata["command_id"] == event.metadata["causation_id"] == "the-one"
    assert event.metadata["user"] == "ada"


def test_a_refusal_names_rule_and_reason_and_leaves_no_event(
    handler: CommandHandler, store: SqliteStore
) -> None:
    head = store.head()

    answered = handler.issue(withdrawal("500.01"))

    assert refusal(answered).rule == "overdraft limit"
    assert "-500.01 €" in refusal(answered).reason
    assert store.head() == head
    kept, outcome = store.beside.commands.find(answered.command.id)
    assert kept is not None
    assert isinstance(outcome, Refused)
    assert (outcome.rule, kept.stream) == ("overdraft limit", "account-1")


def test_what_is_not_valid_is_not_even_recorded(
    handler: CommandHandler, store: SqliteStore
) -> None:
    with pytest.raises(InvalidCommand) as caught:
        handler.issue(deposit("-3"))

    assert [(it.path, it.message) for it in caught.value.errors] == [
        (("amount",), "it must be more than 0")
    ]
    assert store.beside.commands.counts() == {"done": 1}


def test_a_command_of_no_model_is_told_by_name(handler: CommandHandler) -> None:
    with pytest.raises(UnknownCommand, match="no model has a command 'RobBank'"):
        handler.issue(issued("RobBank", {}))


def test_a_conflict_with_more_events_than_it_tells_says_how_many_there_are(
    handler: CommandHandler, store: SqliteStore
) -> None:
    data = {"accountId": "1", "amount": 1}
    others = [NewEvent.of("DepositPerformed", data) for _ in range(103)]
    store.append("account-1", others, expected=None)

    answered = conflict(handler.issue(withdrawal("5", expected=1)))

    assert (len(answered.between), answered.came) == (100, 103)
    assert answered.reason.endswith(" The first 100 of the 103 events in between are told.")


def test_a_stale_version_is_a_conflict_that_shows_what_came_in_between(
    handler: CommandHandler, store: SqliteStore
) -> None:
    handler.issue(deposit())
    head = store.head()

    answered = handler.issue(withdrawal("5", expected=1))

    assert (answered.status, answered.version) == ("conflict", 2)
    assert [event.type for event in conflict(answered).between] == ["DepositPerformed"]
    assert store.head() == head
    again = handler.issue(withdrawal("5", id_=answered.command.id, expected=answered.version))
    assert again.status == "done"


def test_a_command_that_may_be_decided_again_is(handler: CommandHandler) -> None:
    handler.issue(deposit())

    assert handler.issue(deposit(expected=1)).status == "done"


def test_the_first_outcome_is_the_only_one(handler: CommandHandler, store: SqliteStore) -> None:
    """The same id a hundred times from eight threads: one set of events."""
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: handler.issue(deposit(id_="once")), range(100)))

    assert {answer.status for answer in answers} == {"done"}
    assert len({done(answer).first_position for answer in answers}) == 1
    assert sum(not answer.is_resend for answer in answers) == 1
    assert store.stream_version("account-1") == 2


def test_a_resent_refusal_stays_a_refusal(handler: CommandHandler) -> None:
    first = handler.issue(withdrawal("600", id_="w"))
    handler.issue(deposit("1000"))

    again = handler.issue(withdrawal("600", id_="w"))

    assert (first.status, again.status, again.is_resend) == ("refused", "refused", True)
    assert refusal(again).reason == refusal(first).reason


def test_a_locked_store_only_takes_longer(handler: CommandHandler, store: SqliteStore) -> None:
    other = connect(store.place.path)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(3.0, lambda: other.execute("ROLLBACK"))
    release.start()

    answered = handler.issue(deposit())

    assert (answered.status, answered.attempts) == ("done", 1)
    counts = store.beside.commands.counts()
    assert counts == {"done": 2}  # nobody was refused, nothing failed
    release.join()
    other.close()


def test_what_an_old_view_allows_is_judged_again_by_the_handler(
    handler: CommandHandler, store: SqliteStore
) -> None:
    seen = store.head()
    handler.issue(issued("CloseAccount", {"accountId": "1", "reason": "moved away"}))
    offers = Offers(store, bundled_models())
    stale, fresh = (
        next(it for it in offers.of_stream("account-1", at) if it.command == "PerformDeposit")
        for at in (seen, store.head())
    )

    answered = handler.issue(deposit())

    assert stale.reason == ""  # the button is enabled
    assert "moved away" in fresh.reason
    assert refusal(answered).rule == "account is open"


def test_a_closed_account_is_told_with_its_reason_and_still_reads(handler: CommandHandler) -> None:
    handler.issue(issued("CloseAccount", {"accountId": "1", "reason": "moved away"}))

    answered = handler.issue(deposit())

    assert refusal(answered).rule == "account is open"
    assert "moved away" in refusal(answered).reason
    assert handler.state_of("account-1")[0].owner == "John Doe"


def test_a_reader_of_the_store_may_not_act(handler: CommandHandler, store: SqliteStore) -> None:
    head = store.head()

    answered = handler.issue(deposit(roles=("read only",)))

    assert refusal(answered).rule == "authorisation"
    assert store.head() == head


def test_commands_and_outcomes_refuse_to_be_changed(
    handler: CommandHandler, store: SqliteStore
) -> None:
    db = sqlite3.connect(store.place.path)
    for statement in (
        "UPDATE commands SET actor = 'somebody'",
        "DELETE FROM command_outcomes",
        "INSERT OR REPLACE INTO commands SELECT * FROM commands",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.execute(statement)
    db.close()
    assert handler.issue(deposit()).status == "done"
