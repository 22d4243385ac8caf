"""A view folded on Spark, beside a job for the same view that somebody wrote by hand.

Both read the same Parquet files, run in one session of local[2], and write every version of every
row and all rows as Parquet, with the same columns: they are compared. The job by hand knows its one
view: it takes the columns that it needs and adds up balances itself. Ours runs the projection as it
is, and makes the digest.
"""

import shutil
import statistics
import tempfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pyarrow
import pyarrow.parquet
from msgspec import json
from pyspark.sql import SparkSession

from benchmarks.engines._process_cpu import cpu_of_all_s
from benchmarks.measure import Result, Size, in_turns, seconds
from replay.parts.ends import opened_source, opened_target
from replay.parts.plan import parts_for
from replay.parts.work import fold_in_parts, shippable_view
from replay.spark.job import SparkFolds
from replay.spark.master import Master
from replay.spark.session import session
from store.formats.parquet import COLUMNS

LEAST: Final = 0.7  # × the job by hand
VIEW: Final = "accounts"
MASTER: Final = Master("local[2]")
EVENTS_AN_ACCOUNT: Final = 10
A_GROUP: Final = 50_000  # events of a row group
WRITES: Final = 65_536  # of one event, at most
OWN: Final = (
    ("account", "string"),
    ("owner", "string"),
    ("balance", "string"),
    ("is_closed", "bool"),
)
HISTORY: Final = pyarrow.schema(
    [
        *OWN,
        ("_write", "int64"),
        ("_first_write", "int64"),
        ("_position", "int64"),
        ("_is_deleted", "bool"),
    ]
)
ROWS: Final = pyarrow.schema(
    [
        *OWN,
        ("_position", "int64"),
        ("_first_position", "int64"),
        ("_writes", "int64"),
        ("_is_cut", "bool"),
        ("_first_write", "int64"),
    ]
)


def run(size: Size) -> list[Result]:
    """Both sides by turns in one session."""
    count = size.of(1_000_000, quick=100_000, tiny=500)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        events = _events(folder / "events", count)
        log = folder / "log"
        with session(MASTER, title="benchmark", log=log, settings={}) as spark:
            folds = SparkFolds(spark, master=MASTER.text, log=log)
            _ours(folds, events, folder)  # its workers are started, and ours warm as well
            cpu_s: dict[str, list[float]] = {"ours": [], "by hand": []}

            def timed(whose: str, work: Callable[[], None]) -> float:
                before_s = cpu_of_all_s()
                found_s = seconds(work)
                cpu_s[whose].append(cpu_of_all_s() - before_s)
                return found_s

            ratio, ours_s, bare_s = in_turns(
                lambda: timed("ours", lambda: _ours(folds, events, folder)),
                lambda: timed("by hand", lambda: _by_hand(spark, events, folder, count)),
                rounds=size.rounds(3),
            )
        _require_same(folder / "ours" / VIEW, folder / "bare")
    return [_in_time(ratio, ours_s, bare_s, count), _in_cpu_time(cpu_s, count)]


def _in_cpu_time(cpu_s: dict[str, list[float]], count: int) -> Result:
    """Of all processes; the first turn of each side is a warm-up."""
    ours_s, bare_s = (it[1:] for it in cpu_s.values())
    one_s = statistics.median(ours_s)
    return Result(
        name=f"the same in CPU time, {count:,} events",
        figure=statistics.median(bare / ours for ours, bare in zip(ours_s, bare_s, strict=True)),
        unit="× by hand",
        target=None,
        better="higher",
        detail=f"{one_s / count * 1e6:.1f} µs an event",
    )


def _in_time(ratio: float, ours_s: float, bare_s: float, count: int) -> Result:
    return Result(
        name=f"Spark fold of {VIEW}, {count:,} events",
        figure=ratio,
        unit="× by hand",
        target=LEAST,
        better="higher",
        detail=f"{count / ours_s:,.0f}/s, by hand {count / bare_s:,.0f}/s",
    )


def _events(folder: Path, count: int) -> Path:
    """Deposits and withdrawals of many accounts, in turn, as an export writes them."""
    folder.mkdir()
    schema = pyarrow.schema(
        (name, pyarrow.list_(pyarrow.string()) if kind == "texts" else kind)
        for name, kind in COLUMNS.items()
    )
    accounts = max(1, count // EVENTS_AN_ACCOUNT)
    with pyarrow.parquet.ParquetWriter(folder / "events.parquet", schema) as writer:
        for first in range(1, count + 1, A_GROUP):
            rows = [_row(it, accounts) for it in range(first, min(first + A_GROUP, count + 1))]
            writer.write_table(pyarrow.Table.from_pylist(rows, schema=schema))
    return folder


def _row(position: int, accounts: int) -> dict[str, Any]:
    kind = "DepositPerformed" if position % 3 else "WithdrawalPerformed"
    return {
        "position": position,
        "stream": f"account-{position % accounts}",
        "stream_version": 1 + (position - 1) // accounts,
        "type": kind,
        "id": f"e{position}",
        "occurred_at_us": position,
        "occurred_offset_min": 0,
        "recorded_at_us": position,
        "recorded_offset_min": 0,
        "data": f'{{"amount":{position % 997}.25}}',
        "metadata": "{}",
        "source": None,
        "links": None,
    }


def _ours(folds: SparkFolds, events: Path, folder: Path) -> None:
    shutil.rmtree(folder / "ours", ignore_errors=True)
    with (
        opened_source(f"parquet:{events}") as source,
        opened_target(f"parquet:{folder / 'ours'}", source, work=None) as target,
    ):
        fold_in_parts(source, shippable_view(None, VIEW), target, folds)


def _by_hand(spark: SparkSession, events: Path, folder: Path, count: int) -> None:
    out = folder / "bare"
    shutil.rmtree(out, ignore_errors=True)
    for it in (out / "history", out / "rows"):
        it.mkdir(parents=True)
    parts = parts_for(count, "stream", 2)
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "10000")
    rows = spark.read.parquet(str(events)).select("position", "stream", "type", "data")
    sorted_rows = rows.repartition(parts, "stream").sortWithinPartitions("position")
    written = sorted_rows.mapInArrow(_job(str(out)), "versions long").collect()
    spark.conf.unset("spark.sql.execution.arrow.maxRecordsPerBatch")
    assert sum(it.versions for it in written) == count


def _require_same(ours: Path, by_hand: Path) -> None:
    """Raises AssertionError where both have not written the same."""
    for kind, order in (("history", "_write"), ("rows", "account")):
        one, other = (
            pyarrow.parquet.read_table(it / kind).sort_by(order) for it in (ours, by_hand)
        )
        assert one.equals(other), kind


def _job(folder: str) -> Any:
    def fold(batches: Iterator[Any]) -> Iterator[Any]:
        balances: dict[str, Decimal] = {}
        firsts: dict[str, int] = {}
        rows: dict[str, tuple[Any, ...]] = {}
        counts: dict[str, int] = {}
        decoder, versions, history = json.Decoder(dict[str, Decimal]), 0, None
        for batch in batches:
            found = []
            for position, stream, kind, data in zip(
                *(batch.column(it).to_pylist() for it in range(4)), strict=True
            ):
                account = stream.partition("-")[2]
                amount = decoder.decode(data)["amount"]
                before = balances.get(account, Decimal("0.00"))
                after = before + amount if kind == "DepositPerformed" else before - amount
                balances[account] = after
                write = position * WRITES
                first = firsts.setdefault(account, write)
                count = counts[account] = counts.get(account, 0) + 1
                own = (account, "", str(after), False)
                rows[account] = (*own, position, first // WRITES, count, False, first)
                found.append((*own, write, first, position, False))
            history = history or pyarrow.parquet.ParquetWriter(
                f"{folder}/history/{found[0][-2]}.parquet", HISTORY, compression="zstd"
            )
            history.write_table(_table(found, HISTORY))
            versions += len(found)
        if history is not None:
            history.close()
            standing = sorted(rows.values())
            pyarrow.parquet.write_table(
                _table(standing, ROWS),
                f"{folder}/rows/{standing[0][-1]}.parquet",
                compression="zstd",
            )
        yield pyarrow.RecordBatch.from_arrays([pyarrow.array([versions])], ["versions"])

    return fold


def _table(rows: list[tuple[Any, ...]], schema: Any) -> Any:
    arrays = [
        pyarrow.array(values, type=field.type)
        for values, field in zip(zip(*rows, strict=True), schema, strict=True)
    ]
    return pyarrow.Table.from_arrays(arrays, schema=schema)
