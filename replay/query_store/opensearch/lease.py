"""Who writes, said in a document: it is renewed, and who wants it watches whether it still is.

No two clocks are compared: a lease is over when it was not renewed while somebody watched for as
long as it lasts.
"""

from http import HTTPStatus
from time import monotonic
from typing import Any
from urllib.parse import quote

from replay.query_store.opensearch.catalog import Catalog
from replay.query_store.opensearch.connection import Connection


class Lease:
    """One thread."""

    def __init__(self, connection: Connection, catalog: Catalog, *, lease_s: float) -> None:
        self._connection, self._catalog, self._lease_s = connection, catalog, lease_s
        self._watched: dict[str, tuple[int, float]] = {}  # what → its change, and first seen when

    def claim(self, what: str, holder: str) -> bool:
        """Whether it is the holder's from now on."""
        told = self._read(what)
        if "_source" not in told:
            self._catalog.make_control()
            return self._write(what, holder, op_type="create")
        if told["_source"].get("holder") != holder and not self._is_over(what, told["_seq_no"]):
            return False
        return self._write(
            what, holder, if_seq_no=told["_seq_no"], if_primary_term=told["_primary_term"]
        )

    def release(self, what: str, holder: str) -> None:
        """Nothing where somebody else has it."""
        told = self._read(what)
        if told.get("_source", {}).get("holder") == holder:
            self._connection.ask(
                "DELETE",
                self._path(what),
                passes=(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
                if_seq_no=told["_seq_no"],
                if_primary_term=told["_primary_term"],
            )

    def _is_over(self, what: str, change: int) -> bool:
        known, since = self._watched.get(what, (-1, 0.0))
        if known != change:
            self._watched[what] = (change, monotonic())
            return False
        return monotonic() - since > self._lease_s

    def _read(self, what: str) -> dict[str, Any]:
        return self._connection.ask("GET", self._path(what), passes=(HTTPStatus.NOT_FOUND,))

    def _write(self, what: str, holder: str, **only_if: str | int) -> bool:
        told = self._connection.ask(
            "PUT", self._path(what), {"holder": holder}, passes=(HTTPStatus.CONFLICT,), **only_if
        )
        return told.get("status") != HTTPStatus.CONFLICT

    def _path(self, what: str) -> str:
        return f"/{self._catalog.control}/_doc/lease:{quote(what, safe='')}"
