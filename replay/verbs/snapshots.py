"""snapshots list|create|delete|verify|advise|policy|export|import STORE: saved states."""

import argparse
from collections.abc import Iterable
from pathlib import Path

from replay.own.model_source import add_file_argument, chosen_models
from replay.printing import plain, print_json, print_table, print_text
from replay.progress_lines import ProgressLines, add_progress_argument
from replay.snapshots import snapshot_file, snapshot_policy
from replay.snapshots.snapshot_advice import Advice
from replay.snapshots.snapshot_desk import Checked, SnapshotDesk, SnapshotInfo
from replay.snapshots.snapshot_policy import OFF
from replay.states.generic_model import GENERIC
from replay.states.model_set import ModelSet
from replay.taught.teaching import teaching_of_log
from replay.verbs.log import require_stream, whole_number
from replay.views.read_store import ReadStore, open_views
from replay.words import counted, said
from store.errors import StoreError
from store.interface import EventReader
from store.opening import reading
from store.place import path_of
from store.times import format_moment

WHAT = ("list", "create", "delete", "verify", "advise", "policy", "export", "import")
HELP = said("list, create, check and delete saved states; recommend how often to save")


class UnknownModel(StoreError):
    def __init__(self, name: str | None, names: list[str]) -> None:
        super().__init__(
            said("there is no model {name!r}", name=name) if name else said("no model is named")
        )
        self.hint = said("Name one with --model: {names}.", names=", ".join(names))


class NoSuchSnapshot(StoreError):
    hint = said("List the snapshots with: main.py snapshots list STORE")


class NothingChosen(StoreError):
    def __init__(
        self,
        what: str,
        hint: str = said("Name streams with --stream, or use --above N or --all."),
    ) -> None:
        super().__init__(said("no streams are selected to {what}", what=what))
        self.hint = hint


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which ones: some streams, all above a length, or all."""
    parser.add_argument("what", choices=WHAT, help=said("what to do"))
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument("--stream", action="append", default=[], metavar="S")
    parser.add_argument(
        "--above", type=whole_number, metavar="N", help=said("streams with more events than N")
    )
    parser.add_argument(
        "--all", action="store_true", help=said("every stream; for delete: every snapshot")
    )
    parser.add_argument("--file", type=Path, metavar="FILE", help=said("for export and import"))
    parser.add_argument("--model", metavar="M", help=said("for policy and delete: of this model"))
    parser.add_argument(
        "--position",
        type=whole_number,
        metavar="P",
        help=said("for delete: only the one at this position"),
    )
    parser.add_argument(
        "--one",
        action="append",
        nargs=3,
        default=[],
        metavar=("MODEL", "POSITION", "STREAM"),
        help=said("for delete: exactly this one; repeatable"),
    )
    add_file_argument(parser, "--own")
    parser.add_argument(
        "--every",
        metavar="N|off",
        help=said("for policy: versions between two automatic snapshots"),
    )
    parser.add_argument("--json", action="store_true")
    add_progress_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when a snapshot does not say what the events say."""
    models = chosen_models(arguments)
    with reading(arguments.store) as log:
        for name in arguments.stream:
            require_stream(log, name)
        views = open_views(log)
        try:
            if arguments.what in ("export", "import"):
                return _carry(views, log, models, arguments)
            if arguments.what == "policy":
                return _policy(log, models, arguments)
            return _run(SnapshotDesk(views.db, log, models=models), log, arguments)
        finally:
            views.close()


def _run(desk: SnapshotDesk, log: EventReader, arguments: argparse.Namespace) -> int:
    match arguments.what:
        case "create":
            return _create(desk, log, arguments)
        case "delete":
            return _delete(desk, arguments)
        case "verify":
            return _verify(desk, arguments)
        case "advise":
            return _advise(desk.advise(), is_json=arguments.json)
    return _list(desk.all_with_savings(), is_json=arguments.json)


def _carry(
    views: ReadStore, log: EventReader, models: ModelSet, arguments: argparse.Namespace
) -> int:
    """Into a file, or from one. Exit code 1 when something in the file is of no use."""
    if arguments.file is None:
        raise NothingChosen(arguments.what, hint=said("Name a file with --file FILE."))
    if arguments.what == "export":
        count = snapshot_file.export(views.db, log, arguments.file)
        told = {"exported": count, "file": str(arguments.file)}
        print_json(told) if arguments.json else print_text(
            said(
                "{count} written", count=counted("{count:,} snapshot", "{count:,} snapshots", count)
            )
        )
        return 0
    taken = snapshot_file.import_(views.db, log, arguments.file, models=models)
    if arguments.json:
        print_json({"imported": taken.added, "there": taken.there, "refused": taken.refused})
    else:
        print_text(
            said("{added:,} added, {there:,} already present", added=taken.added, there=taken.there)
        )
        for it in taken.refused:
            print_text(said("  refused: {name}", name=it))
    return 1 if taken.refused else 0


def _policy(log: EventReader, models: ModelSet, arguments: argparse.Namespace) -> int:
    """Tell it, or say it of one model."""
    plain = (it.name for it in teaching_of_log(log).models)
    names = list(dict.fromkeys((GENERIC.name, *plain, *(it.name for it in models.models))))
    if arguments.model not in (None, *names) or (arguments.every and arguments.model is None):
        raise UnknownModel(arguments.model, names)
    if arguments.every is not None:
        versions = OFF if arguments.every == "off" else _number(arguments.every)
        snapshot_policy.save(log.place, arguments.model, versions)
    policy = snapshot_policy.load(log.place)
    found = {it: snapshot_policy.every(policy, it) for it in names}
    if arguments.json:
        print_json({"policy": found})
        return 0
    for name, versions in found.items():
        often = said("every {versions:,}", versions=versions) if versions else said("off")
        print_text(f"{name:<24} {often}")
    return 0


def _number(text: str) -> int:
    try:
        return whole_number(text)
    except argparse.ArgumentTypeError as error:
        raise snapshot_policy.WrongPolicy(str(error)) from error


def _list(found: list[SnapshotInfo], *, is_json: bool) -> int:
    if is_json:
        for it in found:
            print_json(plain(it))
        return 0
    titles = [
        "stream",
        "version",
        "position",
        "model",
        "bytes",
        "skips",
        said("saves about (ms)"),
        "made",
        "standing",
    ]
    print_table(titles, [_row(it) for it in found])
    return 0


def _row(it: SnapshotInfo) -> list[str]:
    return [
        it.stream,
        str(it.version),
        str(it.position),
        f"{it.model} {it.model_version}",
        f"{it.bytes:,}",
        f"{it.skips:,}",
        "" if it.saves_ms is None else f"{it.saves_ms:.1f}",
        format_moment(it.made_at_us)[:19],
        it.standing,
    ]


def _create(desk: SnapshotDesk, log: EventReader, arguments: argparse.Namespace) -> int:
    streams = list(arguments.stream)
    if arguments.above is not None:
        streams += desk.longer_than(arguments.above)
    if arguments.all:
        streams = list(log.stream_names())
    if not streams:
        raise NothingChosen("make")
    lines = ProgressLines(is_on=arguments.progress)
    streams = list(dict.fromkeys(streams))
    made = desk.create(
        streams,
        on_progress=lambda done: lines.tell(fraction=done / len(streams), events=None),
        is_cancelled=lines.is_cancelled,
    )
    if arguments.json:
        print_json({"streams": len(streams), "made": made})
    else:
        print_text(
            said(
                "{made} created of {count:,} streams",
                made=counted("{count:,} snapshot", "{count:,} snapshots", made),
                count=len(streams),
            )
        )
    return 0


def _delete(desk: SnapshotDesk, arguments: argparse.Namespace) -> int:
    narrow = arguments.stream or arguments.position is not None or arguments.model is not None
    if arguments.one:
        named = {(model, position, stream) for model, position, stream in arguments.one}
        gone = desk.delete(
            _found(it for it in desk.all() if (it.model, str(it.position), it.stream) in named)
        )
    elif arguments.all and not narrow:
        gone = desk.delete_all()
    elif narrow:
        gone = desk.delete(_chosen(desk, arguments))
    else:
        raise NothingChosen("delete")
    print_json({"deleted": gone}) if arguments.json else print_text(
        said("{gone:,} deleted", gone=gone)
    )
    return 0


def _chosen(desk: SnapshotDesk, arguments: argparse.Namespace) -> list[SnapshotInfo]:
    """Those that fit everything that was said. Raises NoSuchSnapshot."""
    return _found(
        it
        for it in desk.all()
        if not arguments.stream or it.stream in arguments.stream
        if arguments.position in (None, it.position)
        if arguments.model in (None, it.model)
    )


def _found(infos: Iterable[SnapshotInfo]) -> list[SnapshotInfo]:
    found = list(infos)
    if not found:
        raise NoSuchSnapshot(said("there is no such snapshot"))
    return found


def _verify(desk: SnapshotDesk, arguments: argparse.Namespace) -> int:
    lines = ProgressLines(is_on=arguments.progress)
    found = list(
        desk.verify(
            on_progress=lambda done, total: lines.tell(fraction=done / total, events=None),
            is_cancelled=lines.is_cancelled,
        )
    )
    bad = [it for it in found if it.difference]
    good = [it for it in found if not it.difference]
    load_ms, fold_ms = sum(it.load_ms for it in good), sum(it.fold_ms for it in good)
    if arguments.json:
        print_json(
            {
                "checked": len(found),
                "bad": [plain(it) for it in bad],
                "load_ms": round(load_ms, 3),
                "fold_ms": round(fold_ms, 3),
            }
        )
        return 1 if bad else 0
    print_text(
        said(
            "{checked}, {bad}",
            checked=counted(
                "{count:,} snapshot checked", "{count:,} snapshots checked", len(found)
            ),
            bad=counted("{count:,} does not match", "{count:,} do not match", len(bad)),
        )
    )
    if good:
        print_text(said("measured: {good}", good=_times(good)))
    for it in bad:
        print_text(f"  {it.info.stream} v{it.info.version}: {it.difference}")
    return 1 if bad else 0


def _times(found: list[Checked]) -> str:
    best = max(found, key=lambda it: it.fold_ms - it.load_ms)
    return said(
        "{stream} v{version} is loaded in {load_ms:.2f} ms, folded in {fold_ms:.2f} ms",
        stream=best.info.stream,
        version=best.info.version,
        load_ms=best.load_ms,
        fold_ms=best.fold_ms,
    )


def _advise(advice: Advice, *, is_json: bool) -> int:
    if is_json:
        print_json(plain(advice))
        return 0
    print_text(
        said("folding takes {us_per_event:.1f} µs per event here", us_per_event=advice.us_per_event)
    )
    for events, ms in advice.curve:
        print_text(said("  {events:>9,} events  {ms:8.2f} ms", events=events, ms=ms))
    if not advice.is_whole:
        print_text(
            said(
                "  the longest has {longest:,}; longer ones were not measured, to save time",
                longest=advice.longest[0][1],
            )
        )
    for end, count in advice.histogram:
        print_text(said("  {count:>9,} streams of up to {end:,} events", count=count, end=end))
    if advice.every is None:
        print_text(said("no stream is long enough for snapshots to matter"))
    else:
        print_text(
            said(
                "a snapshot every {every:,} events limits each load to about 10 ms",
                every=advice.every,
            )
        )
    return 0
