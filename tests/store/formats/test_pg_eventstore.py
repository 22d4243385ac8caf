"""pg_eventstore: partitions of one table, and links among its rows."""

from pathlib import Path
from typing import Any

from store.transfer.ingest import ingest
from tests.contracts.format import FormatContract
from tests.contracts.written import Written
from tests.store.event_files import events_in, links_in
from tests.store.table_files import Tables, write_csv, write_dump, write_sqlite

COLUMNS = (
    *("id", "context", "stream_name", "stream_id", "global_position", "stream_revision", "data"),
    *("metadata", "link_partition_id", "link_global_position", "created_at", "type"),
)


def row(n: int, **facts: Any) -> list[Any]:
    """The nth row of its stream."""
    known: dict[str, Any] = {
        "id": f"7253edc6-1818-4993-afa9-{n:012}",
        "context": "Shop",
        "stream_name": "Order",
        "stream_id": "1",
        "global_position": n,
        "stream_revision": n - 1,
        "data": f'{{"n": {n}}}',
        "metadata": "{}",
        "created_at": "2024-02-29 23:50:03.830086",
        "type": "Placed",
    }
    return [{**known, **facts}.get(it) for it in COLUMNS]


def link(n: int, *, to: int) -> list[Any]:
    """A row of another stream that is a link."""
    return row(n, stream_id="all", stream_revision=0, type="$>", link_global_position=to)


class TestPgEventstore(FormatContract):
    name = "pg-eventstore"
    file = "pg_eventstore-events.csv"
    events = 40

    def file_of(self, folder: Path, *events: Written) -> Path:
        rows = [
            row(
                it.place,
                id=it.id,
                stream_id=it.stream,
                global_position=it.n,
                data=it.data,
                created_at=it.text,
                type=it.type,
            )
            for it in events
        ]
        return write_csv(folder / "made.csv", COLUMNS, rows)

    def odd(self, folder: Path) -> tuple[Path, int]:
        """A row twice, a link, one without a context, bad JSON, a gap."""
        rows = [
            *(row(1), row(1), link(2, to=1), row(3, context=None), row(4, data="{"), row(9)),
        ]
        return write_csv(folder / "odd.csv", COLUMNS, rows), len(rows)


def test_partitions_of_a_dump_are_one_table_and_links_are_links(tmp_path: Path) -> None:
    tables: Tables = {
        "pg_eventstore.event_types_a1": (COLUMNS, [row(1), row(4, stream_revision=1)]),
        "pg_eventstore.event_types_b2": (COLUMNS, [link(2, to=1), link(3, to=99)]),
    }
    log = tmp_path / "log.foldline"

    report = ingest(write_dump(tmp_path / "a.sql", tables), into=log)

    assert (report.stored, report.other_rows) == (2, 1)  # the event of the other link is missing
    assert [(it.stream, it.version) for it in events_in(log)] == [
        ("Shop/Order/1", 1),
        ("Shop/Order/1", 2),
    ]
    assert links_in(log) == {1: ("Shop/Order/all",)}
    whole: Tables = {"events": (COLUMNS, [row(1), row(4, stream_revision=1), link(2, to=1)])}
    again = ingest(write_sqlite(tmp_path / "a.sqlite", whole), into=log)
    assert (again.stored, again.duplicates) == (0, 2)
