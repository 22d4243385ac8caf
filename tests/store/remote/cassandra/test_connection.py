"""Addresses of Cassandra, and what its driver says in our words. No server is needed."""

import ssl

import pytest
from cassandra import AuthenticationFailed, InvalidRequest, OperationTimedOut, Unauthorized
from cassandra.cluster import NoHostAvailable
from cassandra.connection import ProtocolError

from store.remote.address import address_of
from store.remote.cassandra.connection import connected, in_our_words, keyspace_of
from store.remote.cassandra.create import create
from store.remote.errors import NotARemote, Refused, RemoteError, Unreachable, WrongAddress

ADDRESS = address_of("cassandra://eve:sesame@there:9042/shop")


@pytest.mark.parametrize(
    ("error", "kind", "says"),
    [
        (AuthenticationFailed("bad"), Refused, "refused the user or password"),
        (Unauthorized("no SELECT for sesame"), Refused, "no SELECT for …"),
        (ProtocolError("version 72"), NotARemote, "not a Cassandra server"),
        (ssl.SSLError("self-signed"), Unreachable, "no secure connection"),
        (InvalidRequest("too large"), RemoteError, "too large"),
        (OperationTimedOut(), Unreachable, "did not answer in time"),
        (ConnectionRefusedError(111, "refused"), Unreachable, "cannot be reached"),
    ],
)
def test_what_the_driver_says_is_a_sentence(
    error: Exception, kind: type[RemoteError], says: str
) -> None:
    for told in (error, NoHostAvailable("none", {"there": error})):
        found = in_our_words(told, ADDRESS)

        assert type(found) is kind
        assert says in str(found)
        assert "sesame" not in str(found)
        assert str(found).endswith(ADDRESS.shown)


def test_hosts_that_are_only_named_are_told_to_be_out_of_reach() -> None:
    found = in_our_words(NoHostAvailable("Unable to connect to any servers", ["there"]), ADDRESS)

    assert type(found) is Unreachable
    assert "(Unable to connect to any servers)" in str(found)


def test_the_keyspace_stands_in_the_address_or_is_ours() -> None:
    assert keyspace_of(ADDRESS) == "shop"
    assert keyspace_of(address_of("cassandra://there")) == "foldline"
    with pytest.raises(WrongAddress, match="no name of a keyspace"):
        keyspace_of(address_of("cassandra://there/a;DROP KEYSPACE b"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("cassandra:///shop", "names no host"),
        ("cassandra://there/shop?connect_timeout=soon", "must be a number of seconds"),
        ("cassandra://there/shop?tls=yes&cafile=/not/there", "certificate cannot be read"),
    ],
)
def test_an_address_that_cannot_be_used_is_a_sentence(text: str, says: str) -> None:
    with pytest.raises(WrongAddress, match=says):
        connected(address_of(text))


@pytest.mark.parametrize("option", ["shards=0", "shards=many", "shards=257", "shards=-1"])
def test_a_number_of_shards_is_within_bounds(option: str) -> None:
    with pytest.raises(WrongAddress, match="must be a number from 1 to 256"):
        create(address_of(f"cassandra://there/shop?{option}"))
