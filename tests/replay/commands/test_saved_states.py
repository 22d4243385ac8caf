"""Who decides on a long stream folds only what came after its newest snapshot, where one is."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import main
from replay.catalog.all_views import all_views
from replay.commands.decide import CommandHandler
from replay.commands.offers import Offers
from replay.commands.saved_states import SavedStates
from replay.commands.undo import undo_of
from replay.snapshots.snapshot_desk import SnapshotDesk
from replay.states.model_set import bundled_models
from replay.views.read_store import ReadStore, discard
from replay.workers.worker_messages import TellState
from replay.workers.worker_process import CommandWorker
from store import json_text
from store.beside.commands import IssuedCommand
from store.events import NewEvent, RecordedEvent
from store.place import Place
from store.sqlite.connect import connect
from store.sqlite.store import SqliteStore, open_store
from tests.replay.answers import refusal
from tests.replay.logs import catch_up, open_runner
from tests.replay.workers.test_worker_process import model_file

ACCOUNT = "account-7"
BEFORE = 300
TAIL = 4


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = open_store(tmp_path / "bank.foldline", create=True)
    created = NewEvent.of("BankAccountCreated", {"id": "7", "owner": "Ada"})
    store.append(ACCOUNT, [created], expected=0)
    deposit(store, BEFORE - 1)
    yield store
    store.close()


@pytest.fixture
def views(store: SqliteStore) -> Iterator[ReadStore]:
    """With a snapshot of the account, and a tail that came after it."""
    views, runner = open_runner(store.reader(), all_views())
    catch_up(runner)
    assert SnapshotDesk(views.db, store.reader()).create([ACCOUNT]) == 1
    deposit(store, TAIL)
    yield views
    views.close()


@pytest.fixture
def saved(store: SqliteStore) -> Iterator[SavedStates]:
    saved = SavedStates(store.place)
    yield saved
    saved.close()


@pytest.fixture
def read(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> list[RecordedEvent]:
    """The events of streams that are read from now on."""
    seen: list[RecordedEvent] = []
    plain = store.read_stream

    def noted(*arguments: Any, **more: Any) -> Iterator[RecordedEvent]:
        for event in plain(*arguments, **more):
            seen.append(event)
            yield event

    monkeypatch.setattr(store, "read_stream", noted)
    return seen


def deposit(store: SqliteStore, count: int) -> None:
    data = {"accountId": "7", "amount": 1, "reference": "x"}
    store.append(
        ACCOUNT, [NewEvent.of("DepositPerformed", data) for _ in range(count)], expected=None
    )


def withdrawal(amount: str, number: int = 1) -> IssuedCommand:
    data = json_text.encode({"accountNumber": "7", "amount": Decimal(amount)})
    id_ = f"00000000-0000-4000-8000-{number:012}"
    return IssuedCommand(
        id=id_,
        type="PerformWithdrawal",
        stream="",
        data_json=data,
        actor="ada",
        roles=(),
        expected=None,
        issued_at_us=1,
        due_at_us=1,
        expires_at_us=None,
        causation_id=None,
        correlation_id=id_,
    )


def test_the_first_command_on_a_stream_folds_its_tail_alone(
    store: SqliteStore, views: ReadStore, saved: SavedStates, read: list[RecordedEvent]
) -> None:
    handler = CommandHandler(store, bundled_models(), saved=saved)

    answered = handler.issue(withdrawal("803"))  # 303 there, 500 allowed below

    assert (answered.status, answered.version) == ("done", BEFORE + TAIL + 1)
    assert len(read) == TAIL
    refused = handler.issue(withdrawal("0.01", 2))
    assert refusal(refused).rule == "overdraft limit"


def test_a_preview_and_an_undo_use_it_too(
    store: SqliteStore, views: ReadStore, saved: SavedStates, read: list[RecordedEvent]
) -> None:
    preview = Offers(store, bundled_models(), saved=saved).preview(withdrawal("803"), store.head())
    seen = len(read)
    undo = undo_of(store, bundled_models(), store.head(), saved=saved)

    assert (preview.before["balance"], preview.after["balance"]) == (Decimal(303), Decimal(-500))
    assert type(undo).__name__ == "PerformWithdrawal"
    assert seen <= TAIL + 1
    assert len(read) <= 2 * (TAIL + 1)


def forget_code(views: ReadStore) -> None:
    views.db.execute("UPDATE snapshots SET definition = 'other'")


def alter(views: ReadStore) -> None:
    views.db.execute("UPDATE snapshots SET state = replace(state, '299', '9999')")


def throw_away(views: ReadStore) -> None:
    views.db.execute("DELETE FROM snapshots")


def damage(views: ReadStore) -> None:
    views.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    views.path.write_bytes(b"rubbish" * 10_000)


def take_the_table(views: ReadStore) -> None:
    views.db.execute("DROP TABLE snapshots")


@pytest.mark.parametrize("harm", [forget_code, alter, throw_away, damage, take_the_table])
def test_without_a_snapshot_of_use_everything_is_folded(
    store: SqliteStore,
    views: ReadStore,
    saved: SavedStates,
    read: list[RecordedEvent],
    harm: Callable[[ReadStore], None],
) -> None:
    harm(views)

    answered = CommandHandler(store, bundled_models(), saved=saved).issue(withdrawal("803"))

    assert answered.status == "done"
    assert len(read) == BEFORE + TAIL


def test_views_that_go_and_come_again_are_noticed(
    store: SqliteStore, views: ReadStore, saved: SavedStates
) -> None:
    models, log = bundled_models(), store.reader()
    bank = next(it for it in models.models if it.name == "bank account")

    there = saved(models.fold(bank), ACCOUNT, log.head())
    discard(log)
    gone = saved(models.fold(bank), ACCOUNT, log.head())
    again, runner = open_runner(log, all_views())
    catch_up(runner)
    SnapshotDesk(again.db, log).create([ACCOUNT])
    back = saved(models.fold(bank), ACCOUNT, log.head())
    again.close()

    assert there is not None
    assert gone is None
    assert back is not None
    assert (there.events, back.events) == (BEFORE, BEFORE + TAIL)


def test_a_model_of_ones_own_has_snapshots_in_the_process_that_runs_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    path, file = tmp_path / "counts.foldline", model_file(tmp_path, "pass")
    store = open_store(path, create=True)
    store.append("counter-1", [NewEvent.of("Counted", {"by": 2}) for _ in range(9)], expected=0)
    head = store.head()
    store.close()
    made = main.main(["snapshots", "create", str(path), "--all", "--own", str(file), "--trust"])
    worker = CommandWorker(Place(path), [file])

    with_it = worker.ask(TellState(stream="counter-1", position=head))
    file.write_text(file.read_text("utf-8").replace("+ event.by", "- event.by"), "utf-8")
    worker.reload([file])
    by_other_code = worker.ask(TellState(stream="counter-1", position=head))
    worker.close()

    assert made == 0
    assert "1 snapshot created" in capsys.readouterr().out
    assert (with_it.basis, with_it.folded, with_it.state) == ("snapshot", 0, {"total": 18})
    assert (by_other_code.basis, by_other_code.state) == ("beginning", {"total": -18})
    assert with_it.previous == {"total": 16}
    views = connect(Place(path).views, read_only=True)
    assert views.execute("SELECT count(*) FROM snapshots").fetchone() == (1,)
    views.close()
