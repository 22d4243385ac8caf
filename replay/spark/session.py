"""One session on Spark: started with our code on its workers, ended with its process of Java.

What Java and the workers say goes into a file, not to the terminal.
"""

import os
import shlex
import sys
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import py4j.protocol
import pyspark
from pyspark import errors as spark_errors
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession

from replay.parts.errors import JavaMissing, MasterSilent
from replay.spark.master import Master
from replay.words import said

START_S: Final = 90.0  # for a master that may be none
LOCAL_S: Final = 600.0  # nobody else is asked; a machine that is very busy takes minutes
SENT: Final = ("replay", "store")  # our packages that workers need
LOOPBACK: Final = "127.0.0.1"
PACKAGES_A_BATCH: Final = 8  # each may have megabytes
SETTINGS: Final = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "WARN",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.execution.arrow.maxRecordsPerBatch": str(PACKAGES_A_BATCH),
}


@contextmanager
def session(
    master: Master, *, title: str, log: Path, settings: Mapping[str, str], secret: str = ""
) -> Iterator[SparkSession]:
    """Raises JavaMissing, MasterSilent. `log` is where Spark writes; `settings` are Spark's, by
    name, and go over ours. `secret`: what the master asks for, which no command line shows."""
    master.require_master()
    with TemporaryDirectory(prefix="foldline-spark-") as folder, log.open("wb") as told:
        conf = pyspark.SparkConf(loadDefaults=False)
        chosen = {**SETTINGS, **_here(master), "spark.local.dir": folder, **settings}
        conf.setAll([("spark.master", master.text), ("spark.app.name", title), *chosen.items()])
        with _environment(master, _told(Path(folder), secret)):
            gateway = _gateway(conf, told, log)
            try:
                yield _begun(master, conf, gateway, Path(folder))
            finally:
                _end(gateway)


def _here(master: Master) -> dict[str, str]:
    if not master.is_on_loopback:
        return {}
    return {"spark.driver.host": LOOPBACK, "spark.driver.bindAddress": LOOPBACK}


def _told(folder: Path, secret: str) -> dict[str, str]:
    """How Java learns the secret: in a file that this account alone can read."""
    if not secret:
        return {}
    file = folder / "secret.conf"  # the folder is this account's alone
    file.write_text(f"spark.authenticate true\nspark.authenticate.secret {secret}\n", "utf-8")
    return {"PYSPARK_SUBMIT_ARGS": f"--properties-file {shlex.quote(str(file))} pyspark-shell"}


@contextmanager
def _environment(master: Master, told: Mapping[str, str]) -> Iterator[None]:
    """What Spark takes from the environment: the same Python there as here, and in local mode our
    code from where it is."""
    root = str(Path(__file__).parents[2])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    wanted = {"PYSPARK_PYTHON": os.environ.get("PYSPARK_PYTHON") or sys.executable}
    wanted |= told
    if master.is_local:
        wanted["PYTHONPATH"] = os.pathsep.join(paths)
    if master.is_on_loopback:
        wanted["SPARK_LOCAL_IP"] = LOOPBACK
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


def _gateway(conf: Any, told: Any, log: Path) -> Any:
    try:
        return launch_gateway(conf, popen_kwargs={"stdout": told, "stderr": told})
    except (spark_errors.PySparkRuntimeError, OSError) as error:
        lines = log.read_text("utf-8", errors="replace").strip().splitlines()
        raise JavaMissing(lines[-1][:300] if lines else "") from error


def _begun(master: Master, conf: Any, gateway: Any, folder: Path) -> SparkSession:
    """Bounded: Spark itself would wait for a master that says nothing. One that refuses the job
    ends the context, before or after it got our code."""
    found: list[Any] = []

    def begin() -> None:
        try:
            context = pyspark.SparkContext(conf=conf, gateway=gateway)
            if not master.is_local:
                context.addPyFile(str(_code(folder)))
            found.append(SparkSession(context))
        except Exception as error:  # told to who waits
            found.append(error)

    thread = threading.Thread(target=begin, name="spark-start", daemon=True)
    thread.start()
    thread.join(LOCAL_S if master.is_local else START_S)
    if not found:
        _end(gateway)
        thread.join(START_S)
    if not found or isinstance(found[0], Exception):
        reason = said("what answers there is no master of Spark that takes this job")
        raise MasterSilent(master.text, reason) from (found[0] if found else None)
    session: SparkSession = found[0]
    return session


def _end(gateway: Any) -> None:
    """Stop the session and its process of Java, whatever state they are in."""
    context = pyspark.SparkContext._active_spark_context
    if context is not None:
        with suppress(py4j.protocol.Py4JError, OSError):
            context.stop()
    with suppress(py4j.protocol.Py4JError, OSError):
        gateway.shutdown()
    pyspark.SparkContext._gateway = pyspark.SparkContext._jvm = None
    process = gateway.proc
    process.stdin.close()
    try:
        process.wait(10)
    except Exception:
        process.kill()
        process.wait()


def _code(folder: Path) -> Path:
    """Our code, for workers that have another or none."""
    root, path = Path(__file__).parents[2], folder / "foldline-code.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name in SENT:
            for it in sorted((root / name).rglob("*")):
                if it.is_file() and "__pycache__" not in it.parts:
                    file.write(it, it.relative_to(root))
    return path
