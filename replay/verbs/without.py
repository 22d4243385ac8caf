"""without STORE POSITION: what would differ if one event had never been recorded."""

import argparse
from typing import Any

import msgspec

from replay.history.causation_index import CausationIndex
from replay.history.without_answer import StreamDiffers, ViewDiffers, WithoutEvent
from replay.history.without_event import without_event
from replay.printing import print_json, print_text
from replay.projector.catch_up import catch_up
from replay.projector.patience import add_patience_argument
from replay.states.difference_words import cell, fields, unfoldable
from replay.states.stream_states import StreamStates
from replay.terminal_progress import TerminalProgress
from replay.views.causation_view import CAUSATION
from replay.views.read_store import reading_views
from replay.words import said
from store.opening import reading
from store.place import path_of

HELP = said("show which states and view rows would differ without one event")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing is written: states and rows are folded twice, in memory."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument("position", type=int, metavar="POSITION")
    parser.add_argument(
        "--json", action="store_true", help=said("one JSON object: streams and views")
    )
    add_patience_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Streams first, then views, each with what differs first."""
    with reading(arguments.store) as log:
        catch_up(log, only=[CAUSATION.name], patience_s=arguments.patience)
        with reading_views(log) as views, TerminalProgress(said("folding")) as terminal:
            index = CausationIndex(views, log)
            found = without_event(
                log,
                StreamStates(),
                index,
                arguments.position,
                views=views,
                told=terminal.tell,
            )
    if arguments.json:
        print_json(_as_json(found))
        return 0
    for line in lines(found):
        print_text(line)
    return 0


def lines(found: WithoutEvent) -> list[str]:
    """The answer as text."""
    event = found.event
    told = [
        said(
            "without {position:,} {type} in {stream}, as of {head:,}:",
            position=event.position,
            type=event.type,
            stream=event.stream,
            head=found.head,
        )
    ]
    told += [_stream_line(it) for it in found.streams] or [said("  no state differs")]
    for view in found.views:
        told += _view_lines(view)
    if not found.views:
        told.append(said("  no view row differs"))
    if found.caused:
        told.append(
            said("  events it caused, which would still exist: {caused:,}", caused=found.caused)
        )
    told += [
        said("  not checked: {name}: {why}", name=name, why=why) for name, why in found.unasked
    ]
    return told


def _stream_line(it: StreamDiffers) -> str:
    told = fields(it.path, it.before, it.after, it.count)
    if it.failed_at is not None:
        told = unfoldable(it.failed_at, it.error)
    return said("  state {stream}: {told}", stream=it.stream, told=told)


def _view_lines(it: ViewDiffers) -> list[str]:
    if it.failed_at is not None:
        told = unfoldable(it.failed_at, it.error)
        return [said("  view {view}: {told}", view=it.view, told=told)]
    lines = [
        said(
            "  view {view}: {count:,} row{part}",
            view=it.view,
            count=it.count,
            part="s" if it.count != 1 else "",
        )
    ]
    for row in it.rows:
        key = ", ".join(map(str, row.key))
        lines.append(f"    {key}: {cell(row.column, row.before, row.after)}")
    if it.count > len(it.rows):
        lines.append(said("    … {count:,} more", count=it.count - len(it.rows)))
    return lines


def _as_json(found: WithoutEvent) -> Any:
    return {
        "position": found.event.position,
        "event_id": found.event.id,
        "head": found.head,
        "streams": msgspec.to_builtins(found.streams),
        "same_streams": list(found.same_streams),
        "views": msgspec.to_builtins(found.views),
        "same_views": list(found.same_views),
        "not_asked": dict(found.unasked),
        "caused": found.caused,
    }
