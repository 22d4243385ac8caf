"""Several intents of a form are judged one by one; delinquents are never preferred."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from replay.commands.answered import Answered
from replay.commands.decide import CommandHandler
from replay.commands.intents import issue_each
from replay.commands.offers import Offers
from replay.models.customer import Customer
from replay.states.model_set import bundled_models
from store.sqlite.store import SqliteStore, open_store
from tests.replay.answers import done as outcome_of_done
from tests.replay.answers import refusal
from tests.replay.issued import issued

HISTORY: tuple[tuple[str, dict[str, Any]], ...] = (
    ("RegisterCustomer", {"id": "7", "lastName": "King"}),
    ("ChangeAddress", {"customer": "7", "address": "12 St James's Square"}),
    ("ChangeTitle", {"customer": "7", "title": "Dr"}),
    ("ChangeLastName", {"customer": "7", "lastName": "Noel"}),
    ("RecordMarriage", {"customer": "7"}),
    ("MakeCustomerPreferred", {"customer": "7"}),
    ("ReportDelinquency", {"customer": "7", "reason": "bills"}),
    ("ReportPaidUp", {"customer": "7"}),
)
FIVE = {
    "customer": "7",
    "address": "Elm Street 5",
    "title": "Dr",
    "lastName": "Byron",
    "hasMarried": True,
    "makePreferred": True,
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = open_store(tmp_path / "crm.foldline", create=True)
    yield store
    store.close()


@pytest.fixture
def handler(store: SqliteStore) -> CommandHandler:
    handler = CommandHandler(store, bundled_models())
    done(handler, "RegisterCustomer", id="7", lastName="King")
    return handler


def done(handler: CommandHandler, command: str, **data: Any) -> None:
    assert handler.issue(issued(command, data)).status == "done"


def state(handler: CommandHandler) -> Customer:
    found: Customer = handler.state_of("customer-7")[0]
    return found


def test_of_five_changes_the_stale_one_is_refused_and_four_are_kept(
    handler: CommandHandler,
) -> None:
    form = issued("UpdateCustomer", FIVE, expected=1)
    done(handler, "ReportDelinquency", customer="7", reason="three bills")

    answers = issue_each(handler, form)

    assert [it.status for it in answers] == ["done", "done", "done", "done", "refused"]
    assert refusal(answers[-1]).rule == "preferred pays"
    now = state(handler)
    assert (now.address, now.title, now.last_name, now.is_married) == (
        "Elm Street 5",
        "Dr",
        "Byron",
        True,
    )
    assert (now.is_preferred, now.is_delinquent) == (False, True)


def test_a_form_that_is_sent_again_changes_nothing(
    handler: CommandHandler, store: SqliteStore
) -> None:
    form = issued("UpdateCustomer", FIVE)
    first, head = issue_each(handler, form), store.head()

    again = issue_each(handler, form)

    assert store.head() == head
    assert [_positions(it) for it in again] == [_positions(it) for it in first]
    assert all(it.is_resend for it in again)


def test_a_preview_tells_of_each_intent(handler: CommandHandler, store: SqliteStore) -> None:
    done(handler, "ReportDelinquency", customer="7", reason="three bills")

    found = Offers(store, bundled_models()).preview(issued("UpdateCustomer", FIVE), store.head())

    assert [type_ for type_, _ in found.events] == [
        "CustomerMoved",
        "CustomerTitleChanged",
        "CustomerLastNameChanged",
        "CustomerMarried",
    ]
    assert [(command, rule) for command, rule, _ in found.refused] == [
        ("MakeCustomerPreferred", "preferred pays")
    ]
    assert found.after["lastName"] == "Byron"


@pytest.mark.parametrize("preferred_first", [True, False])
def test_delinquent_and_preferred_end_the_same_whichever_comes_first(
    handler: CommandHandler, preferred_first: bool
) -> None:
    delinquent = issued("ReportDelinquency", {"customer": "7", "reason": "bills"})
    preferred = issued("MakeCustomerPreferred", {"customer": "7"})

    for command in (preferred, delinquent) if preferred_first else (delinquent, preferred):
        handler.issue(command)

    assert (state(handler).is_preferred, state(handler).is_delinquent) == (False, True)


def _positions(it: Answered) -> tuple[int | None, int | None]:
    return outcome_of_done(it).first_position, outcome_of_done(it).last_position
