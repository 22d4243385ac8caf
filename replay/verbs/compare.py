"""compare STORE A B, or STORE A --against URL: two views, or one at two moments, row by row; and
where they first differ."""

import argparse
import sqlite3
from typing import Any

from replay.printing import print_json, print_text, value_text
from replay.projector.catch_up import catch_up
from replay.projector.patience import add_patience_argument
from replay.query_store.against import compare_against
from replay.query_store.asked import asking, position_in, refuse_options
from replay.questions.first_divergence import first_divergence, unseen_versions, unseen_words
from replay.questions.pane_compare import Compared, Pair, Pane, compare
from replay.questions.view_query import ViewRow
from replay.states.moment import parse_moment_text, position_of
from replay.verbs.log import whole_number
from replay.views.read_store import reading_views
from replay.words import counted, said
from store import json_text
from store.errors import UnknownChoice
from store.interface import EventReader
from store.opening import reading
from store.place import path_of
from store.remote.address import Address, address_of

HELP = said("compare two views row by row, or one view at two moments")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A and B are NAME, or NAME@MOMENT."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument("left", metavar="A", help=said("NAME or NAME@POSITION|TIME"))
    parser.add_argument("right", nargs="?", metavar="B", help=said("NAME or NAME@POSITION|TIME"))
    parser.add_argument(
        "--against",
        metavar="URL",
        help=said("B is in a query store; without a name, the same view"),
    )
    parser.add_argument(
        "--at", metavar="POSITION|TIME", help=said("for both, unless one gives its own")
    )
    parser.add_argument(
        "--first", action="store_true", help=said("find the first event at which they differ")
    )
    parser.add_argument(
        "--limit",
        type=whole_number,
        default=20,
        metavar="N",
        help=said("rows to list; all are counted"),
    )
    add_patience_argument(parser)
    parser.add_argument("--json", action="store_true")


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when they differ; with --first of two views, when they ever did."""
    if arguments.against is not None:
        return _run_against(address_of(arguments.against), arguments)
    if arguments.right is None:
        raise NothingToCompare(arguments.left)
    with reading(arguments.store) as log:
        names = [it.partition("@")[0] for it in (arguments.left, arguments.right)]
        catch_up(log, only=names, patience_s=arguments.patience)
        with reading_views(log) as db:
            left, right = (_pane(log, it, arguments.at) for it in (arguments.left, arguments.right))
            if arguments.first and db is not None:
                first = _First(db, log, left, right)
                return _tell_first(first, is_json=arguments.json)
            compared = compare(db, log, left, right, limit=arguments.limit)
    return _tell(compared, is_json=arguments.json)


class NothingToCompare(UnknownChoice):
    """Wrong usage on the command line."""

    def __init__(self, name: str) -> None:
        super().__init__(said("there is nothing to compare {name!r} with", name=name), ())
        self.hint = said("Name another view or moment, or a query store with --against URL.")


def _run_against(address: Address, arguments: argparse.Namespace) -> int:
    refuse_options(arguments, "first")
    name, _, at = (arguments.right or arguments.left.partition("@")[0]).partition("@")
    with reading(arguments.store) as log, asking(address, name) as (store, stored):
        catch_up(log, only=[arguments.left.partition("@")[0]], patience_s=arguments.patience)
        with reading_views(log) as db:
            left = _pane(log, arguments.left, arguments.at)
            there = position_in(at) if at else left.at
            compared = compare_against(
                db, log, left, store, stored, at=there, limit=arguments.limit
            )
    return _tell(compared, is_json=arguments.json)


def _pane(log: EventReader, text: str, at: str | None) -> Pane:
    name, _, own = text.partition("@")
    moment = own or at
    return Pane(view=name, at=position_of(log, parse_moment_text(moment)) if moment else None)


def _tell(found: Compared, *, is_json: bool) -> int:
    counts = found.counts
    if is_json:
        print_json(
            {
                "left": {"view": found.left.view, "position": found.left.as_of},
                "right": {"view": found.right.view, "position": found.right.as_of},
                "columns": found.shared,
                "equal": counts.equal,
                "changed": counts.changed,
                "added": counts.added,
                "removed": counts.removed,
                "cells": counts.cells,
                "rows": [_pair_facts(found, it) for it in found.pairs],
            }
        )
        return 1 if counts.differing else 0
    print_text(
        said(
            "{left} at {left_position:,} and {right} at {right_position:,}: {equal} equal, "
            "{changed:,} changed, {removed:,} only left, {added:,} only right",
            left=found.left.view,
            left_position=found.left.as_of,
            right=found.right.view,
            right_position=found.right.as_of,
            equal=counted("{count:,} row", "{count:,} rows", counts.equal),
            changed=counts.changed,
            removed=counts.removed,
            added=counts.added,
        )
    )
    for pair in found.pairs:
        print_text(_words(found, pair))
    if found.is_cut:
        print_text(said("… more differ (--limit)"))
    return 1 if counts.differing else 0


def _words(found: Compared, pair: Pair) -> str:
    key = ", ".join(map(str, pair.key))
    if pair.left is None:
        return f"+ {key}"
    if pair.right is None:
        return f"- {key}"
    left, right = found.left.facts(pair.left), found.right.facts(pair.right)
    cells = ", ".join(
        f"{it} {json_text.encode(left[it])} → {json_text.encode(right[it])}" for it in pair.cells
    )
    return f"~ {key}: {cells}"


def _pair_facts(found: Compared, pair: Pair) -> dict[str, Any]:
    return {
        "key": pair.key,
        "left": found.left.facts(pair.left) if pair.left else None,
        "right": found.right.facts(pair.right) if pair.right else None,
        "cells": pair.cells,
    }


class _First:
    """Where two panes first differ, and what it is worth."""

    def __init__(self, db: sqlite3.Connection, log: EventReader, left: Pane, right: Pane) -> None:
        self.found = first_divergence(db, log, left, right)
        self.event = log.event(self.found.position) if self.found else None
        before = self.found.position if self.found else None
        self.unseen = unseen_versions(db, log, left, right, before=before)
        self.is_one_view = left.view == right.view
        self.differ = self.found is not None
        if self.is_one_view and self.found:
            self.differ = compare(db, log, left, right, limit=0).counts.differing > 0

    @property
    def words(self) -> str:
        """Where they first differ, in a sentence."""
        found, event = self.found, self.event
        if found is None or event is None:
            return said("they never differ")
        where = said(
            "position {position:,}, {type} in {stream}, in the row {str}",
            position=found.position,
            type=event.type,
            stream=event.stream,
            str=", ".join(map(str, found.key)),
        )
        moments = sorted((found.left.as_of, found.right.as_of))
        if self.is_one_view:
            back = (
                ""
                if self.differ
                else said(
                    "; at {later:,} it is the same again as at {earlier:,}",
                    later=moments[1],
                    earlier=moments[0],
                )
            )
            return said(
                "one view at two moments: it first changes after {moments:,}, at {where}{back}",
                moments=moments[0],
                where=where,
                back=back,
            )
        if found.is_by_moment:
            return said(
                "both are equal up to {moments:,}, where one has stopped; then {where}",
                moments=moments[0],
                where=where,
            )
        return said("they first differ at {where}", where=where)


def _tell_first(first: _First, *, is_json: bool) -> int:
    found, event = first.found, first.event
    if is_json:
        print_json(
            {
                "position": found.position if found else None,
                "event": event.type if event else None,
                "key": found.key if found else None,
                "left": [_plain(found.left_before), _plain(found.left_after)] if found else None,
                "right": [_plain(found.right_before), _plain(found.right_after)] if found else None,
                "by_moment": found.is_by_moment if found else None,
                "unseen": first.unseen,
            }
        )
        return 1 if first.differ else 0
    print_text(first.words)
    if found is not None:
        for side, before, after in (
            ("A", found.left_before, found.left_after),
            ("B", found.right_before, found.right_after),
        ):
            print_text(said("  {side} before {before}", side=side, before=_row_text(before)))
            print_text(said("  {side} after  {after}", side=side, after=_row_text(after)))
    if first.unseen:
        print_text(unseen_words(first.unseen))
    return 1 if first.differ else 0


def _row_text(row: ViewRow | None) -> str:
    return value_text(_plain(row), absent=said("no row"))


def _plain(row: ViewRow | None) -> Any:
    return None if row is None else list(row.values)
