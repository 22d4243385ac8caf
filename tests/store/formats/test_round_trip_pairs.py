"""Every format that is read, out into every format that is written, and back: what the written one
promises is the same, and whatever else differs is declared as lost."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from store.opening import reading
from store.reading.detect import format_named
from store.reading.format import Outgoing
from store.transfer.ingest import ingest
from tests.contracts.format import contracts
from tests.store.formats.test_losses import (
    WRITABLE,
    differing,
    is_from,
    losses_of,
    paired,
    read_back,
)

EVENTS: Final = 40  # of each example
TIMES: Final = frozenset(
    {"occurred_at_us", "occurred_offset_min", "recorded_at_us", "recorded_offset_min"}
)
ALWAYS: Final = frozenset({"stream", "type", "data_json"})
# What of an event is the same whatever it is, by the format that it was written in.
PROMISED: Final[Mapping[str, frozenset[str]]] = {
    "canonical": ALWAYS | {"position", "version", "id", "metadata_json", "links"},
    "cloudevents": ALWAYS | {"position", "version", "id", "metadata_json", "links"},
    "cloudevents-batch": ALWAYS | {"position", "version", "id", "metadata_json", "links"},
    "kurrentdb": ALWAYS | {"id"},
    "message-db-rows": ALWAYS | {"position", "version"},
    "emmett": ALWAYS | {"position", "version", "id"},
    "pyeventsourcing": ALWAYS | {"position", "version"},
    "ocel2-json": ALWAYS | TIMES | {"position", "version", "id", "metadata_json", "links"},
    "ocel2-xml": ALWAYS | TIMES | {"position", "version", "id", "metadata_json", "links"},
    "ocel2-sqlite": ALWAYS | TIMES | {"position", "version", "id", "metadata_json", "links"},
    "xes": ALWAYS | TIMES | {"position", "version", "id", "metadata_json", "links"},
    "events-csv": ALWAYS | {"position", "version", "id", "metadata_json", "links"},
    "events-csv-guarded": ALWAYS | {"position", "version", "id", "metadata_json", "links"},
    "events-tsv": ALWAYS | {"position", "version", "id", "metadata_json", "links"},
    "foldline": ALWAYS | TIMES | {"position", "version", "id", "metadata_json", "links"},
    "parquet": ALWAYS | TIMES | {"position", "version", "id", "metadata_json", "links"},
}


def test_every_format_that_is_written_promises_something() -> None:
    assert set(PROMISED) == set(WRITABLE)


@pytest.mark.parametrize("name", sorted(contracts()))
def test_what_comes_in_goes_out_into_each_format_and_comes_back(name: str, tmp_path: Path) -> None:
    sent = _first_of(name, tmp_path)

    for target in WRITABLE:
        came = read_back(format_named(target), sent, tmp_path / f"out-{target}")

        for ours, back in paired(sent, came):
            missed, losses = set(differing(ours, back)), losses_of(format_named(target), ours)
            declared = {aspect for loss in losses for aspect in loss.aspects}
            if is_from(format_named(target), ours):
                declared.add("source_json")
            assert missed <= declared, (target, ours.event.id)
            assert not missed & PROMISED[target], (target, ours.event.id)


def _first_of(name: str, folder: Path) -> list[Outgoing]:
    """The first events of the example of a format, as they are recorded."""
    log = folder / "log.foldline"
    ingest(contracts()[name]().path, into=log)
    with reading(log) as reader:
        events = [it for it in reader.read() if it.position <= EVENTS]
        links = reader.links_between(1, EVENTS)
    return [Outgoing(event=it, links=links.get(it.position, ())) for it in events]
