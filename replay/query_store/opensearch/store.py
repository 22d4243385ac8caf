"""Rows of views in OpenSearch or Elasticsearch."""

from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

from msgspec import structs

from replay.query_store.errors import SpoiledRow
from replay.query_store.interface import LEASE_S, MadeOf, Place, StoredView, Version
from replay.query_store.opensearch import indexes
from replay.query_store.opensearch.bulk import Put, put_all
from replay.query_store.opensearch.catalog import Catalog, Found
from replay.query_store.opensearch.connection import Connection
from replay.query_store.opensearch.lease import Lease
from replay.views.sink import WRITES_PER_EVENT, Mark
from replay.words import said
from store.remote.address import Address
from store.remote.errors import Unreachable
from store.times import now_us

NO_INDEX: Final = "index_not_found_exception"


class SearchStore:
    """replay.query_store.interface.QueryStore. One thread."""

    def __init__(self, address: Address) -> None:
        """Raises WrongAddress, and what `views` raises."""
        self._connection = Connection(address)
        self._catalog = Catalog(self._connection)
        self._lease = Lease(self._connection, self._catalog, lease_s=LEASE_S)
        self.address = address
        self._catalog.read()

    def views(self) -> Sequence[StoredView]:
        found = self._catalog.read()
        noted = self._noted([it.id for it in found])
        return [_stored(it, noted.get(it.id)) for it in found]

    def begin(self, made_of: MadeOf) -> StoredView:
        self._catalog.make_control()
        found = Found(
            id=f"{made_of.view}-{uuid4().hex[:12]}",
            made_of=made_of,
            begun_at_us=now_us(),
            is_shown=False,
        )
        self._catalog.make(found)
        return _stored(found, None)

    def write(self, stored: StoredView, versions: Sequence[Version]) -> int:
        rows, history = self._catalog.indexes(stored.id, stored.made_of)
        new = put_all(self._connection, _documents(versions, rows, history))
        return new.get(history or rows, 0)

    def note(self, stored: StoredView, mark: Mark) -> StoredView:
        names = [it for it in self._catalog.indexes(stored.id, stored.made_of) if it]
        self._connection.ask("POST", f"/{','.join(names)}/_refresh")
        facts = {"position": mark.position, "event_id": mark.event_id, "noted_at_us": now_us()}
        told = self._connection.ask(
            "PUT",
            f"/{self._catalog.control}/_doc/{stored.id}",
            facts,
            passes=(HTTPStatus.CONFLICT,),
            version=mark.position + 1,
            version_type="external",
        )
        if told.get("status") == HTTPStatus.CONFLICT:
            facts = self._noted([stored.id]).get(stored.id, facts)
        return structs.replace(stored, **facts)

    def show(self, stored: StoredView) -> StoredView:
        held = [it for it in self._catalog.read() if it.made_of.view == stored.made_of.view]
        before = [it for it in held if it.is_shown and it.id != stored.id]
        self._catalog.show(stored, instead_of=before)
        kept = {stored.id, *(it.id for it in before)}
        for it in held:
            if it.id not in kept:
                self.drop(_stored(it, None))
        return structs.replace(stored, is_shown=True)

    def drop(self, stored: StoredView) -> None:
        for name in self._catalog.indexes(stored.id, stored.made_of):
            if name:
                self._connection.ask("DELETE", f"/{name}", passes=(HTTPStatus.NOT_FOUND,))
        path = f"/{self._catalog.control}/_doc/{stored.id}"
        self._connection.ask("DELETE", path, passes=(HTTPStatus.NOT_FOUND,))

    def rows(
        self, stored: StoredView, *, at: int, after: Place | None, limit: int
    ) -> Sequence[Version]:
        return self._found(self._history(stored), indexes.as_of(_end(at)), after, limit)

    def row(self, stored: StoredView, row_id: str, *, at: int) -> Version | None:
        wanted: list[dict[str, Any]] = [
            {"term": {"id": row_id}},
            {"range": {"write": {"lt": _end(at)}}},
        ]
        found = self._asked(self._history(stored), wanted, [{"write": "desc"}], limit=1)
        return next(iter(found), None)

    def written(self, stored: StoredView, *, after: int, limit: int) -> Sequence[Version]:
        wanted = [{"range": {"write": {"gt": after}}}]
        return self._asked(self._history(stored), wanted, [{"write": "asc"}], limit=limit)

    def newest(self, stored: StoredView, *, after: Place | None, limit: int) -> Sequence[Version]:
        rows, _ = self._catalog.indexes(stored.id, stored.made_of)
        return self._found(rows, [], after, limit)

    def search(
        self, stored: StoredView, words: Sequence[str], *, until: int, limit: int
    ) -> Sequence[Version]:
        rows, _ = self._catalog.indexes(stored.id, stored.made_of)
        wanted: list[dict[str, Any]] = [{"prefix": {"words": {"value": it}}} for it in words]
        wanted += [{"range": {"write": {"lt": _end(until)}}}, {"term": {"is_deleted": False}}]
        return self._asked(rows, wanted, [{"write": "desc"}], limit=limit)

    def claim(self, what: str, holder: str) -> bool:
        return self._lease.claim(what, holder)

    def release(self, what: str, holder: str) -> None:
        self._lease.release(what, holder)

    def close(self) -> None:
        self._connection.close()

    def _history(self, stored: StoredView) -> str:
        rows, history = self._catalog.indexes(stored.id, stored.made_of)
        return history or rows

    def _noted(self, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """The checkpoints, as they were last written."""
        if not ids:
            return {}
        path, asked = f"/{self._catalog.control}/_mget", {"ids": list(ids)}
        told = self._connection.ask("POST", path, asked, passes=(HTTPStatus.NOT_FOUND,))
        return checkpoints_in(told, self.address)

    def _found(
        self, index: str, wanted: list[dict[str, Any]], after: Place | None, limit: int
    ) -> Sequence[Version]:
        behind = None if after is None else [after.sort, after.id]
        return self._asked(index, wanted, [{"sort": "asc"}, {"id": "asc"}], behind, limit=limit)

    def _asked(
        self,
        index: str,
        wanted: list[dict[str, Any]],
        order: list[dict[str, str]],
        behind: list[str] | None = None,
        *,
        limit: int,
    ) -> Sequence[Version]:
        body: dict[str, Any] = {
            "size": limit,
            "query": {"bool": {"filter": wanted}},
            "sort": order,
            "track_total_hits": False,
            "_source": list(indexes.READ),
        }
        if behind is not None:
            body["search_after"] = behind
        told = self._connection.ask(
            "POST",
            f"/{index}/_search",
            body,
            filter_path="hits.hits._id,hits.hits._source,_shards.failed",
        )
        if told.get("_shards", {}).get("failed"):
            reason = said("the server could not look through all rows")
            raise Unreachable(reason, self.address.shown)
        hits = told.get("hits", {}).get("hits", [])
        return [self._version(it) for it in hits]

    def _version(self, hit: dict[str, Any]) -> Version:
        try:
            return indexes.version_in(hit["_source"])
        except (KeyError, ValueError) as error:
            reason = said(
                "the document {id} is spoiled there ({error})", id=hit.get("_id"), error=error
            )
            raise SpoiledRow(reason, self.address.shown) from None


def _documents(versions: Sequence[Version], rows: str, history: str) -> Iterator[Put]:
    """Under the key the newest version alone; under key and write each, again when it ends."""
    for it in versions:
        body = indexes.document(it)
        if history:
            version = it.write if it.until is None else it.until
            yield Put(history, f"{it.id}@{it.write}", version, body)
        if it.until is None:
            yield Put(rows, it.id, it.write, body)


def _stored(found: Found, noted: dict[str, Any] | None) -> StoredView:
    facts = noted or {"position": 0, "event_id": "", "noted_at_us": 0}
    return StoredView(id=found.id, made_of=found.made_of, is_shown=found.is_shown, **facts)


def _end(position: int) -> int:
    """The first write behind a position."""
    return (position + 1) * WRITES_PER_EVENT


def checkpoints_in(told: dict[str, Any], address: Address) -> dict[str, dict[str, Any]]:
    """What an answer to `_mget` says of the checkpoints, by id. Raises Unreachable while the
    server has not loaded them."""
    docs = told.get("docs", [])
    if any(it["error"].get("type") != NO_INDEX for it in docs if "error" in it):
        reason = said("the server has not loaded all rows yet")  # else they seem to be at 0
        raise Unreachable(reason, address.shown)
    return {it["_id"]: it["_source"] for it in docs if it.get("found")}
