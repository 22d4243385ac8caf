"""Many documents in few requests, each with a version of its own: older ones change nothing."""

import time
from collections.abc import Iterable, Iterator, Sequence
from http import HTTPStatus
from typing import Final, NamedTuple

from msgspec import json

from replay.query_store.errors import NotAQueryStore, RowNotTaken
from replay.query_store.opensearch.connection import Connection
from replay.words import said
from store.remote.errors import Unreachable

REQUEST_BYTES: Final = 5_000_000
PAUSES_S: Final = (0.1, 0.5, 1.0, 2.0, 4.0)  # before what a busy server put off is sent again
_TAKEN: Final = (HTTPStatus.OK, HTTPStatus.CREATED)


class Put(NamedTuple):
    """One document that is to be there, unless it is there in this version or a later one."""

    target: str  # an index
    id: str
    version: int
    body: bytes


def put_all(connection: Connection, documents: Iterable[Put]) -> dict[str, int]:
    """How many of them were new, by index. Raises RowNotTaken: then some are written; and what the
    connection raises."""
    new: dict[str, int] = {}
    for piece in _pieces(documents):
        left = piece
        for pause_s in (*PAUSES_S, None):
            left = _put(connection, left, new)
            if not left:
                break
            if pause_s is None:
                raise Unreachable(said("the server is overloaded"), connection.address.shown)
            time.sleep(pause_s)
    return new


def _put(connection: Connection, piece: Sequence[Put], new: dict[str, int]) -> list[Put]:
    """What is to be sent again."""
    body = b"".join(_lines(it) for it in piece)
    path = {"filter_path": "items.*.status,items.*.error"}
    answer = connection.ask(
        "POST",
        "/_bulk",
        body,
        passes=(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.TOO_MANY_REQUESTS),
        **path,
    )
    if answer.get("status") == HTTPStatus.TOO_MANY_REQUESTS:
        return list(piece)
    if answer.get("status") == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return _halves(connection, piece, new)
    items = answer.get("items")
    if not isinstance(items, list) or len(items) != len(piece):
        reason = said("what answers there is neither OpenSearch nor Elasticsearch")
        raise NotAQueryStore(reason, connection.address.shown)
    later = list[Put]()
    for it, told in zip(piece, items, strict=True):
        outcome = next(iter(told.values()))
        status = outcome["status"]
        if status in _TAKEN:
            new[it.target] = new.get(it.target, 0) + 1
        elif status == HTTPStatus.TOO_MANY_REQUESTS:
            later.append(it)
        elif status != HTTPStatus.CONFLICT:
            raise _not_taken(connection, it, str(outcome.get("error", {}).get("reason", status)))
    return later


def _halves(connection: Connection, piece: Sequence[Put], new: dict[str, int]) -> list[Put]:
    if len(piece) == 1:
        size = said("it has {size:,} bytes", size=len(piece[0].body))
        raise _not_taken(connection, piece[0], size)
    middle = len(piece) // 2
    return [
        *_put(connection, piece[:middle], new),
        *_put(connection, piece[middle:], new),
    ]


def _not_taken(connection: Connection, it: Put, reason: str) -> RowNotTaken:
    told = said("the server does not take the row {id} ({reason})", id=it.id, reason=reason)
    return RowNotTaken(connection.address.scrubbed(told), connection.address.shown)


def _lines(it: Put) -> bytes:
    action = {
        "_index": it.target,
        "_id": it.id,
        "version": it.version,
        "version_type": "external",
    }
    return b'{"index":' + json.encode(action) + b"}\n" + it.body + b"\n"


def _pieces(documents: Iterable[Put]) -> Iterator[list[Put]]:
    piece, size = list[Put](), 0
    for it in documents:
        if piece and size + len(it.body) > REQUEST_BYTES:
            yield piece
            piece, size = [], 0
        piece.append(it)
        size += len(it.body)
    if piece:
        yield piece
