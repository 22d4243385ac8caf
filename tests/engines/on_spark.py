"""Views folded on one session of Spark, for several tests. Without pyspark this cannot be loaded,
so these tests fail then."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from replay.catalog.rebuild import rebuild
from replay.parts.ends import opened_source, opened_target
from replay.parts.work import FoldedThere, fold_in_parts, shippable_view
from replay.spark.job import SparkFolds
from replay.spark.master import Master
from replay.spark.session import session
from store.opening import reading

LOCAL: Final = Master("local[2]")


class Work:
    """Who folds, and whether it is to end."""

    folds: SparkFolds
    is_cancelled = False

    def folded(self, name: str, origin: object, into: object) -> FoldedThere:
        """One view, with both ends as a person types them."""
        with (
            opened_source(str(origin)) as source,
            opened_target(str(into), source, work=None) as there,
        ):
            view = shippable_view(source.place or there.place, name)
            return fold_in_parts(source, view, there, self.folds)

    def digests(self, names: Sequence[str], origin: object, into: object) -> dict[str, str]:
        """Of several views, by name."""
        return {it: self.folded(it, origin, into).accepted.digest for it in names}


@contextmanager
def begun(log: Path) -> Iterator[Work]:
    """A session in this process; `log` is where Spark writes."""
    work = Work()
    with session(LOCAL, title="tests", log=log, settings={}) as spark:
        work.folds = SparkFolds(
            spark, master=LOCAL.text, log=log, is_cancelled=lambda: work.is_cancelled
        )
        yield work


def digest_here(log: Path, name: str) -> str:
    """Of a plain rebuild."""
    with reading(log) as reader:
        (report,) = rebuild(reader, [name])
    return report.digest
