"""Addresses of servers: what they name, and what of them is never shown."""

import pytest

from store.remote import passwords
from store.remote.address import address_of, is_address
from store.remote.errors import WrongAddress
from store.remote.kind import kind_of, kinds

SECRET = "open-sesame"


@pytest.mark.parametrize(
    "text",
    [
        f"postgresql://eve:{SECRET}@db:5433/shop?schema=events",
        f"postgresql://eve@db:5433/shop?schema=events&password={SECRET}",
        f"postgresql://db/shop?sslpassword={SECRET}&schema=events",
    ],
)
def test_a_password_is_used_and_never_shown(text: str) -> None:
    address = address_of(text)

    assert SECRET in address.text
    for shown in (str(address), repr(address), address.shown, address.scrubbed(f"no: {text}")):
        assert SECRET not in shown
    assert address.options["schema"] == "events"
    assert address.shown.endswith("/shop?schema=events")


def test_what_a_server_repeats_of_a_password_is_taken_out() -> None:
    address = address_of("postgresql://db/shop")

    assert SECRET not in address.scrubbed(f"user=eve password='{SECRET}' host=db")
    assert SECRET not in address.scrubbed(f"user=eve password={SECRET}")


def test_options_of_ours_are_kept_from_the_client() -> None:
    address = address_of("postgresql://eve:pw@db/shop?schema=a%20b&sslmode=require")

    assert address.without(frozenset({"schema"})) == "postgresql://eve:pw@db/shop?sslmode=require"
    assert address.options["schema"] == "a b"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("shop.foldline", "begins with no scheme"),
        (f"postgresql://eve:{SECRET}@db:99999/shop", "cannot be read"),
        (f"postgresql://eve:{SECRET}@[db/shop", "cannot be read"),
    ],
)
def test_what_is_no_address_is_a_sentence_without_its_secrets(text: str, says: str) -> None:
    with pytest.raises(WrongAddress, match=says) as wrong:
        address_of(text)

    assert SECRET not in f"{wrong.value} {wrong.value.hint}"


def test_a_server_that_nobody_here_speaks_to_is_named_with_those_that_are() -> None:
    with pytest.raises(WrongAddress, match=r"mysql://.*postgresql://"):
        kind_of(address_of("mysql://db/shop"))


@pytest.mark.parametrize("path", ["C:/logs/a.foldline", "a.foldline", "git:PATH", "memory:"])
def test_a_path_is_no_address(path: str) -> None:
    assert not is_address(path)


def test_every_kind_has_schemes_of_its_own() -> None:
    schemes = [it for kind in kinds() for it in kind.schemes]

    assert len(schemes) == len(set(schemes))
    assert all(is_address(f"{it}://") for it in schemes)


def test_an_address_without_a_host_stays_an_address() -> None:
    found = address_of("postgresql:///shop?schema=s&sslmode=require")

    assert found.shown == "postgresql:///shop?schema=s&sslmode=require"
    assert found.without(frozenset({"schema"})) == "postgresql:///shop?sslmode=require"
    assert address_of(found.shown).place == "postgresql://"


def test_a_password_is_found_in_its_two_places() -> None:
    texts = ("postgresql://a:b%40c@h/d", "postgresql://a@h/d?password=b@c", "postgresql://a@h/d")

    assert [address_of(it).password for it in texts] == ["b@c", "b@c", ""]
    assert {address_of(it).place for it in texts} == {"postgresql://a@h"}


def test_a_typed_password_is_handed_on_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(passwords.VARIABLE, "no JSON")
    one, other = address_of("postgresql://a@h/d"), address_of("postgresql://b@h/d")

    passwords.remember_password(one, "secret")
    passwords.remember_password(other, "another")

    assert (passwords.password_for(one), passwords.password_for(other)) == ("secret", "another")
    assert passwords.password_for(address_of("postgresql://a@elsewhere/d")) is None
