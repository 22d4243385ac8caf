"""rebuild --on: what was asked for on the command line, done on Spark and told."""

import argparse
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp
from typing import Final

from replay.local_engine import LocalEngine
from replay.parts.ends import opened_source, opened_target
from replay.parts.errors import WrongEnd
from replay.parts.estimate import estimate
from replay.parts.shipment import safe_views
from replay.parts.work import FoldedThere, Folds, fold_in_parts, shippable_view
from replay.printing import plain, print_json, print_text
from replay.progress_lines import ProgressLines
from replay.spark.master import SECRET, Master, master_of
from replay.terminal_progress import TerminalProgress
from replay.views.view import View
from replay.words import counted, said
from store.place import Place
from store.remote.adapter_part import adapter_part

PACKAGES: Final = ("pyspark", "py4j", "pyarrow", "pandas")
EXTRA: Final = "spark"


def rebuild_there(arguments: argparse.Namespace) -> int:
    """Exit code 1 when a view could not be folded. Raises what folding in parts raises."""
    first = str(arguments.store)
    origin: str = arguments.origin or first
    names: list[str] = [first, *arguments.names] if arguments.origin else arguments.names
    master, settings = master_of(arguments.on), _settings(arguments.set)
    into, work = arguments.into or origin, arguments.work
    with opened_source(origin) as source, opened_target(into, source, work=work) as target:
        place = source.place or target.place
        views = [shippable_view(place, it) for it in names] or _every_view(place)
        events = source.head().position
        lines = ProgressLines(is_on=arguments.progress)
        if not (arguments.json or lines.is_on):
            print_text(estimate(events, workers=_workers(master)).sentence(events, master.text))
        start = _Start(
            master=master,
            title=said("Foldline: rebuild {names}", names=", ".join(it.name for it in views)),
            settings=settings,
            secret=_secret(arguments.engines, master),
            events=events,
            views=len(views),
        )
        found = list[FoldedThere]()
        with start.folds(lines, found) as folds:
            for it in views:
                found.append(fold_in_parts(source, it, target, folds))
            _tell(found, is_json=arguments.json)
    return 0


def _every_view(place: Place | None) -> list[View]:
    """Those that can be folded there."""
    return [it for it in safe_views(place) if it.projection is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Start:
    """What a session is begun with."""

    master: Master
    title: str
    settings: Mapping[str, str]
    secret: str
    events: int
    views: int

    @contextmanager
    def folds(self, lines: ProgressLines, done: Sequence[FoldedThere]) -> Iterator[Folds]:
        """`done` views are counted into the progress. Raises EngineMissing, and what starting
        raises. The log of Spark is left where something went wrong."""
        session, job = (
            adapter_part(f"replay.spark.{it}", engine=EXTRA.title(), extra=EXTRA, packages=PACKAGES)
            for it in ("session", "job")
        )
        number, name = mkstemp(prefix="foldline-spark-", suffix=".log")
        os.close(number)
        log = Path(name)
        begun = session.session(
            self.master, title=self.title, log=log, settings=self.settings, secret=self.secret
        )
        with begun as spark, TerminalProgress(said("events folded on Spark")) as terminal:

            def tell(fraction: float) -> None:
                whole = (len(done) + fraction) / self.views
                events = self.events * self.views
                lines.tell(fraction=whole, events=int(events * whole))
                terminal.tell(int(events * whole), events)

            yield job.SparkFolds(
                spark,
                master=self.master.text,
                log=log,
                tell=tell,
                is_cancelled=lines.is_cancelled,
            )
        log.unlink()


def _secret(engines: Mapping[str, Callable[[], LocalEngine]], master: Master) -> str:
    """Of a cluster that `engines up spark` began; that of others is in the environment."""
    if EXTRA in engines and not master.is_local:
        ours = engines[EXTRA]()
        if ours.address == master.text:
            return str(getattr(ours, "secret", ""))
    return os.environ.get(SECRET, "")


def _workers(master: Master) -> int:
    """As far as the address says."""
    text = master.text.partition("[")[2].rstrip("]")
    return int(text) if text.isdigit() else 2


def _settings(given: Sequence[str]) -> dict[str, str]:
    """Raises WrongEnd."""
    found = {}
    for it in given:
        name, sign, value = it.partition("=")
        if not sign or not name.startswith("spark."):
            reason = said("a setting of Spark is written spark.NAME=VALUE, not {text!r}", text=it)
            raise WrongEnd(reason)
        found[name] = value
    return found


def _tell(found: Sequence[FoldedThere], *, is_json: bool) -> None:
    if is_json:
        print_json({"views": [plain(it) for it in found]})
        return
    for it in found:
        print_text(_line(it))


def _line(it: FoldedThere) -> str:
    by = said("partitioned by {by}", by=it.partitioned_by)
    if it.whole_because:
        by = said("in one partition, {reason}", reason=it.whole_because)
    before = ""
    if it.parts_before:
        before = said(" ({count:,} of them folded before)", count=it.parts_before)
    note = f"; {it.accepted.note}" if it.accepted.note else ""
    verdict = {None: "", True: said(", the same as before"), False: said(", different from before")}
    return said(
        "{view} up to {position:,} in {seconds:.1f} s, {parts}{before}, {by}: {rows}, "
        "{versions}, digest {digest}{verdict}, into {into}{note}",
        view=it.view,
        position=it.position,
        seconds=it.seconds,
        parts=counted("{count:,} part", "{count:,} parts", it.parts),
        by=by,
        before=before,
        rows=counted("{count:,} row", "{count:,} rows", it.row_count),
        versions=counted("{count:,} version", "{count:,} versions", it.version_count),
        digest=it.accepted.digest[:16],
        verdict=verdict[it.accepted.is_equal],
        into=it.into,
        note=note,
    )
