"""Spark, for the processes that a window under test starts: parts are folded there.

While a file `spark-held` is among the stand-ins, nothing more is folded after the first part, until
somebody cancels it.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from store.errors import Cancelled
from tests.gui.engine_stand_ins import LOOK_S, stand_ins


@contextmanager
def session(*_given: Any, **_named: Any) -> Iterator[None]:
    """As replay.spark.session.session."""
    yield


class SparkFolds:
    """As replay.spark.job.SparkFolds."""

    cores = 2

    def __init__(
        self,
        _session: None,
        *,
        master: str,  # noqa: ARG002 (of the real one)
        log: Path,  # noqa: ARG002
        tell: Callable[[float], None],
        is_cancelled: Callable[[], bool],
    ) -> None:
        self._tell, self._is_cancelled = tell, is_cancelled

    def __call__(self, shipment: Any, shards: Any, renew: Callable[[], None]) -> Sequence[Any]:
        from tests.replay.parts.here import FoldedHere  # late: most processes fold nothing

        folds, held = FoldedHere(self.cores), stand_ins() / "spark-held"

        def wait() -> None:
            renew()
            self._tell(len(folds.folded) / shipment.parts)
            while folds.folded and held.exists():
                if self._is_cancelled():
                    raise Cancelled
                time.sleep(LOOK_S)

        return folds(shipment, shards, wait)
