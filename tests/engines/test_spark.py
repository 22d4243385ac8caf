"""Views folded on a real Spark: every bundled view has the digest of a rebuild here."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from replay.catalog.all_views import bundled_views
from replay.catalog.rebuild import rebuild
from replay.parts.ends import opened_source, opened_target
from replay.parts.work import FoldedThere, fold_in_parts, shippable_view
from replay.spark.job import SparkFolds
from replay.spark.master import Master
from replay.spark.session import session
from store.errors import Cancelled
from store.opening import reading
from tests.replay.logs import make_log

LOCAL = Master("local[2]")
EVENTS = 1_500
VIEWS = [it.name for it in bundled_views() if it.projection is not None]
ROOT = Path(__file__).parents[2]


@dataclass
class Work:
    """Who folds, and whether it is to end."""

    folds: SparkFolds
    is_cancelled: bool = False


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Work]:
    """One session for all."""
    log = tmp_path_factory.mktemp("spark") / "log"
    with session(LOCAL, title="tests", log=log, settings={}) as begun:
        work = Work.__new__(Work)
        work.is_cancelled = False
        work.folds = SparkFolds(
            begun, master=LOCAL.text, log=log, is_cancelled=lambda: work.is_cancelled
        )
        yield work


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return make_log(tmp_path / "shop.foldline", EVENTS)


def folded(work: Work, name: str, origin: object, into: object) -> FoldedThere:
    with opened_source(str(origin)) as source, opened_target(str(into), source, work=None) as there:
        view = shippable_view(source.place or there.place, name)
        return fold_in_parts(source, view, there, work.folds)


def digest_here(log: Path, name: str) -> str:
    with reading(log) as reader:
        (report,) = rebuild(reader, [name])
    return report.digest


@pytest.mark.parametrize("name", VIEWS)
def test_every_bundled_view_has_the_digest_of_a_rebuild_here(
    name: str, spark: Work, tmp_path: Path
) -> None:
    projection = shippable_view(None, name).projection
    assert projection is not None
    heard = projection.listens or frozenset()
    log = make_log(tmp_path / "heard.foldline", EVENTS, heard=heard)

    done = folded(spark, name, log, f"parquet:{tmp_path / 'out'}")

    assert done.accepted.digest == digest_here(log, name)
    assert done.row_count


def test_the_rows_come_back_into_the_store(spark: Work, log: Path) -> None:
    done = folded(spark, "streams", log, log)

    assert done.accepted.digest == digest_here(log, "streams")


def test_a_job_that_is_cancelled_ends_and_the_next_one_is_whole(
    spark: Work, log: Path, tmp_path: Path
) -> None:
    spark.is_cancelled = True
    try:
        with pytest.raises(Cancelled):
            folded(spark, "event_types", log, f"parquet:{tmp_path / 'out'}")
    finally:
        spark.is_cancelled = False

    assert not (tmp_path / "out" / "event_types").exists()
    done = folded(spark, "event_types", log, f"parquet:{tmp_path / 'out'}")
    assert done.accepted.digest == digest_here(log, "event_types")


def test_without_java_the_line_to_type_is_told(tmp_path: Path) -> None:
    log = make_log(tmp_path / "a.foldline", 10)
    line = [sys.executable, str(ROOT / "main.py"), "rebuild", str(log), "streams"]
    done = subprocess.run(
        [*line, "--on", "local[1]"],
        env={**os.environ, "JAVA_HOME": str(tmp_path / "nowhere")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 1
    assert "it needs Java 17 or newer" in done.stderr
