"""Commands in the mirror of a store on a server: recorded there, once, and settled here."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from replay.commands import remote_recorder
from replay.commands.decide import CommandHandler
from replay.commands.recorder import recorder_of
from replay.commands.remote_recorder import NotBackYet
from replay.correcting.asked import Asked
from replay.correcting.commit import commit
from replay.correcting.errors import CannotCorrect
from replay.correcting.proposal import By, proposed
from replay.states.model_set import bundled_models
from replay.states.stream_states import StreamStates
from store.beside.commands import IssuedCommand
from store.beside.outcomes import Done
from store.branches.create import create_branch
from store.branches.store import BranchStore
from store.events import NewEvent
from store.interface import CommandStore
from store.opening import open_store
from store.remote import kind
from store.remote.address import address_of
from store.remote.errors import MirrorOfServer, OnlyRead, OutcomeUnknown, Unreachable
from store.remote.interface import PAGE, RemoteAppended, RemoteEvent
from store.remote.mirroring import mirror_remote
from store.remote.origin import origin_of, require_no_mirror
from tests.replay.answers import conflict, done, refusal
from tests.replay.issued import issued
from tests.store.remote.memory_remote import ADDRESS, MemoryRemote, Server, memory_kind

Kinds = Callable[[Callable[[Server], MemoryRemote]], None]


@pytest.fixture
def server() -> Server:
    """With an account that holds 100."""
    server = Server()
    opened = NewEvent.of("BankAccountCreated", {"id": "1", "owner": "John Doe"})
    write(server, "account-1", opened, deposited(100))
    return server


@pytest.fixture
def kinds(monkeypatch: pytest.MonkeyPatch, server: Server) -> Kinds:
    def put(opened: Callable[[Server], MemoryRemote] = MemoryRemote) -> None:
        monkeypatch.setattr(kind, "kinds", lambda: (memory_kind(server, opened),))

    put()
    return put


@pytest.fixture
def store(tmp_path: Path, kinds: Kinds) -> Iterator[CommandStore]:
    """A mirror of the server, as of then."""
    path = tmp_path / "bank.foldline"
    mirror_remote(address_of(ADDRESS), into=path, is_endless=False)
    store = open_store(path)
    yield store
    store.close()


def write(server: Server, stream: str, *events: NewEvent) -> None:
    MemoryRemote(server).append(stream, events, expected=None)


def deposited(amount: int) -> NewEvent:
    return NewEvent.of("DepositPerformed", {"accountId": "1", "amount": amount})


def handler_of(store: CommandStore) -> CommandHandler:
    models = bundled_models()
    return CommandHandler(store, models, recorder=recorder_of(store, models))


def withdrawal(amount: str, **facts: object) -> IssuedCommand:
    data = {"accountNumber": "1", "amount": Decimal(amount)}
    return issued("PerformWithdrawal", data, **facts)  # type: ignore[arg-type]


def same_events(server: Server, store: CommandStore) -> bool:
    here = [(it.stream, it.version, it.id, it.data_json) for it in store.read()]
    there = [(it.stream, it.version, it.event.id, it.event.data_json) for it in server.events]
    return here == there


def test_events_are_recorded_at_the_server_and_the_command_points_to_them_here(
    server: Server, store: CommandStore
) -> None:
    handler = handler_of(store)

    answered = handler.issue(withdrawal("5", id_="w-1"))

    (event,) = handler.events_of(answered)
    assert (event.type, event.version, event.metadata["command_id"]) == (
        "WithdrawalPerformed",
        3,
        "w-1",
    )
    assert server.events[-1].event.id == event.id
    assert same_events(server, store)
    _, outcome = store.beside.commands.find("w-1")
    assert isinstance(outcome, Done)
    assert (outcome.first_position, outcome.last_position) == (3, 3)


def test_a_mirror_goes_on_behind_commands(server: Server, store: CommandStore) -> None:
    handler_of(store).issue(withdrawal("5"))
    write(server, "account-1", deposited(7))

    counts = mirror_remote(address_of(ADDRESS), into=store.place.path, is_endless=False)

    assert counts.stored == 1
    assert same_events(server, store)


def test_what_the_server_got_meanwhile_is_decided_on(server: Server, store: CommandStore) -> None:
    handler = handler_of(store)
    handler.issue(withdrawal("5"))
    write(
        server, "account-1", NewEvent.of("WithdrawalPerformed", {"accountId": "1", "amount": 590})
    )

    answered = handler.issue(withdrawal("50"))

    assert refusal(answered).rule == "overdraft limit"
    assert same_events(server, store)


def test_a_conflict_looks_as_it_does_in_a_local_store(server: Server, store: CommandStore) -> None:
    write(server, "account-1", deposited(7))

    answered = conflict(handler_of(store).issue(withdrawal("5", expected=2)))

    assert answered.version == 3
    assert [it.data for it in answered.between] == [{"accountId": "1", "amount": 7}]
    assert same_events(server, store)


class Overtaken(MemoryRemote):
    """Somebody else appends just before the first append of ours."""

    def append(
        self, stream: str, events: Sequence[NewEvent], *, expected: int | None
    ) -> RemoteAppended:
        if not any("overtook" in it.event.metadata_json for it in self._server.events):
            other = NewEvent.of(
                "DepositPerformed", {"accountId": "1", "amount": 1}, {"overtook": 1}
            )
            super().append(stream, [other], expected=None)
        return super().append(stream, events, expected=expected)


def test_a_stream_that_moved_on_before_the_append_is_decided_on_again(
    server: Server, store: CommandStore, kinds: Kinds
) -> None:
    kinds(Overtaken)

    answered = handler_of(store).issue(withdrawal("5"))

    assert (answered.status, answered.attempts) == ("done", 2)
    assert [it.event.type for it in server.events[2:]] == [
        "DepositPerformed",
        "WithdrawalPerformed",
    ]
    assert same_events(server, store)


class Unanswered(MemoryRemote):
    """Records, and its answer is lost."""

    def append(
        self, stream: str, events: Sequence[NewEvent], *, expected: int | None
    ) -> RemoteAppended:
        super().append(stream, events, expected=expected)
        raise OutcomeUnknown("it cannot be told", self.address.shown)


def test_an_unknown_outcome_is_said_and_settled_by_the_next_look(
    server: Server, store: CommandStore, kinds: Kinds
) -> None:
    kinds(Unanswered)
    with pytest.raises(OutcomeUnknown, match="it cannot be told"):
        handler_of(store).issue(withdrawal("5", id_="w-1"))
    assert store.beside.commands.outcome_of("w-1") is None
    kinds(MemoryRemote)

    again = handler_of(store).issue(withdrawal("5", id_="w-1"))

    assert (again.is_resend, done(again).first_position) == (True, 3)
    assert len(server.events) == 3
    assert same_events(server, store)


def test_a_server_that_cannot_be_reached_leaves_nothing_half_done(
    server: Server, store: CommandStore
) -> None:
    handler = handler_of(store)
    server.is_down = True
    with pytest.raises(Unreachable, match="nobody answers"):
        handler.issue(withdrawal("5", id_="w-1"))
    server.is_down = False
    assert (len(server.events), store.head()) == (2, 2)

    assert handler.issue(withdrawal("5", id_="w-1")).status == "done"
    assert same_events(server, store)


def test_a_store_that_is_only_read_says_so_and_nothing_is_recorded(
    server: Server, store: CommandStore, kinds: Kinds
) -> None:
    def refused(_server: Server) -> MemoryRemote:
        raise OnlyRead("the store belongs to Marten and is only read", "memory://here/list")

    kinds(refused)

    with pytest.raises(OnlyRead, match="only read"):
        handler_of(store).issue(withdrawal("5"))
    assert (len(server.events), store.head()) == (2, 2)


def test_a_death_between_the_server_and_here_is_mended_by_the_next_command(
    server: Server, store: CommandStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the process is killed: nothing is done here after the append."""
    handler = handler_of(store)
    looks = iter([mirror_remote])

    def once(*given: object, **ways: object) -> object:
        for it in looks:
            return it(*given, **ways)  # type: ignore[arg-type]
        raise SystemExit

    monkeypatch.setattr(remote_recorder, "mirror_remote", once)
    with pytest.raises(SystemExit):
        handler.issue(withdrawal("5", id_="w-1"))
    monkeypatch.undo()
    monkeypatch.setattr(kind, "kinds", lambda: (memory_kind(server),))
    assert store.beside.commands.outcome_of("w-1") is None

    handler_of(store).issue(withdrawal("6", id_="w-2"))

    assert isinstance(store.beside.commands.outcome_of("w-1"), Done)
    assert len(server.events) == 4
    assert same_events(server, store)


class Dying(MemoryRemote):
    """The process ends before anything is sent."""

    def append(self, *_given: object, **_ways: object) -> RemoteAppended:
        raise SystemExit


@pytest.mark.parametrize("status", ["done", "refused"])
def test_a_command_that_was_not_sent_any_more_can_be_sent_again(
    server: Server, store: CommandStore, kinds: Kinds, status: str
) -> None:
    kinds(Dying)
    command = withdrawal("5", id_="w-1")
    with pytest.raises(SystemExit):
        handler_of(store).issue(command)
    kinds(MemoryRemote)
    if status == "refused":
        write(
            server,
            "account-1",
            NewEvent.of("WithdrawalPerformed", {"accountId": "1", "amount": 599}),
        )

    assert handler_of(store).issue(command).status == status
    assert store.beside.commands.counts() == {status: 1}
    assert same_events(server, store)


def test_events_that_have_not_come_back_are_told(
    store: CommandStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote_recorder, "mirror_remote", lambda *_it, **_ways: None)

    with pytest.raises(NotBackYet, match="have not come back"):
        handler_of(store).issue(withdrawal("5"))


def test_a_mirror_knows_where_it_came_from_and_records_nothing_for_itself(
    store: CommandStore, tmp_path: Path
) -> None:
    origin = origin_of(store.place.path)

    assert origin is not None
    assert (origin.address, origin.feed) == ("memory://somebody@here/list", "memory:memory-1")
    with pytest.raises(MirrorOfServer):
        require_no_mirror(store.place.path)
    own = tmp_path / "own.foldline"
    open_store(own, create=True).close()
    assert origin_of(own) is None


def test_a_correction_in_a_mirror_is_refused_and_only_previewed(store: CommandStore) -> None:
    asked, by = Asked(position=2, kind="rejected"), By(actor="ada", reason="")
    head = store.head()

    assert proposed(store, StreamStates(), asked, by).sides
    with pytest.raises(CannotCorrect, match="mirrors a server: memory://"):
        commit(store, StreamStates, asked, by, partly=True)

    assert store.head() == head


def test_a_branch_of_a_mirror_is_corrected_by_itself(store: CommandStore) -> None:
    asked, by = Asked(position=2, kind="rejected"), By(actor="ada", reason="")
    head = store.head()
    path = create_branch(store.place.path, "fix", fork=head)

    with closing(BranchStore(path)) as branch:
        done_there = commit(branch, StreamStates, asked, by, partly=True)
        assert done_there.positions
        assert branch.head() == head + len(done_there.positions)

    assert store.head() == head


def test_commands_share_one_connection_and_another_one_follows_where_it_was_lost(
    server: Server, store: CommandStore, kinds: Kinds
) -> None:
    opened = list[MemoryRemote]()

    class Lost(MemoryRemote):
        def page(self, after: str | None, *, limit: int = PAGE) -> Sequence[RemoteEvent]:
            if len(opened) == 1 and len(server.events) == 4:
                raise Unreachable("the server cannot be reached", ADDRESS)
            return super().page(after, limit=limit)

    def open_one(server: Server) -> MemoryRemote:
        opened.append(Lost(server))
        return opened[-1]

    kinds(open_one)
    handler = handler_of(store)
    handler.issue(withdrawal("5"))
    assert len(opened) == 1

    with pytest.raises(Unreachable):
        handler.issue(withdrawal("6", id_="w-2"))
    assert handler.issue(withdrawal("6", id_="w-2")).is_resend

    assert len(opened) == 2
    assert same_events(server, store)
