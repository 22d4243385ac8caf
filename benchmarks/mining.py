"""Logs of process mining, against pm4py on the same file in the same run.

The peer runs in an environment of its own (`make bench` sets it up), each side in a process a file;
only the seconds inside its calls count. It reads a file into memory; we bring it into a log on the
disk, every event in its place. Then files go both ways: what is written here is held to the schema
of OCEL 2.0, read and written again by the peer, and read here.
"""

import json
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from benchmarks import peers
from benchmarks.measure import Result, Size, median_ratio
from benchmarks.mining_files import write_files
from benchmarks.own_process import ROOT, told_by
from store.reading.detect import format_named
from store.transfer.export import export
from store.transfer.ingest import ingest

FORMATS: Final = ("ocel2-json", "ocel2-xml", "ocel2-sqlite", "xes")
SCHEMA: Final = ROOT / "tests" / "fixtures" / "schemas" / "ocel20.xsd"
FASTER: Final = 3.0  # × the peer
SMALLER: Final = 1 / 3  # of the peer's memory
TEN_TIMES: Final = 1.2  # × the memory of a file of a tenth


def run(size: Size) -> list[Result]:
    """By turns, a file of each format after the other."""
    if not peers.PEER.is_file():
        raise FileNotFoundError(f"no {peers.PEER}: run `make bench`, which sets the peers up")
    count = size.of(100_000, quick=20_000, tiny=40)
    with tempfile.TemporaryDirectory() as folder:
        short, long = Path(folder, "short"), Path(folder, "long")
        write_files(short, count // 10)
        write_files(long, count)
        found = list[Result]()
        for format_ in FORMATS:
            found += _imports(format_, short / format_, long / format_, count, size.rounds(3))
        found += [it for name in FORMATS for it in _both_ways(name, short, Path(folder))]
    return found


def _imports(format_: str, short: Path, long: Path, count: int, rounds: int) -> Iterator[Result]:
    ours, others = list[dict[str, Any]](), list[dict[str, Any]]()
    for _ in range(rounds):
        ours.append(told_by("mining_process", long))
        others.append(theirs("read", format_, long))
    small = told_by("mining_process", short)
    if ours[0]["events"] < count:
        raise AssertionError(f"{format_}: {ours[0]['events']:,} of {count:,} events are stored")
    pairs = [(o["seconds"], t["seconds"]) for o, t in zip(ours, others, strict=True)]
    ratio, our_s, their_s = median_ratio(pairs)
    our_kib = statistics.median(it["peak_kib"] for it in ours)
    their_kib = statistics.median(it["peak_kib"] for it in others)
    yield Result(
        name=f"import {count:,} events, {format_}",
        figure=ratio,
        unit="× pm4py",
        target=FASTER,
        better="higher",
        detail=f"{our_s:.2f} s into a log against {their_s:.2f} s into memory",
    )
    yield Result(
        name=f"memory of it, {format_}",
        figure=our_kib / their_kib,
        unit="× pm4py",
        target=SMALLER,
        better="lower",
        detail=f"{our_kib / 1024:.0f} MiB against {their_kib / 1024:.0f} MiB",
    )
    yield Result(
        name=f"memory of ten times the events, {format_}",
        figure=our_kib / small["peak_kib"],
        unit="× a tenth",
        target=TEN_TIMES,
        better="lower",
        detail=f"{our_kib / 1024:.0f} MiB against {small['peak_kib'] / 1024:.0f} MiB",
    )


def _both_ways(format_: str, files: Path, folder: Path) -> Iterator[Result]:
    """Written here, read and written again by the peer, read here."""
    log = folder / f"{format_}.foldline"
    events = ingest(files / "ocel2-json", into=log).stored
    out = folder / f"out{format_named(format_).suffixes[0]}"
    export(log, out, format=format_)
    again = out.with_name(f"again-{out.name}")
    told = theirs("rewrite", format_, out, again, SCHEMA)
    back = ingest(again, into=folder / f"back-{format_}.foldline", format=format_)
    for who, count in (("pm4py", told["events"]), ("us, as pm4py wrote it", back.stored)):
        yield Result(
            name=f"events of {format_} read by {who}",
            figure=count / events,
            unit="× written",
            target=1.0,
            better="higher",
            detail=f"{count:,} of {events:,}; {told['validity']}",
        )


def theirs(action: str, format_: str, *paths: Path) -> dict[str, Any]:
    """What the peer tells, in its own environment."""
    command = [str(peers.PEER), "benchmarks/mining_peer.py", action, format_, *map(str, paths)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer
