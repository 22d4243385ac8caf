"""A Spark cluster of one's own: a master and two workers, one of which is killed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from replay.spark.master import SECRET
from resources.engines.spark import SparkCluster
from tests.engines.on_spark import digest_here
from tests.replay.logs import make_log

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkCluster]:
    found = SparkCluster(tmp_path_factory.mktemp("cluster") / "spark")
    found.start()
    yield found
    found.stop()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return make_log(tmp_path / "shop.foldline", 1_500)


def test_its_secret_is_read_by_this_account_alone(cluster: SparkCluster) -> None:
    assert len(cluster.secret) == 64
    assert (cluster.folder / "secret").stat().st_mode & 0o077 == 0
    assert (cluster.folder / "settings.conf").stat().st_mode & 0o077 == 0


def test_a_view_is_the_same_though_a_worker_is_killed(cluster: SparkCluster, log: Path) -> None:
    """The driver is a process of its own: a process has one session."""
    line = [sys.executable, "-m", "tests.engines.spark_process", cluster.address, str(log)]
    process = subprocess.Popen(
        line,
        cwd=ROOT,
        env={**os.environ, SECRET: cluster.secret},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    cluster.workers[0].kill()

    told, _ = process.communicate(timeout=400)

    assert process.returncode == 0
    assert told.split()[-1] == digest_here(log, "event_types")


def test_without_the_secret_nothing_is_folded(cluster: SparkCluster, log: Path) -> None:
    line = [sys.executable, "-m", "tests.engines.spark_process", cluster.address, str(log)]

    done = subprocess.run(
        line,
        cwd=ROOT,
        env={**os.environ, SECRET: "f" * 64},
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )

    assert done.returncode != 0
    assert "MasterSilent" in done.stderr
