"""compare STORE A B, or STORE A --against URL: two views, or one at two moments or in two lines,
row by row; and where they first differ."""

import argparse
from contextlib import ExitStack
from typing import Any

from replay.branching.line_panes import NamedSide, OpenLine, named_side, reading_line
from replay.branching.line_parting import LineHistory, first_line_parting
from replay.printing import print_json, print_text, value_text
from replay.projector.patience import add_patience_argument
from replay.query_store.against import compare_against
from replay.query_store.asked import asking, position_in, refuse_options
from replay.questions.first_divergence import (
    Divergence,
    first_divergence,
    unseen_versions,
    unseen_words,
)
from replay.questions.pane_compare import Compared, HereSide, Pair, compare_sides
from replay.questions.view_query import ViewPage, ViewRow
from replay.verbs.log import whole_number
from replay.words import counted, said
from store import json_text
from store.errors import UnknownChoice
from store.place import path_of
from store.remote.address import Address, address_of

HELP = said("compare two views row by row, or one view at two moments or in two lines")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A and B are NAME, NAME@MOMENT, or of another line NAME@MOMENT@LINE; NAME@@LINE is now."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument(
        "left",
        metavar="A",
        help=said(
            "NAME or NAME@POSITION|TIME; of another line as NAME@MOMENT@BRANCH or NAME@@main"
        ),
    )
    parser.add_argument("right", nargs="?", metavar="B", help=said("the same for the other side"))
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
    sides = [
        named_side(arguments.store, it, arguments.at) for it in (arguments.left, arguments.right)
    ]
    lines = tuple(it.line for it in sides)
    with ExitStack() as stack:
        opened = _opened(stack, sides, arguments.patience)
        if arguments.first and all(it.db is not None for it in opened):
            return _tell_first(_First(sides, opened), is_json=arguments.json)
        compared = _compared(sides, opened, limit=arguments.limit)
    return _tell(compared, lines, is_json=arguments.json)


def _opened(
    stack: ExitStack, sides: list[NamedSide], patience_s: float | None
) -> tuple[OpenLine, OpenLine]:
    """Both lines; where they are one, it is opened once."""
    left, right = sides
    if left.path == right.path:
        views = [left.view, right.view]
        one = stack.enter_context(reading_line(left.path, views, patience_s=patience_s))
        return one, one
    one, other = (
        stack.enter_context(reading_line(it.path, [it.view], patience_s=patience_s)) for it in sides
    )
    return one, other


def _compared(sides: list[NamedSide], opened: tuple[OpenLine, OpenLine], *, limit: int) -> Compared:
    left, right = (
        HereSide(line.db, line.log, line.pane(it)) for it, line in zip(sides, opened, strict=True)
    )
    return compare_sides(left, right, limit=limit)


class NothingToCompare(UnknownChoice):
    """Wrong usage on the command line."""

    def __init__(self, name: str) -> None:
        super().__init__(said("there is nothing to compare {name!r} with", name=name), ())
        self.hint = said("Name another view or moment, or a query store with --against URL.")


def _run_against(address: Address, arguments: argparse.Namespace) -> int:
    refuse_options(arguments, "first")
    side = named_side(arguments.store, arguments.left, arguments.at)
    name, _, at = (arguments.right or side.view).partition("@")
    with (
        asking(address, name) as (store, stored),
        reading_line(side.path, [side.view], patience_s=arguments.patience) as line,
    ):
        left = line.pane(side)
        there = position_in(at) if at else left.at
        compared = compare_against(
            line.db, line.log, left, store, stored, at=there, limit=arguments.limit
        )
    return _tell(compared, (side.line, ""), is_json=arguments.json)


def _tell(found: Compared, lines: tuple[str, ...], *, is_json: bool) -> int:
    """`lines`: of each side, as they were named."""
    counts = found.counts
    if is_json:
        print_json(
            {
                "left": _side_facts(found.left, lines[0]),
                "right": _side_facts(found.right, lines[1]),
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
            left=_named(found.left.view, lines[0]),
            left_position=found.left.as_of,
            right=_named(found.right.view, lines[1]),
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


def _side_facts(page: ViewPage, line: str) -> dict[str, Any]:
    return {**({"line": line} if line else {}), "view": page.view, "position": page.as_of}


def _named(view: str, line: str) -> str:
    return said("{view} of {line}", view=view, line=line) if line else view


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

    def __init__(self, sides: list[NamedSide], opened: tuple[OpenLine, OpenLine]) -> None:
        self.is_one_line = sides[0].path == sides[1].path
        self.is_one_view = self.is_one_line and sides[0].view == sides[1].view
        self.found, self.unseen = _parting(sides, opened, is_one_line=self.is_one_line)
        at = None if self.found is None else self.found.position
        self.is_of_right = self.found is not None and self.found.is_of_right
        self.line = sides[self.is_of_right].line
        self.event = opened[self.is_of_right].log.event(at) if at else None
        self.differ = self.found is not None
        if self.is_one_view and self.found:
            self.differ = _compared(sides, opened, limit=0).counts.differing > 0

    @property
    def words(self) -> str:
        """Where they first differ, in a sentence."""
        found, event = self.found, self.event
        if found is None or event is None:
            return said("they never differ")
        where = said(
            "position {position}, {type} in {stream}, in the row {str}",
            position=_position(found.position, self.line),
            type=event.type,
            stream=event.stream,
            str=", ".join(map(str, found.key)),
        )
        moments = sorted((found.left.as_of, found.right.as_of))
        if not self.is_one_line:  # positions of two lines do not tell which is later
            moments = [(found.left if found.is_of_right else found.right).as_of]
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


def _parting(
    sides: list[NamedSide], opened: tuple[OpenLine, OpenLine], *, is_one_line: bool
) -> tuple[Divergence | None, int]:
    """Where they first differ, and how many versions could not be looked into."""
    one, other = (line.pane(it) for it, line in zip(sides, opened, strict=True))
    if is_one_line and (db := opened[0].db) is not None:
        found = first_divergence(db, opened[0].log, one, other)
        before = found.position if found else None
        return found, unseen_versions(db, opened[0].log, one, other, before=before)
    left = LineHistory(opened[0].db, opened[0].log, one, against=opened[1].log)
    right = LineHistory(opened[1].db, opened[1].log, other, against=opened[0].log)
    return first_line_parting(left, right), 0


def _position(position: int, line: str) -> str:
    told = f"{position:,}"
    return said("{position} of {line}", position=told, line=line) if line else told


def _tell_first(first: _First, *, is_json: bool) -> int:
    found, event = first.found, first.event
    if is_json:
        print_json(
            {
                **({"line": first.line} if found and first.line else {}),
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
