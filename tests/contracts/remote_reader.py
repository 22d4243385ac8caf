"""What every event store on a server that is read must do, whoever writes there.

The tests of a kind subclass RemoteReaderContract and supply `opened`, a store, empty at first, each
call another connection to the same one; and `write`, which appends to a stream as many events as
told in one transaction, from any thread. `named` is a stream's name as that kind has it.
"""

import threading
from collections.abc import Callable, Iterator

import pytest
from msgspec import structs

from store.errors import Cancelled
from store.remote.errors import RemoteReplaced
from store.remote.interface import RemoteEvent, RemoteReader

Opened = Callable[[], RemoteReader]
Write = Callable[[str, int], None]
Named = Callable[[str], str]
EACH = 10
PATIENCE_S = 60.0


def everything(
    reader: RemoteReader, after: str | None = None, *, limit: int = 7
) -> list[RemoteEvent]:
    """By pages, from a cursor to the end."""
    found = list[RemoteEvent]()
    while page := reader.page(after, limit=limit):
        found += page
        after = page[-1].cursor
    return found


class RemoteReaderContract:
    @pytest.fixture
    def opened(self) -> Iterator[Opened]:
        raise NotImplementedError

    @pytest.fixture
    def write(self) -> Write:
        raise NotImplementedError

    @pytest.fixture
    def named(self) -> Named:
        return str

    @pytest.fixture
    def reader(self, opened: Opened) -> RemoteReader:
        return opened()

    def test_a_store_without_events_has_no_head(self, reader: RemoteReader, named: Named) -> None:
        nothing = (reader.head(), list(reader.page(None)), list(reader.stream(named("s"))))

        assert nothing == (None, [], [])
        assert (reader.version(named("s")), reader.distance(None)) in ((0, 0), (0, None))

    def test_events_are_read_in_the_order_in_which_they_were_written(
        self, reader: RemoteReader, write: Write, named: Named
    ) -> None:
        for stream, many in (("a", 2), ("b", 1), ("a", 1)):
            write(stream, many)

        found = everything(reader)

        wanted = [("a", 1), ("a", 2), ("b", 1), ("a", 3)]
        assert [(it.stream, it.version) for it in found] == [(named(it), n) for it, n in wanted]
        assert (found[-1].cursor, reader.version(named("a"))) == (reader.head(), 3)

    def test_reading_goes_on_behind_every_cursor(self, reader: RemoteReader, write: Write) -> None:
        for n in range(23):
            write(f"s-{n % 3}", 1)
        whole = everything(reader)

        assert len({it.cursor for it in whole}) == len({it.event.id for it in whole}) == 23
        for at, it in enumerate(whole):
            assert everything(reader, it.cursor, limit=5) == whole[at + 1 :]
            assert reader.distance(it.cursor) in (None, 22 - at)

    def test_part_of_a_stream_is_read(
        self, reader: RemoteReader, write: Write, named: Named
    ) -> None:
        write("a", 4)
        write("b", 1)

        found = list(reader.stream(named("a"), after=1))

        assert [it.version for it in found] == [2, 3, 4]
        whole = [it for it in everything(reader) if it.stream == named("a")][1:]
        if not any(it.cursor for it in found):  # a stream does not say how far all was read
            whole = [structs.replace(it, cursor="") for it in whole]
        assert found == whole
        assert list(reader.stream(named("a"), after=9)) == []

    def test_a_cursor_that_another_store_gave_is_refused(
        self, reader: RemoteReader, write: Write
    ) -> None:
        write("a", 1)

        for strange in ("999999:not-there", "1:another", "no cursor"):
            with pytest.raises(RemoteReplaced):
                reader.page(strange)

    def test_a_reader_passes_by_nothing_while_others_write(
        self, opened: Opened, write: Write
    ) -> None:
        reader = opened()

        def fill(stream: str) -> None:
            for _ in range(EACH * 2):
                write(stream, 2)

        threads = [threading.Thread(target=fill, args=[f"s-{at}"]) for at in range(4)]
        for it in threads:
            it.start()
        seen, after = list[RemoteEvent](), None
        while any(it.is_alive() for it in threads):
            if found := reader.page(after, limit=3):
                seen += found
                after = found[-1].cursor
        for it in threads:
            it.join(PATIENCE_S)
        seen += everything(reader, after)

        for stream in {it.stream for it in seen}:
            assert [it.version for it in seen if it.stream == stream] == list(range(1, 41))
        assert len(seen) == 160

    def test_a_question_or_a_wait_ends_when_it_is_interrupted(self, opened: Opened) -> None:
        reader = opened()
        reader.interrupt()

        with pytest.raises(Cancelled):
            reader.page(None)
        assert list(reader.page(None)) == []

    def test_two_connections_to_a_store_tell_the_same_identity(self, opened: Opened) -> None:
        assert opened().identity() == opened().identity() != ""
