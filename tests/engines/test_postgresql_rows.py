"""A real PostgreSQL as a query store."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from uuid import uuid4

import pytest

from replay.query_store.errors import NotAQueryStore
from replay.query_store.kind import open_query_store
from replay.query_store.postgresql.store import PostgresQueryStore
from resources.engines.postgresql import PostgresServer
from store.remote.address import address_of
from store.remote.errors import Refused
from store.remote.kind import kind_of
from tests.contracts.query_store import Opened, QueryStoreContract, made_of, mark, version


@pytest.fixture
def url(postgresql: PostgresServer) -> str:
    """Of an empty query store."""
    return f"{postgresql.address}&schema=q{uuid4().hex}"


class TestPostgresRows(QueryStoreContract):
    @pytest.fixture
    def opened(self, url: str) -> Iterator[Opened]:
        with ExitStack() as stack:
            yield lambda: stack.enter_context(closing(PostgresQueryStore(address_of(url))))


def test_a_schema_of_another_program_is_left_alone(url: str) -> None:
    kind_of(address_of(url)).create(address_of(url))  # an event store

    with pytest.raises(NotAQueryStore, match="tables of another program"):
        open_query_store(address_of(url))


def test_a_refused_password_is_a_sentence_without_the_password(url: str) -> None:
    wrong = address_of(url.replace("postgres@", "nobody:open-sesame@"))

    with pytest.raises(Refused, match="user or password") as raised:
        open_query_store(wrong)
    assert "sesame" not in str(raised.value)


def test_what_was_noted_survives_the_death_of_the_server(
    url: str, postgresql: PostgresServer
) -> None:
    with closing(PostgresQueryStore(address_of(url))) as store:
        stored = store.begin(made_of())
        store.write(stored, [version("a", 1)])
        store.show(store.note(stored, mark(1)))

    postgresql.kill()
    postgresql.start()

    with closing(PostgresQueryStore(address_of(url))) as store:
        (found,) = store.views()
        assert (found.position, found.is_shown) == (1, True)
        assert [it.id for it in store.rows(found, at=1, after=None, limit=9)] == ['["a"]']
