"""One round a library: it writes, we import and export, it reads; what is told is compared."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from store.opening import reading
from store.transfer.export import export
from store.transfer.ingest import ingest
from tests.with_libraries.environments import node_told, python_told

SAMPLE: Final = Path(__file__).parents[1] / "fixtures" / "orders.canonical.jsonl"
OCEL: Final = ("ocel2-json", "ocel2-xml", "ocel2-sqlite", "xes")
Told = Callable[[str, str, Path], Any]


class Mismatch(Exception):
    """What came back is not what was written."""


def there_and_back(
    folder: Path, library: str, *, format_: str, suffix: str, told: Told, exported: Sequence[str]
) -> str:
    """A file that the library writes comes in, and the library reads every form it goes out in."""
    written, store = folder / f"written{suffix}", folder / "log.foldline"
    facts = told("write", library, written)
    report = ingest(written, into=store)
    require(report.format, format_, "format")
    require((report.stored, report.rejected), (len(facts), 0), "events stored and rejected")
    require(by_stream(events_of(store)), by_stream(facts), "events imported")
    for name in exported:
        out = folder / f"out-{name}{suffix}"
        export(store, out, format=name)
        require(by_stream(told("read", library, out)), by_stream(facts), f"events read of {name}")
    back = f"and read back as {', '.join(exported)}" if exported else "(it loads no file)"
    return f"{len(facts)} events written, imported {back}"


def process_mining(folder: Path) -> str:
    """pm4py reads each form of a log of ours, and what it writes of it comes in."""
    store = folder / "log.foldline"
    ingest(SAMPLE, into=store)
    wanted = sorted((it["type"]) for it in events_of(store))
    for name in OCEL:
        out = folder / f"out.{name.replace('ocel2-', '')}"
        export(store, out, format=name)
        rewritten = folder / f"rewritten.{name.replace('ocel2-', '')}"
        found = python_told(f"rewrite:{rewritten}", f"pm4py-{name}", out)
        require(sorted(found), wanted, f"activities that pm4py reads of {name}")
        back = folder / f"{name}.foldline"
        report = ingest(rewritten, into=back, format=name)
        require((report.stored, report.rejected), (len(wanted), 0), f"{name} of pm4py")
        require(sorted(it["type"] for it in events_of(back)), wanted, f"types in {name} of pm4py")
    return f"{len(wanted)} events read and written again as {', '.join(OCEL)}"


def events_of(store: Path) -> list[dict[str, Any]]:
    """What a store holds, in the words of the programs."""
    with reading(store) as reader:
        return [
            {"stream": it.stream, "version": it.version, "type": it.type, "data": dict(it.data)}
            for it in reader.read()
        ]


def by_stream(facts: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """In an order that does not depend on how streams lie between one another."""
    return sorted(facts, key=lambda it: (it["stream"], it["version"]))


def require(found: object, wanted: object, what: str) -> None:
    """Raises Mismatch."""
    if found != wanted:
        raise Mismatch(f"{what}: {str(found)[:600]} instead of {str(wanted)[:600]}")


ROUNDS: Final[Mapping[str, Callable[[Path], str]]] = {
    "eventsourcing": lambda folder: there_and_back(
        folder,
        "eventsourcing",
        format_="pyeventsourcing",
        suffix=".sqlite",
        told=python_told,
        exported=["pyeventsourcing"],
    ),
    "pm4py": process_mining,
    "cloudevents-python": lambda folder: there_and_back(
        folder,
        "cloudevents-python",
        format_="cloudevents",
        suffix=".jsonl",
        told=python_told,
        exported=["cloudevents", "cloudevents-batch"],
    ),
    "cloudevents-js": lambda folder: there_and_back(
        folder,
        "cloudevents-js",
        format_="cloudevents",
        suffix=".jsonl",
        told=node_told,
        exported=["cloudevents"],
    ),
    "emmett": lambda folder: there_and_back(
        folder,
        "emmett",
        format_="emmett",
        suffix=".sqlite",
        told=node_told,
        exported=["emmett"],
    ),
    "castore": lambda folder: there_and_back(
        folder, "castore", format_="castore", suffix=".json", told=node_told, exported=[]
    ),
    "redux": lambda folder: there_and_back(
        folder, "redux", format_="redux-log", suffix=".json", told=node_told, exported=[]
    ),
}
