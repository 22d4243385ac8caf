"""Every backend keeps the contract; none may opt out."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from store.backend import FILE, backend_of, backends
from store.interface import EventStore
from store.memory import MemoryStore
from store.opening import reading
from store.sqlite.store import SqliteStore, open_store
from tests.contracts.event_store import EventStoreContract


class TestMemory(EventStoreContract):
    scheme = "memory"
    keeps = (MemoryStore,)

    @pytest.fixture
    def store(self) -> Iterator[EventStore]:
        store = MemoryStore()
        yield store
        store.close()

    def fresh(self) -> EventStore:
        return MemoryStore()


class TestSqlite(EventStoreContract):
    scheme = "file"
    keeps = (SqliteStore,)

    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[EventStore]:
        store = open_store(tmp_path / "log.foldline", create=True)
        yield store
        store.close()

    def fresh(self) -> EventStore:
        return _Temporary(TemporaryDirectory())


class _Temporary(SqliteStore):
    """A store whose folder goes with it."""

    def __init__(self, folder: "TemporaryDirectory[str]") -> None:
        self._folder = folder
        path = Path(folder.name) / "log.foldline"
        open_store(path, create=True).close()
        super().__init__(path)

    def close(self) -> None:
        super().close()
        self._folder.cleanup()


CONTRACTS = {it.scheme: it for it in (TestMemory, TestSqlite)}


def test_every_backend_has_its_contract() -> None:
    assert backends().keys() == CONTRACTS.keys()


@pytest.mark.parametrize("scheme", sorted(CONTRACTS))
def test_a_backend_opens_what_its_contract_is_kept_by(scheme: str, tmp_path: Path) -> None:
    backend = backends()[scheme]
    store = backend.open_store(_address(scheme, tmp_path / "log.foldline"))
    reader = backend.open_reader(_address(scheme, tmp_path / "log.foldline"))

    assert type(store) in CONTRACTS[scheme].keeps
    assert (store.head(), reader.head()) == (0, 0)
    reader.close()
    store.close()


def test_an_address_is_opened_by_the_backend_of_its_scheme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    open_store(tmp_path / "memory:a.foldline", create=True).close()

    assert backend_of("memory:").scheme == "memory"
    assert backend_of("log.foldline").scheme == "file"
    assert backend_of(r"C:\log.foldline").scheme == "file"
    assert backend_of("memory:a.foldline").scheme == "file"  # such a file is there


def test_what_opens_a_log_does_not_ask_which_backend_keeps_it(tmp_path: Path) -> None:
    open_store(tmp_path / "log.foldline", create=True).close()

    with reading(tmp_path / "log.foldline") as log, reading(Path("memory:")) as other:
        assert (log.head(), other.head()) == (0, 0)
        assert log.store_id() != other.store_id()


def _address(scheme: str, path: Path) -> str:
    return str(path) if scheme == FILE else f"{scheme}:{path.name}"
