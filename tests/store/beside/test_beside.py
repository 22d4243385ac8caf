"""What stands beside the events: written in the writer's transaction, read by any reader."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.beside.answers import Answer
from store.beside.commands import AlreadyIssued, IdTaken, IssuedCommand
from store.beside.outbox import Delivery, Message
from store.beside.outcomes import Done
from store.errors import StoreBusy
from store.events import ANY_VERSION, NewEvent
from store.memory import MemoryStore
from store.query import EventQuery
from store.sqlite.store import SqliteStore, open_store
from store.sqlite.writer import Writer


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = open_store(tmp_path / "log.foldline", create=True)
    yield store
    store.close()


def buy(id_: str, *, data: str = "{}") -> IssuedCommand:
    return IssuedCommand(
        id=id_,
        type="Buy",
        stream="cart-1",
        data_json=data,
        actor="ada",
        roles=("clerk",),
        expected=3,
        issued_at_us=1,
        due_at_us=1,
        expires_at_us=None,
        causation_id=None,
        correlation_id=id_,
    )


def done(command_id: str) -> Done:
    return Done(
        command_id=command_id,
        first_position=1,
        last_position=1,
        attempts=1,
        decided_at_us=5,
    )


def test_a_reader_sees_what_a_writer_has_committed(store: SqliteStore) -> None:
    store.submit(lambda writer: writer.beside.commands.add([buy("a"), buy("b")])).result()
    store.submit(lambda writer: writer.beside.commands.settle(done("a"))).result()

    commands = store.beside.commands
    assert commands.find("a") == (buy("a"), done("a"))
    assert [it.id for it in commands.pending()] == ["b"]
    assert [(it.id, outcome) for it, outcome in commands.latest(limit=9)] == [
        ("b", None),
        ("a", done("a")),
    ]
    assert [it.id for it, _ in commands.done(after=0, until=1)] == ["a"]
    assert list(commands.done(after=1)) == []


def test_work_that_fails_leaves_nothing_beside_the_events_either(store: SqliteStore) -> None:
    def work(writer: Writer) -> None:
        writer.append_inside("cart-1", [NewEvent(type="Bought")], expected=ANY_VERSION)
        writer.beside.commands.add([buy("a")])
        writer.beside.processes.hear("billing", 1)
        raise StoreBusy(Path("somewhere"))

    with pytest.raises(StoreBusy):
        store.submit(work).result()

    assert store.head() == 0
    assert store.beside.commands.counts() == {}
    assert store.beside.processes.heard_until("billing") is None


def test_a_writer_reads_what_it_has_written_before_it_commits(store: SqliteStore) -> None:
    def work(writer: Writer) -> tuple[dict[str, int], int]:
        writer.beside.commands.add([buy("a")])
        writer.beside.clock.move(60)
        return writer.beside.commands.counts(), writer.beside.clock.ahead_us()

    assert store.submit(work).result() == ({"pending": 1}, 60)


def test_an_id_is_taken_once_and_may_be_sent_again_after_it_came_to_nothing(
    store: SqliteStore,
) -> None:
    store.submit(lambda writer: writer.beside.commands.add([buy("a")])).result()
    with pytest.raises(AlreadyIssued):
        store.submit(lambda writer: writer.beside.commands.add_again(buy("a"))).result()

    store.submit(
        lambda writer: writer.beside.attempts.note("a", "failed", "no stock", at_us=2)
    ).result()
    store.submit(lambda writer: writer.beside.commands.add_again(buy("a"))).result()
    with pytest.raises(IdTaken):
        store.submit(lambda writer: writer.beside.commands.add_again(buy("a", data="[]"))).result()

    assert store.beside.attempts.is_stopped("a")
    assert [it.reason for it in store.beside.attempts.of(["a", "b"])["a"]] == ["no stock"]


def test_messages_wait_until_they_are_sent(store: SqliteStore) -> None:
    store.append("cart-1", [NewEvent(type="Bought")], expected=ANY_VERSION)
    message = Message(id="m", position=1, gateway="post", payload_json="{}", release_at_us=10)
    failed = Delivery(message_id="m", attempt=1, status="failed", answer="closed", at_us=11)
    sent = Delivery(message_id="m", attempt=2, status="sent", answer="ok", at_us=12)

    store.submit(lambda writer: writer.beside.outbox.add([message])).result()
    assert store.beside.outbox.waiting(9, limit=9) == []
    store.submit(lambda writer: writer.beside.outbox.record(failed)).result()
    assert store.beside.outbox.waiting(10, limit=9) == [message]
    store.submit(lambda writer: writer.beside.outbox.record(sent)).result()

    assert store.beside.outbox.waiting(20, limit=9) == []
    assert store.beside.outbox.latest(limit=9) == [(message, sent)]
    assert store.beside.outbox.attempts("m") == 2
    assert store.beside.outbox.delivery_of("m") == sent
    assert store.beside.outbox.delivery_of("no") is None
    assert store.beside.outbox.told() == {(1, "post")}


def test_answers_are_found_by_what_was_asked_and_by_their_events(store: SqliteStore) -> None:
    store.append("cart-1", [NewEvent(type="Bought", id="e1")], expected=ANY_VERSION)
    store.append("cart-2", [NewEvent(type="Paid", id="e2")], expected=ANY_VERSION)
    answers = [
        Answer(
            event_id=it,
            gateway="pricing",
            request_json="{}",
            answer_json='{"price":5}',
            asked_at_us=at,
        )
        for at, it in enumerate(("e1", "e2"))
    ]
    store.submit(lambda writer: writer.beside.answers.keep(answers)).result()

    kept = store.beside.answers
    assert kept.has("e1", "pricing", "{}")
    assert not kept.has("e1", "pricing", "[]")
    assert kept.to("e2", "pricing", "{}") == {"price": 5}
    assert kept.of_events(EventQuery(types=("Paid",))) == answers[1:]
    assert kept.latest(limit=1) == [(2, "Paid", answers[1])]
    with pytest.raises(LookupError, match="was not asked"):
        kept.to("e1", "pricing", "[]")


def test_a_process_begins_where_the_others_have_come_to(store: SqliteStore) -> None:
    assert store.beside.processes.beginning() == 0

    store.submit(lambda writer: writer.beside.processes.hear("billing", 7)).result()
    store.submit(lambda writer: writer.beside.processes.hear("billing", 9)).result()

    assert store.beside.processes.heard_until("billing") == 9
    assert store.beside.processes.beginning() == 9


def test_nothing_stands_beside_a_log_in_memory() -> None:
    store = MemoryStore()
    store.append("cart-1", [NewEvent(type="Bought", id="e1")], expected=ANY_VERSION)

    beside = store.beside
    assert beside.commands.latest(limit=9) == []
    assert beside.commands.counts() == {}
    assert beside.attempts.of(["a"]) == {}
    assert beside.outbox.told() == set()
    assert beside.answers.of_events() == []
    assert beside.processes.heard_until("billing") is None
    assert beside.clock.ahead_us() == 0
    store.close()
