"""The two halves of the work as one job: shards are read, packages go to their parts, parts are
folded. One row of Spark is a package of thousands of events."""

import gc
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final

import py4j.protocol
import pyarrow
from msgspec import json
from pyspark import InheritableThread
from pyspark import errors as spark_errors
from pyspark.sql import SparkSession

from replay.parts.errors import MasterSilent, SparkFailed
from replay.parts.fold_part import fold_part
from replay.parts.origin import Shard
from replay.parts.read_shard import rows_of
from replay.parts.shipment import PartReport, Shipment
from replay.parts.source import Task
from replay.parts.worker_secrets import know, secrets_here
from replay.words import said
from store.errors import Cancelled

PACKAGES: Final = "part int, window long, events binary"
REPORTS: Final = "report string"
LOOK_S: Final = 0.2
ALONE_S: Final = 60.0  # without a worker that has begun
OURS: Final = ("replay.", "store.")  # errors that say all themselves
GONE: Final = (py4j.protocol.Py4JError, ConnectionError)  # what Java that has ended leads to
READ_SHARE: Final = 0.4  # of the time of a job

Tell = Callable[[float], None]


class SparkFolds:
    """replay.parts.work.Folds on a session. One thread."""

    def __init__(
        self,
        session: SparkSession,
        *,
        master: str,
        log: object,
        tell: Tell = lambda _fraction: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        """`tell` hears which fraction of the work is done."""
        self._session, self._context = session, session.sparkContext
        self._master, self._log = master, log
        self._group, self._jobs = "", 0
        self._tell, self._is_cancelled = tell, is_cancelled
        with self._in_our_words():
            self.cores = max(1, self._context.defaultParallelism)

    def __call__(
        self, shipment: Shipment, shards: Sequence[Shard], renew: Callable[[], None]
    ) -> Sequence[PartReport]:
        """Raises Cancelled, MasterSilent when nobody begins, SparkFailed, and what a worker
        raised where it is one of our errors."""
        with self._in_our_words():
            folded = (
                self._session.range(0, len(shards), 1, len(shards))
                .mapInArrow(_reading(shipment, shards, secrets_here()), PACKAGES)
                .repartitionById(shipment.parts, "part")
                .sortWithinPartitions("part", "window")
                .mapInArrow(_folding(shipment, secrets_here()), REPORTS)
            )
            rows = self._collected(folded, tasks=(len(shards), shipment.parts), renew=renew)
        return [json.decode(it.report, type=PartReport) for it in rows]

    def each(self, tasks: Sequence[Task], renew: Callable[[], None]) -> None:
        """Raises as folding does."""
        with self._in_our_words():
            done = self._session.range(0, len(tasks), 1, len(tasks)).mapInArrow(
                _doing(tasks, secrets_here()), REPORTS
            )
            self._collected(done, tasks=(len(tasks), 1), renew=renew)

    def _collected(
        self, frame: Any, *, tasks: tuple[int, int], renew: Callable[[], None]
    ) -> Sequence[Any]:
        found: list[Any] = []
        self._jobs += 1
        self._group = f"foldline {self._jobs}"

        def collect() -> None:
            self._context.setJobGroup(self._group, "rows of a view", interruptOnCancel=True)
            try:
                found.append(frame.collect())
            except Exception as error:  # told to who waits
                found.append(error)

        thread = InheritableThread(target=collect, name="spark job", daemon=True)
        thread.start()
        try:
            self._watch(thread, tasks, renew)
        except BaseException:
            with suppress(*GONE):  # then nothing runs any more
                self._context.cancelJobGroup(self._group)
            thread.join(ALONE_S)
            raise
        if isinstance(found[0], Exception):
            raise found[0]
        rows: Sequence[Any] = found[0]
        return rows

    def _watch(
        self, thread: threading.Thread, tasks: tuple[int, int], renew: Callable[[], None]
    ) -> None:
        began_s, has_begun = time.monotonic(), False
        while thread.is_alive():
            thread.join(LOOK_S)
            if self._is_cancelled():
                raise Cancelled
            renew()
            done, active = self._tasks()
            has_begun |= bool(active or any(done))
            if not has_begun and time.monotonic() - began_s > ALONE_S:
                raise MasterSilent(self._master, said("no worker took the job"))
            shares = [min(1.0, it / of) for it, of in zip(done, tasks, strict=True)]
            self._tell(READ_SHARE * shares[0] + (1 - READ_SHARE) * shares[1])

    def _tasks(self) -> tuple[tuple[int, int], int]:
        """How many tasks of both halves are done, and how many are at work."""
        tracker, done, active = self._context.statusTracker(), [0, 0], 0
        for job in tracker.getJobIdsForGroup(self._group):
            info = tracker.getJobInfo(job)
            for half, stage in zip((0, 1), sorted(info.stageIds if info else ()), strict=False):
                if (it := tracker.getStageInfo(stage)) is not None:
                    done[half] = it.numCompletedTasks
                    active += it.numActiveTasks
        return (done[0], done[1]), active

    @contextmanager
    def _in_our_words(self) -> Iterator[None]:
        """Raises SparkFailed for what Spark, its Java or a worker raised."""
        try:
            yield
        except (spark_errors.PySparkException, *GONE) as error:
            raise SparkFailed(_told_of(error)[:500], self._log) from error


def _told_of(error: Exception) -> str:
    """What was raised first, where a worker raised it."""
    ended, raised_there = said("its process of Java has ended"), py4j.protocol.Py4JJavaError
    if isinstance(error, GONE) and not isinstance(error, raised_there):
        return ended
    try:
        text = str(error)
    except GONE:  # it asks Java
        return ended
    told = [it.strip() for it in text.splitlines() if _is_telling(it)]
    text = told[-1] if told else text.partition("\n")[0]
    return text.partition(": ")[2] if text.startswith(OURS) else text


def _is_telling(line: str) -> bool:
    """Of a traceback within the text of an error: the line that says what was raised."""
    name, colon, _ = line.strip().partition(":")
    return bool(colon) and name.rpartition(".")[2][:1].isupper() and " " not in name


def _begin_task(secrets: Mapping[str, str]) -> None:
    """In a worker. Spark collects garbage after each task, and would go through all modules again
    and again: a tenth of a second, as long as it takes to read 50,000 events."""
    know(secrets)
    gc.freeze()


def _reading(
    shipment: Shipment, shards: Sequence[Shard], secrets: Mapping[str, str]
) -> Callable[[Any], Iterator[Any]]:
    def read(batches: Any) -> Iterator[Any]:
        _begin_task(secrets)
        for batch in batches:
            for number in batch.column(0).to_pylist():
                for part, window, text in rows_of(shipment, shards[number]):
                    arrays = [pyarrow.array([part], "int32"), pyarrow.array([window], "int64")]
                    arrays.append(pyarrow.array([text], "binary"))
                    yield pyarrow.RecordBatch.from_arrays(arrays, ["part", "window", "events"])

    return read


def _doing(tasks: Sequence[Task], secrets: Mapping[str, str]) -> Callable[[Any], Iterator[Any]]:
    def do(batches: Any) -> Iterator[Any]:
        _begin_task(secrets)
        for batch in batches:
            for number in batch.column(0).to_pylist():
                tasks[number]()
        yield pyarrow.RecordBatch.from_arrays([pyarrow.array([""])], ["report"])

    return do


def _folding(shipment: Shipment, secrets: Mapping[str, str]) -> Callable[[Any], Iterator[Any]]:
    def fold(batches: Any) -> Iterator[Any]:
        _begin_task(secrets)
        rows = _Rows(batches)
        if rows.part is not None:
            report = fold_part(shipment, rows.part, rows)
            text = json.encode(report).decode()
            yield pyarrow.RecordBatch.from_arrays([pyarrow.array([text])], ["report"])

    return fold


class _Rows:
    """The packages of one part, as they come."""

    def __init__(self, batches: Any) -> None:
        self._batches = iter(batches)
        self._first = next((it for it in self._batches if it.num_rows), None)
        self.part = None if self._first is None else self._first.column(0)[0].as_py()

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        batch = self._first
        while batch is not None:
            yield from zip(batch.column(1).to_pylist(), batch.column(2).to_pylist(), strict=True)
            batch = next(self._batches, None)
