"""Rows of views to a real OpenSearch, beside a bare bulk loop that writes the same documents.

The bare loop is the client's own: `helpers.bulk` over documents that are made already. Ours reads
the views file, makes the documents, writes the checkpoint and can be killed at any moment.
"""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from msgspec import json
from opensearchpy import OpenSearch, helpers

from benchmarks.measure import Result, Size, in_turns, seconds
from benchmarks.window import filled_store
from replay.query_store.interface import MadeOf, Version
from replay.query_store.opensearch import indexes
from replay.query_store.opensearch.store import SearchStore
from replay.query_store.sinker import Sinker
from replay.query_store.source import Source, source_of
from replay.views.read_store import reading_views
from resources.engines.opensearch import OpenSearchServer
from store.interface import EventReader
from store.opening import reading
from store.remote.address import address_of

LEAST: Final = 0.5  # × the bare loop
VIEWS: Final = ("streams", "latest_states", "event_log")
AT_ONCE: Final = 2_000  # documents of a request of the bare loop


def run(size: Size) -> list[Result]:
    """One view after the other, both sides by turns, each into indexes of its own."""
    count = size.of(20_000, quick=5_000, tiny=300)
    with tempfile.TemporaryDirectory() as folder:
        server = OpenSearchServer(Path(folder) / "node")
        server.start()
        try:
            with reading(filled_store(Path(folder), count)) as log:
                return [_measured(server, log, it, count, size) for it in VIEWS]
        finally:
            server.kill()


def _measured(
    server: OpenSearchServer, log: EventReader, view: str, count: int, size: Size
) -> Result:
    with reading_views(log) as db:
        assert db is not None
        source = source_of(db, log, view)
        made_of = source.look()
        assert made_of is not None
        versions = [*_versions(source)]
        ratio, ours_s, bare_s = in_turns(
            lambda: seconds(lambda: _sunk(server, log, source)),
            lambda: seconds(lambda: _bare(server, made_of, versions)),
            rounds=size.rounds(3),
        )
    return Result(
        name=f"sink of {view}, {count:,} events",
        figure=ratio,
        unit="× bare bulk",
        target=LEAST,
        better="higher",
        detail=f"{len(versions) / ours_s:,.0f}/s, bare {len(versions) / bare_s:,.0f}/s",
    )


def _sunk(server: OpenSearchServer, log: EventReader, source: Source) -> None:
    address = address_of(f"{server.address}/s{uuid4().hex[:8]}")
    with closing(SearchStore(address)) as store:
        Sinker(store, log).advance([source])


def _versions(source: Source) -> Iterator[Version]:
    position = 0
    while batch := source.batch(position):
        yield from batch.versions
        position = batch.until.position


def _bare(server: OpenSearchServer, made_of: MadeOf, versions: list[Version]) -> None:
    """The same documents into two indexes with the same mapping."""
    name = f"b{uuid4().hex[:8]}"
    client = OpenSearch(server.address.replace("opensearch://", "http://"), timeout=60)
    body = indexes.index_body(made_of, stored_id=name, prefix=name, begun_at_us=0)
    targets = [name, f"{name}-history"] if made_of.has_history else [name]
    for it in targets:
        client.indices.create(index=it, body=body)
    helpers.bulk(client, _actions(versions, targets), chunk_size=AT_ONCE)
    client.indices.refresh(index=",".join(targets))
    client.close()


def _actions(versions: list[Version], targets: list[str]) -> Iterator[dict[str, Any]]:
    rows, *history = targets
    for it in versions:
        source = json.decode(indexes.document(it))
        for target in history:
            yield {"_index": target, "_id": f"{it.id}@{it.write}", "_source": source}
        if it.until is None:
            yield {"_index": rows, "_id": it.id, "_source": source}
