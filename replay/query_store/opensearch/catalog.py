"""Which views an OpenSearch holds: what lies under the names of an address, and whose it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from msgspec import ValidationError, convert

from replay.query_store.errors import NotAQueryStore
from replay.query_store.interface import MadeOf, StoredView
from replay.query_store.opensearch import indexes
from replay.query_store.opensearch.connection import Connection
from replay.query_store.opensearch.indexes import CONTROL, HISTORY, LAYOUT, PROGRAM
from replay.words import said


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The indexes of one view, made once."""

    id: str
    made_of: MadeOf
    begun_at_us: int
    is_shown: bool


class Catalog:
    """Raises what the connection raises, and NotAQueryStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._prefix = connection.place.prefix
        self.control = f"{self._prefix}{CONTROL}"

    def indexes(self, stored_id: str, made_of: MadeOf) -> tuple[str, str]:
        """Of the rows, and of their history; of what has none the second is empty."""
        rows = f"{self._prefix}-{stored_id}"
        return rows, f"{rows}{HISTORY}" if made_of.has_history else ""

    def read(self) -> Sequence[Found]:
        """All that is held, by name and age. Names that are somebody else's are passed over."""
        told = self._connection.ask(
            "GET",
            f"/{self._prefix}-*",
            expand_wildcards="open",
            filter_path="*.mappings._meta,*.aliases",
        )
        found = list[Found]()
        for name, facts in told.items():
            if not isinstance(facts, dict):
                raise self._not_ours(
                    said("what answers there is neither OpenSearch nor Elasticsearch")
                )
            meta = facts.get("mappings", {}).get("_meta", {})
            self._require_view(name, meta, facts.get("aliases", {}))
            if self._is_rows(name, meta):
                found.append(self._found(name, meta, facts.get("aliases", {})))
        return sorted(found, key=lambda it: (it.made_of.view, it.begun_at_us))

    def make_control(self) -> None:
        """The index of checkpoints, where it is missing."""
        told = self._connection.ask(
            "PUT", f"/{self.control}", indexes.control_body(), passes=(HTTPStatus.BAD_REQUEST,)
        )
        if told.get("status") != HTTPStatus.BAD_REQUEST:
            return
        facts = self._connection.ask("GET", f"/{self.control}", passes=(HTTPStatus.NOT_FOUND,))
        meta = facts.get(self.control, {}).get("mappings", {}).get("_meta", {})
        if meta.get("program") != PROGRAM or meta.get("layout") != LAYOUT:
            raise self._of_another_program(self.control)

    def make(self, it: Found) -> None:
        """The indexes of a view, empty."""
        self._require_free(self._alias(it.made_of))
        body = indexes.index_body(
            it.made_of, stored_id=it.id, prefix=self._prefix, begun_at_us=it.begun_at_us
        )
        for name in reversed([one for one in self.indexes(it.id, it.made_of) if one]):
            self._connection.ask("PUT", f"/{name}", body)

    def show(self, stored: StoredView, *, instead_of: Sequence[Found]) -> None:
        """Name the rows, and no longer those before, in one step."""
        actions = list[dict[str, Any]]()
        for it in instead_of:
            actions += self._actions("remove", it.id, it.made_of)
        actions += self._actions("add", stored.id, stored.made_of)
        self._connection.ask("POST", "/_aliases", {"actions": actions})

    def _actions(self, what: str, stored_id: str, made_of: MadeOf) -> list[dict[str, Any]]:
        rows, history = self.indexes(stored_id, made_of)
        alias = self._alias(made_of)
        there = {"filter": {"term": {"is_deleted": False}}} if what == "add" else {}
        found: list[dict[str, Any]] = [{what: {"index": rows, "alias": alias, **there}}]
        if history:
            found.append({what: {"index": history, "alias": f"{alias}{HISTORY}"}})
        return found

    def _alias(self, made_of: MadeOf) -> str:
        return f"{self._prefix}-{made_of.view}"

    def _is_rows(self, name: str, meta: dict[str, Any]) -> bool:
        """Whether it is the index of rows of a view of this address."""
        return self._is_ours(meta) and name == f"{self._prefix}-{meta.get('stored')}"

    def _is_ours(self, meta: dict[str, Any]) -> bool:
        return (
            meta.get("program") == PROGRAM
            and meta.get("layout") == LAYOUT
            and meta.get("prefix") == self._prefix
        )

    def _found(self, name: str, meta: dict[str, Any], aliases: dict[str, Any]) -> Found:
        try:
            made_of = convert(meta["made_of"], MadeOf)
            begun_at_us = convert(meta["begun_at_us"], int)
        except (KeyError, ValidationError):
            raise self._of_another_program(name) from None
        return Found(
            id=str(meta["stored"]),
            made_of=made_of,
            begun_at_us=begun_at_us,
            is_shown=self._alias(made_of) in aliases,
        )

    def _require_view(self, name: str, meta: dict[str, Any], aliases: dict[str, Any]) -> None:
        """Raises NotAQueryStore where a name of ours leads to rows of another view."""
        if not self._is_ours(meta):
            return
        view = meta.get("made_of", {}).get("view")
        allowed = {f"{self._prefix}-{view}", f"{self._prefix}-{view}{HISTORY}"}
        for alias in aliases:
            if alias.startswith(f"{self._prefix}-") and alias not in allowed:
                raise self._not_ours(
                    said(
                        "the name {alias} leads to the index {name} of another view, {view}",
                        alias=alias,
                        name=name,
                        view=view,
                    )
                )

    def _require_free(self, alias: str) -> None:
        """Raises NotAQueryStore where a name is that of somebody else's index."""
        for name in (alias, f"{alias}{HISTORY}"):
            told = self._connection.ask("GET", f"/{name}", passes=(HTTPStatus.NOT_FOUND,))
            for index, facts in told.items():
                if isinstance(facts, dict) and "mappings" in facts:
                    meta = facts["mappings"].get("_meta", {})
                    if not self._is_ours(meta):
                        raise self._of_another_program(index)

    def _of_another_program(self, name: str) -> NotAQueryStore:
        return self._not_ours(said("the index {name} belongs to another program", name=name))

    def _not_ours(self, reason: str) -> NotAQueryStore:
        return NotAQueryStore(reason, self._connection.address.shown)
