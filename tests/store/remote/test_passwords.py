"""Where the password of a server comes from, and how the system's keyring keeps one."""

from collections.abc import Iterator
from typing import Any

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail
from keyring.errors import KeyringLocked

from store.remote import passwords
from store.remote.address import address_of
from store.remote.errors import EngineMissing
from store.remote.passwords import (
    VARIABLES,
    NoKeyring,
    keep_password,
    keyring_name,
    password_for,
    remember_password,
)

KAFKA = address_of("kafka://ada@host:9092/orders")


class MemoryKeyring(KeyringBackend):
    """A keyring that is open, or locked."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.is_locked = False

    def get_password(self, service: str, username: str) -> str | None:
        self._require_open()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._require_open()
        self.kept[service, username] = password

    def _require_open(self) -> None:
        if self.is_locked:
            raise KeyringLocked("locked by a test")


@pytest.fixture(autouse=True)
def ring(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryKeyring]:
    monkeypatch.setenv(passwords.VARIABLE, "{}")
    for it in VARIABLES.values():
        monkeypatch.delenv(it, raising=False)
    before, ring = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


def test_a_password_that_is_kept_opens_the_same_server_for_the_same_user_alone(
    ring: MemoryKeyring,
) -> None:
    keep_password(KAFKA, "s3cret")

    assert password_for(address_of("kafka://ada@host:9092/other")) == "s3cret"
    assert password_for(address_of("kafka://bob@host:9092/orders")) is None
    assert password_for(address_of("kafka://ada@elsewhere:9092/orders")) is None
    assert list(ring.kept) == [("foldline", "kafka://ada@host:9092")]


def test_one_that_was_typed_comes_first_then_the_environment_then_the_keyring(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keep_password(KAFKA, "kept")
    assert password_for(KAFKA) == "kept"

    monkeypatch.setenv("KAFKA_PASSWORD", "from the environment")
    assert password_for(KAFKA) == "from the environment"

    remember_password(KAFKA, "typed")
    assert password_for(KAFKA) == "typed"


def test_an_address_without_a_user_asks_no_keyring(ring: MemoryKeyring) -> None:
    ring.is_locked = True

    assert password_for(address_of("kafka://host:9092/orders")) is None
    with pytest.raises(NoKeyring, match="names no user"):
        keep_password(address_of("kafka://host:9092/orders"), "s3cret")


def test_a_locked_keyring_has_no_password_and_takes_none(ring: MemoryKeyring) -> None:
    ring.is_locked = True

    assert password_for(KAFKA) is None
    with pytest.raises(NoKeyring, match="refused the password"):
        keep_password(KAFKA, "s3cret")


def test_a_system_without_a_keyring_says_so() -> None:
    keyring.set_keyring(fail.Keyring())

    assert keyring_name() == ""
    with pytest.raises(NoKeyring, match="no keyring that can be used"):
        keep_password(KAFKA, "s3cret")


def test_without_the_package_there_is_no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_arguments: Any, **_more: Any) -> Any:
        raise EngineMissing(engine="the system's keyring", extra="keyring")

    monkeypatch.setattr(passwords, "adapter_part", missing)

    assert (keyring_name(), password_for(KAFKA)) == ("", None)
    with pytest.raises(EngineMissing):
        keep_password(KAFKA, "s3cret")
