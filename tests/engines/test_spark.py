"""Views folded on a real Spark: every bundled view has the digest of a rebuild here, whoever is
killed when, and whatever is missing."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from replay.catalog.all_views import bundled_views
from replay.parts.work import shippable_view
from store.errors import Cancelled
from tests.engines.on_spark import Work, digest_here
from tests.replay.logs import make_log

EVENTS = 1_500
MANY = 20_000  # enough for somebody to be killed meanwhile
VIEWS = [it.name for it in bundled_views() if it.projection is not None]
ROOT = Path(__file__).parents[2]
SILENT = """\
import sys
from pathlib import Path
from replay.parts.errors import MasterSilent
from replay.spark import session as of_spark
from replay.spark.master import Master

of_spark.START_S = 15.0
try:
    with of_spark.session(Master(sys.argv[1]), title="t", log=Path(sys.argv[2]), settings={}):
        pass
except MasterSilent as error:
    print(error)
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return make_log(tmp_path / "shop.foldline", EVENTS)


@pytest.mark.parametrize("name", VIEWS)
def test_every_bundled_view_has_the_digest_of_a_rebuild_here(
    name: str, spark: Work, tmp_path: Path
) -> None:
    projection = shippable_view(None, name).projection
    assert projection is not None
    heard = projection.listens or frozenset()
    log = make_log(tmp_path / "heard.foldline", EVENTS, heard=heard)

    done = spark.folded(name, log, f"parquet:{tmp_path / 'out'}")

    assert done.accepted.digest == digest_here(log, name)
    assert done.row_count


def test_the_rows_come_back_into_the_store(spark: Work, log: Path) -> None:
    done = spark.folded("streams", log, log)

    assert done.accepted.digest == digest_here(log, "streams")


def test_a_job_that_is_cancelled_ends_and_the_next_one_is_whole(
    spark: Work, log: Path, tmp_path: Path
) -> None:
    spark.is_cancelled = True
    try:
        with pytest.raises(Cancelled):
            spark.folded("event_types", log, f"parquet:{tmp_path / 'out'}")
    finally:
        spark.is_cancelled = False

    assert not (tmp_path / "out" / "event_types").exists()
    done = spark.folded("event_types", log, f"parquet:{tmp_path / 'out'}")
    assert done.accepted.digest == digest_here(log, "event_types")


def test_after_a_driver_was_killed_the_same_command_has_the_same_digest(tmp_path: Path) -> None:
    log, out = make_log(tmp_path / "shop.foldline", MANY), tmp_path / "out"
    process = begun_to_fold(log, out)
    process.kill()
    process.communicate()
    assert not (out / "event_types").exists()

    done = subprocess.run(line(log, out), capture_output=True, text=True, check=False, timeout=300)

    assert done.returncode == 0, done.stderr
    assert digest_here(log, "event_types")[:16] in done.stdout


def test_java_that_is_killed_is_told(tmp_path: Path) -> None:
    process = begun_to_fold(make_log(tmp_path / "shop.foldline", MANY), tmp_path / "out")
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("ascii")
    (java,) = map(int, children.split())

    os.kill(java, signal.SIGKILL)
    _, told = process.communicate(timeout=300)

    assert process.returncode == 1
    assert "the job on Spark failed (its process of Java has ended)" in told


def begun_to_fold(log: Path, out: Path) -> subprocess.Popen[str]:
    """A process whose workers fold."""
    process = subprocess.Popen(
        line(log, out), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    while process.poll() is None and not list(out.glob(".event_types-parts/history/.part-*")):
        time.sleep(0.005)
    return process


def line(log: Path, out: Path) -> list[str]:
    """What a person types."""
    begin = [sys.executable, str(ROOT / "main.py"), "rebuild", "event_types", "--on", "local[2]"]
    return [*begin, "--from", str(log), "--into", f"parquet:{out}"]


def test_a_server_that_is_no_master_is_given_up(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        master = f"spark://127.0.0.1:{server.getsockname()[1]}"
        words = [sys.executable, "-c", SILENT, master, str(tmp_path / "log")]
        done = subprocess.run(
            words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
        )

    assert "no master of Spark that takes this job" in done.stdout, done.stderr


def test_without_java_the_line_to_type_is_told(tmp_path: Path) -> None:
    log = make_log(tmp_path / "a.foldline", 10)
    done = subprocess.run(
        line(log, tmp_path / "out"),
        env={**os.environ, "JAVA_HOME": str(tmp_path / "nowhere")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 1
    assert "it needs Java 17 or newer" in done.stderr
