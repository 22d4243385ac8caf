"""Decisions saved as tests: they hold, they break readably, and they leave as a pytest file."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from replay import cases
from replay.decide import CommandHandler
from replay.model_set import ModelSet, bundled_models
from replay.models import bank_account
from replay.typed_model import TypedModel
from store.backends.sqlite import SqliteStore, open_store
from tests.replay.conference_office import Office
from tests.replay.issued import issued

NOW_US = 1_772_000_000_000_000
ROOT = Path(__file__).parents[2]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = open_store(tmp_path / "bank.foldline", create=True)
    handler = CommandHandler(store, bundled_models())
    handler.issue(issued("OpenAccount", {"id": "1", "owner": "Ada"}))
    handler.issue(issued("PerformDeposit", {"accountNumber": "1", "amount": Decimal("10.00")}))
    yield store
    store.close()


def withdrawal(store: SqliteStore, amount: str, *, position: int = 2) -> cases.Case:
    command = issued("PerformWithdrawal", {"accountNumber": "1", "amount": Decimal(amount)})
    return cases.case_of(store, bundled_models(), command, position=position, now_us=NOW_US)


def without_a_limit(_account: object, command: object, _situation: object) -> object:
    return [bank_account.WithdrawalPerformed(account_id="1", amount=Decimal(1))]


def changed_rules() -> ModelSet:
    model: TypedModel[bank_account.Account] = replace(
        bank_account.MODEL,
        decide=without_a_limit,  # type: ignore[arg-type]
    )
    return ModelSet([model])


def test_a_saved_case_holds_until_the_rule_changes(store: SqliteStore, tmp_path: Path) -> None:
    path = cases.cases_file(store.path)
    cases.add(path, withdrawal(store, "4.50"))
    cases.add(path, withdrawal(store, "600"))

    taken, refused = cases.load(path)

    assert [cases.run(it, bundled_models()) for it in (taken, refused)] == ["", ""]
    assert refused.refusal == "overdraft limit"
    assert cases.run(taken, changed_rules()) == "[0].data.amount: was 4.50, is 1"
    assert "was 'overdraft limit', is 'no refusal'" in cases.run(refused, changed_rules())


def test_the_given_are_the_events_up_to_the_cursor(store: SqliteStore) -> None:
    case = withdrawal(store, "5", position=1)

    assert [it["type"] for it in case.given] == ["BankAccountCreated"]
    assert case.then[0]["type"] == "WithdrawalPerformed"


def test_a_case_of_several_streams_holds_with_its_time_and_ids(tmp_path: Path) -> None:
    office = Office(tmp_path / "conference.foldline")
    lines = [{"seatType": "general", "quantity": 2}]
    command = issued("RegisterToConference",
                     {"orderId": "o1", "conferenceId": "conf", "seats": lines})  # fmt: skip
    head = office.store.head()
    case = cases.case_of(office.store, bundled_models(), command, position=head, now_us=NOW_US)
    office.close()

    assert [it["type"] for it in case.then] == ["OrderPlaced", "OrderTotalsCalculated"]
    assert cases.run(case, bundled_models()) == ""


def test_exported_cases_are_a_pytest_file_that_passes(store: SqliteStore, tmp_path: Path) -> None:
    found = [withdrawal(store, "4.50"), withdrawal(store, "600")]
    path = tmp_path / "test_saved.py"
    path.write_text(cases.as_pytest(found, source="bank.foldline"), "utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null",
         "--rootdir", str(tmp_path), str(path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip

    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout
