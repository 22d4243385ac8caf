"""python -m tests.engines.spark_process MASTER STORE: fold a view on a cluster, and tell when its
workers have begun, and the digest."""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from replay.parts.ends import opened_source, opened_target
from replay.parts.work import fold_in_parts, shippable_view
from replay.spark.job import SparkFolds
from replay.spark.master import SECRET, Master
from replay.spark.session import session

NAME = "event_types"


def main(master: str, store: str) -> None:
    """Fold into files that nobody keeps."""
    told = list[float]()

    def tell(fraction: float) -> None:
        if fraction > 0 and not told:
            told.append(fraction)
            print("begun", flush=True)

    with TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        secret = os.environ[SECRET]
        with (
            session(Master(master), title="test", log=log, settings={}, secret=secret) as begun,
            opened_source(store) as source,
            opened_target(f"parquet:{folder}/out", source, work=None) as target,
        ):
            folds = SparkFolds(begun, master=master, log=log, tell=tell)
            done = fold_in_parts(source, shippable_view(source.place, NAME), target, folds)
    print(done.accepted.digest, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
