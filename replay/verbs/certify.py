"""certify STORE [NAME…]: prove that views and snapshots are what the log says."""

import argparse

from replay.catalog.pace import Pace
from replay.catalog.rebuild import Progress
from replay.printing import plain, print_json, print_text
from replay.progress_lines import ProgressLines, add_progress_argument
from replay.projector.catch_up import catch_up
from replay.projector.patience import add_patience_argument
from replay.query_store.against import StoredProof, prove_against
from replay.query_store.asked import asking_some
from replay.questions.certificate import Certificate, certify
from replay.views.read_store import reading_views
from replay.words import counted, said
from store.opening import reading
from store.place import path_of
from store.remote.address import Address, address_of

HELP = said("check that every stored view and snapshot still matches the log")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Without a name: every view."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument("names", nargs="*", metavar="NAME", help=said("a view; default: all"))
    parser.add_argument(
        "--against",
        metavar="URL",
        help=said("compare the rows in a query store with those here, every version of each"),
    )
    parser.add_argument("--json", action="store_true")
    add_progress_argument(parser)
    add_patience_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when a claim is not proven."""
    if arguments.against is not None:
        return _run_against(address_of(arguments.against), arguments)
    lines = ProgressLines(is_on=arguments.progress)
    pace = Pace()

    def tell(progress: Progress) -> None:
        told = pace.estimate(progress)
        lines.tell(
            fraction=told.fraction,
            events=progress.events,
            rate=told.rate,
            seconds_left=told.seconds_left,
        )

    with reading(arguments.store) as log:
        catch_up(log, only=arguments.names or None, patience_s=arguments.patience)
        found = certify(log, arguments.names, on_progress=tell, is_cancelled=lines.is_cancelled)
    if arguments.json:
        print_json({**plain(found), "holds": found.holds})
        return 0 if found.holds else 1
    _print_report(found)
    return 0 if found.holds else 1


def _run_against(address: Address, arguments: argparse.Namespace) -> int:
    """The named views, or all that are there, each up to where both have come."""
    with reading(arguments.store) as log:
        catch_up(log, only=arguments.names or None, patience_s=arguments.patience)
        with reading_views(log) as db:
            proofs = [
                prove_against(db, log, store, stored)
                for store, stored in asking_some(address, arguments.names)
            ]
    for it in proofs:
        if arguments.json:
            print_json({**plain(it), "holds": it.holds})
        else:
            print_text(_proof_line(it))
    return 0 if all(it.holds for it in proofs) else 1


def _proof_line(it: StoredProof) -> str:
    if it.holds:
        return said(
            "{view} at {position:,}: {versions} of rows, every one equal",
            view=it.view,
            position=it.position,
            versions=counted("{count:,} version", "{count:,} versions", it.versions),
        )
    return said(
        "{view} at {position:,}: after {versions}, {what}",
        view=it.view,
        position=it.position,
        versions=counted("{count:,} equal version", "{count:,} equal versions", it.versions),
        what=it.what,
    )


def _print_report(found: Certificate) -> None:
    for it in found.views:
        verdict = said("incremental = rebuilt, rows and history") if it.holds else it.what
        first = it.first_difference
        where = (
            ""
            if first is None
            else said("; the first differing position is {first:,}", first=first)
        )
        print_text(
            said(
                "{view} at {position:,}, digest {rebuilt}: {verdict}{where}",
                view=it.view,
                position=it.position,
                rebuilt=it.rebuilt[:16],
                verdict=verdict,
                where=where,
            )
        )
    for bad in found.bad_snapshots:
        print_text(
            said(
                "snapshot of {stream} v{version}: {difference}",
                stream=bad.info.stream,
                version=bad.info.version,
                difference=bad.difference,
            )
        )
    if not found.bad_snapshots:
        print_text(
            counted(
                "{count:,} snapshot matches a full fold",
                "{count:,} snapshots match a full fold",
                found.snapshots,
            )
        )
