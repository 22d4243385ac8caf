"""A broker and a query store that are files of one folder, for more than one process.

The folder is named by FOLDLINE_STAND_INS. A file `broker-down` or `rows-down` in it stands for a
server that nobody can reach; `TOPIC.topic` is a topic, a line for each event in it.
"""

import os
import pickle
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from replay.local_engine import EngineNotInstalled
from store.remote.address import Address
from store.remote.distance import Distance
from store.remote.errors import NotARemote, Unreachable
from store.remote.kind import RemoteKind
from store.remote.published_log import OpenSource
from tests.replay.query_store.memory_store import MemoryQueryStore, Server

FOLDER: Final = "FOLDLINE_STAND_INS"
LOOK_S: Final = 0.05


def stand_ins() -> Path:
    """Where the servers are."""
    return Path(os.environ[FOLDER])


def topic_file(name: str) -> Path:
    """The records of a topic."""
    return stand_ins() / f"{name}.topic"


class FileTopic:
    """store.remote.topics.TopicLook."""

    def __init__(self, address: Address, *, store: str) -> None:  # noqa: ARG002 (there is one)
        self._address = address
        self._file = topic_file(address.shown.rpartition("/")[2])
        self.reached()

    def reached(self) -> int:
        return len(self.lines())

    def lines(self) -> list[str]:
        if (stand_ins() / "broker-down").exists():
            raise Unreachable("the server cannot be reached", self._address.shown)
        if not self._file.exists():
            raise NotARemote(f"there is no topic {self._file.stem}", self._address.shown)
        return self._file.read_text("utf-8").splitlines()

    def write(self, ids: list[str]) -> None:
        with self._file.open("a", encoding="utf-8") as file:
            file.writelines(f"{it}\n" for it in ids)

    def close(self) -> None:
        """Nothing is open."""


def publish(
    open_source: Callable[[], OpenSource],
    address: Address,
    *,
    is_endless: bool,
    is_ended: Callable[[], bool],
    on_published: Callable[[int], None],
    on_distance: Callable[[Distance], None],
) -> int:
    """As store.remote.topics.publish, into a file."""
    topic = FileTopic(address, store="")
    with closing(open_source()) as source:
        last = topic.lines()[-1] if topic.lines() else None
        while not is_ended():
            try:
                found = source.page(last, limit=1_000)
                topic.lines()
                if found:
                    topic.write([it.cursor for it in found])
                    last = found[-1].cursor
                    on_published(len(found))
                    continue
                on_distance(Distance())
            except Unreachable as error:
                on_distance(Distance(events=None, trouble=error.reason))
            if not is_endless:
                break
            time.sleep(LOOK_S)
    return topic.reached()


class FileQueryStore(MemoryQueryStore):
    """Reads the whole file for each question, and writes it after each change."""

    def __init__(self, address: Address) -> None:
        self._file = stand_ins() / "rows.pickle"
        super().__init__(Server(), address)

    def views(self) -> Any:
        self._read()
        return super().views()

    def begin(self, made_of: Any) -> Any:
        return self._changed(super().begin, made_of)

    def write(self, stored: Any, versions: Any) -> Any:
        return self._changed(super().write, stored, versions)

    def note(self, stored: Any, mark: Any) -> Any:
        return self._changed(super().note, stored, mark)

    def show(self, stored: Any) -> Any:
        return self._changed(super().show, stored)

    def claim(self, what: str, holder: str) -> bool:  # noqa: ARG002 (one sink at a time)
        self._read()
        return True

    def release(self, what: str, holder: str) -> None:
        """Nobody waits."""

    def _changed(self, change: Callable[..., Any], *arguments: Any) -> Any:
        self._read()
        done = change(*arguments)
        kept = self._file.with_suffix(".new")
        kept.write_bytes(pickle.dumps((self._server.views, self._server.rows)))
        kept.replace(self._file)
        return done

    def _read(self) -> None:
        if (stand_ins() / "rows-down").exists():
            raise Unreachable("the server cannot be reached", self.address.shown)
        if self._file.exists():
            found = pickle.loads(self._file.read_bytes())
            self._server.views, self._server.rows = found


def open_query_store(address: Address) -> FileQueryStore:
    """As replay.query_store.kind.open_query_store."""
    return FileQueryStore(address)


class StandInEngine:
    """replay.local_engine.LocalEngine: one that cannot be installed has no address."""

    next_step = ""

    def __init__(self, title: str, address: str) -> None:
        self.title, self.address, self.pid = title, address, 0
        self.folder = stand_ins()

    def require_installed(self) -> None:
        if not self.address:
            raise EngineNotInstalled("OpenSearch", "apt-get install default-jdk-headless maven")

    def start(self) -> None:
        self.require_installed()
        self.pid = 1

    def stop(self) -> None:
        """Nothing runs."""


def _no_store(address: Address) -> Any:
    raise NotImplementedError


def _create(address: Address) -> str:
    topic_file(address.shown.rpartition("/")[2]).touch()
    return "topic"


BROKER: Final = RemoteKind(
    schemes=("kafka",),
    title="Kafka",
    extra="kafka",
    open_reader=_no_store,
    open_store=_no_store,
    create=_create,
)
