"""Process managers and timers inside a branch: all goes on there, and nothing is sent."""

from contextlib import closing
from pathlib import Path

from replay.commands.decide import CommandHandler
from replay.commands.gateways import gateways_of
from replay.processes.dispatch import Dispatcher
from store.branches.create import create_branch
from store.branches.store import BranchStore
from store.place import Place
from tests.replay.issued import issued
from tests.replay.processes.lending import DAY_US, Library, loans


def test_messages_of_a_branch_are_told_and_never_tried_or_failed(tmp_path: Path) -> None:
    with closing(Library(tmp_path / "library.foldline")) as library:
        library.dispatcher.start_here()
        library.lend("omoo")
        library.wait(0)
        sent, now = list(library.mail.sent), [library.now_us]
        path = create_branch(library.path, "what-if", fork=2)
        with closing(BranchStore(path)) as store:
            handler = CommandHandler(store, library.models, clock_us=lambda: now[0])
            dispatcher = Dispatcher(
                store,
                handler,
                [loans()],
                gateways=gateways_of(Place(path)),
                clock_us=lambda: now[0],
            )
            with closing(dispatcher):
                dispatcher.start_here()
                handler.issue(issued("Lend", {"book": "moby", "to": "ada"}))
                dispatcher.settle()
                now[0] += DAY_US
                dispatcher.settle()
            types = [it.type for it in store.read_stream("loan-moby")]
            told = [(it.status, it.answer) for _, it in store.beside.outbox.latest(limit=9) if it]
            failures = store.beside.retries.open()

        assert types == ["LoanOpened", "Reminded"]
        assert told == [("withdrawn", "nothing is sent from a branch")] * 2
        assert failures == []
        assert library.mail.sent == sent
