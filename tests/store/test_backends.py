"""Every backend keeps the contract; none may opt out."""

from pathlib import Path

import pytest

from store.backend import backend_of, backends
from store.opening import reading
from store.sqlite.store import open_store
from tests.contracts.event_store import contracts


def test_every_backend_has_its_contract() -> None:
    assert backends().keys() == contracts().keys()


@pytest.mark.parametrize("scheme", sorted(backends()))
def test_a_backend_opens_what_its_contract_is_kept_by(scheme: str, tmp_path: Path) -> None:
    backend, address = backends()[scheme], contracts()[scheme].address(tmp_path)
    store = backend.open_store(address)
    reader = backend.open_reader(address)

    assert type(store) is contracts()[scheme].keeps
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
