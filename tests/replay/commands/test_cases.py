"""Decisions saved as tests: they hold, they break readably, and they leave as a pytest file."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from replay.commands import cases
from replay.commands.decide import CommandHandler
from replay.models import bank_account
from replay.own.user_models import bundled_and_own, digest
from replay.states.model_set import ModelSet, bundled_models
from replay.typed_model import TypedModel
from store.sqlite.store import SqliteStore, open_store
from tests.replay.commands.test_declared_rows import MODEL as NOTES
from tests.replay.conference_office import Office
from tests.replay.issued import issued
from tests.replay.models.test_ships import Fleet, by_way_of_canada
from tests.replay.workers.test_worker_process import model_file

NOW_US = 1_772_000_000_000_000
ROOT = Path(__file__).parents[3]
ROW = {"event_count": 3}


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
    path = cases.cases_file(store.place)
    cases.add(store.place, withdrawal(store, "4.50"))
    cases.add(store.place, withdrawal(store, "600"))

    taken, refused = cases.load(path)

    assert [cases.run(it, bundled_models()) for it in (taken, refused)] == ["", ""]
    assert refused.refusal == "overdraft limit"
    assert cases.run(taken, changed_rules()) == "[0].data.amount: was 4.50, now 1"
    told = 'was refused by rule "overdraft limit"; now not refused'
    assert cases.run(refused, changed_rules()) == told


def test_the_given_are_the_events_up_to_the_cursor(store: SqliteStore) -> None:
    case = withdrawal(store, "5", position=1)

    assert [it["type"] for it in case.given] == ["BankAccountCreated"]
    assert case.then[0]["type"] == "WithdrawalPerformed"


def test_a_case_of_several_streams_holds_with_its_time_and_ids(tmp_path: Path) -> None:
    office = Office(tmp_path / "conference.foldline")
    lines = [{"seatType": "general", "quantity": 2}]
    command = issued(
        "RegisterToConference", {"orderId": "o1", "conferenceId": "conf", "seats": lines}
    )
    head = office.store.head()
    case = cases.case_of(office.store, bundled_models(), command, position=head, now_us=NOW_US)
    office.close()

    assert [it["type"] for it in case.then] == ["OrderPlaced", "OrderTotalsCalculated"]
    assert cases.run(case, bundled_models()) == ""


def test_exported_cases_are_a_pytest_file_that_passes(store: SqliteStore, tmp_path: Path) -> None:
    found = [withdrawal(store, "4.50"), withdrawal(store, "600")]
    path = tmp_path / "test_saved.py"
    path.write_text(cases.as_pytest(found, source="bank.foldline"), "utf-8")

    assert "2 passed" in pytest_says(path)


def pytest_says(path: Path) -> str:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-c",
            "/dev/null",
            "--rootdir",
            str(path.parent),
            str(path),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
    )
    return done.stdout


def test_the_selected_events_are_the_given(store: SqliteStore) -> None:
    handler = CommandHandler(store, bundled_models())
    handler.issue(issued("PerformDeposit", {"accountNumber": "1", "amount": 600}))
    handler.issue(issued("OpenAccount", {"id": "2", "owner": "Bo"}))
    command = issued("PerformWithdrawal", {"accountNumber": "1", "amount": 700})

    def case(selected: tuple[int, int] | None) -> cases.Case:
        models = bundled_models()
        return cases.case_of(store, models, command, position=4, now_us=NOW_US, selected=selected)

    whole, first_two = case(None), case((1, 2))

    assert (len(whole.given), whole.refusal) == (3, "")
    assert (len(first_two.given), first_two.refusal) == (2, "overdraft limit")
    assert cases.run(first_two, bundled_models()) == ""
    assert case((2, 2)).refusal == "account exists"  # it was never opened, as far as is given


def test_linked_events_are_given_with_their_links(tmp_path: Path) -> None:
    """What the cargo has seen is in the streams of the ships that carried it."""
    models = bundled_models()
    fleet = Fleet(tmp_path / "ships.foldline", models)
    by_way_of_canada(fleet)
    command = issued("LoadCargo", {"ship": "king-roy", "cargo": "refact", "occurred": "2005-11-06"})
    head = fleet.store.head()
    case = cases.case_of(fleet.store, models, command, position=head, now_us=NOW_US)
    fleet.store.close()

    assert case.then[0]["data"]["aboard"]["refact"]["hasBeenInCanada"] is True
    assert cases.run(case, models) == ""


def test_a_case_that_read_a_view_holds_without_it(tmp_path: Path) -> None:
    store = open_store(tmp_path / "notes.foldline", create=True)
    handler = CommandHandler(store, ModelSet([NOTES]), read_row=lambda _view, _key: (ROW, 7))
    handler.issue(issued("Note", {"of": "note-1"}))
    command = issued("Note", {"of": "note-1"})

    case = cases.case_of(
        store,
        ModelSet([NOTES]),
        command,
        position=1,
        now_us=NOW_US,
        row=lambda _view, _key: (ROW, 7),
    )
    path = cases.cases_file(store.place)
    cases.add(store.place, case)
    store.close()

    (kept,) = cases.load(path)
    assert kept.then[0]["data"] == {"seen": 3}
    assert cases.run(kept, ModelSet([NOTES])) == ""
    assert "holds no row" in cases.run(replace(kept, rows=()), ModelSet([NOTES]))


def test_exported_cases_of_a_model_of_ones_own_load_it_as_it_was(tmp_path: Path) -> None:
    model = model_file(tmp_path, "pass")
    models = bundled_and_own({str(model): digest(model)})
    store = open_store(tmp_path / "counts.foldline", create=True)
    case = cases.case_of(store, models, issued("Count", {"by": 2}), position=0, now_us=NOW_US)
    store.close()
    path = tmp_path / "test_saved.py"
    path.write_text(cases.as_pytest([case], source="x", model_files=[model]), "utf-8")

    assert "1 passed" in pytest_says(path)

    model.write_text(model.read_text("utf-8") + "\n# another rule\n", "utf-8")
    assert "the file has changed since it was trusted" in pytest_says(path)
