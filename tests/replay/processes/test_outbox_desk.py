"""A person corrects or withdraws what is not sent yet; the verb does the same."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from replay import command_line
from replay.commands.decide import CommandHandler
from replay.commands.gateways import gateways_of
from replay.processes.deliveries import Deliveries
from replay.processes.outbox_desk import (
    NoMessage,
    NoReason,
    NotWaiting,
    OutboxDesk,
    WrongPayload,
)
from replay.states.model_set import bundled_models
from store.sqlite.store import SqliteStore, open_store
from tests.replay.issued import issued

MAIL = {"mailId": "m1", "to": "ada@example.org", "subject": "Hello", "text": "Dear Ada"}
BETTER = '{"to":"bob@example.org","subject":"Hello"}'


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = open_store(tmp_path / "mail.foldline", create=True)
    CommandHandler(store, bundled_models(), clock_us=lambda: 0).issue(issued("RequestMail", MAIL))
    yield store
    store.close()


@pytest.fixture
def desk(store: SqliteStore) -> OutboxDesk:
    deliveries = Deliveries(store, gateways_of(store.place), clock_us=lambda: 1)
    return OutboxDesk(store, deliveries, clock_us=lambda: 1)


def test_a_held_message_is_corrected_and_the_new_one_is_held_as_long(desk: OutboxDesk) -> None:
    (held,) = desk.messages()
    assert held.status == "held"

    new_id = desk.correct(held.id, BETTER)

    corrected, first = desk.messages()
    assert (corrected.id, corrected.status, corrected.payload) == (new_id, "held", BETTER)
    assert corrected.release_at == held.release_at
    assert (first.status, first.answer) == ("withdrawn", "corrected")


def test_what_is_withdrawn_cannot_be_corrected_and_says_so(desk: OutboxDesk) -> None:
    (held,) = desk.messages()
    desk.withdraw(held.id, "nobody asked")

    with pytest.raises(NotWaiting, match="was withdrawn already"):
        desk.correct(held.id, BETTER)
    with pytest.raises(NotWaiting):
        desk.withdraw(held.id, "again")
    assert [it.answer for it in desk.messages()] == ["nobody asked"]


@pytest.mark.parametrize("payload", ["", "{", "to: ada"])
def test_a_correction_that_is_no_json_changes_nothing(desk: OutboxDesk, payload: str) -> None:
    (held,) = desk.messages()

    with pytest.raises(WrongPayload):
        desk.correct(held.id, payload)

    assert desk.messages() == (held,)


def test_a_message_is_withdrawn_by_its_id_for_a_reason(desk: OutboxDesk) -> None:
    (held,) = desk.messages()
    with pytest.raises(NoMessage):
        desk.withdraw("nobody", "why")
    with pytest.raises(NoReason):
        desk.withdraw(held.id, " ")


def test_the_outbox_is_listed_and_corrected_on_the_command_line(
    store: SqliteStore, capsys: pytest.CaptureFixture[str]
) -> None:
    path = store.place.path

    def run(*words: str) -> tuple[int, str, str]:
        code = command_line.run([*words])
        told = capsys.readouterr()
        return code, told.out, told.err

    _, out, _ = run("outbox", str(path), "--json")
    (held,) = json.loads(out)
    code, out, _ = run("outbox", str(path), "--correct", held["id"], "--payload", BETTER)

    assert code == 0
    assert [it.split()[1] for it in out.splitlines()[1:3]] == ["waiting", "withdrawn"]
    code, _, err = run("outbox", str(path), "--withdraw", held["id"], "--why", "late")
    assert code == 1
    assert f"the message {held['id']} was withdrawn already" in err
