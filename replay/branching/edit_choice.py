"""The one edit that a command line asks for."""

import argparse
from collections.abc import Callable

from replay.words import said
from store import json_text
from store.branches.editing import BranchEditor
from store.branches.edits import Content
from store.errors import UnknownChoice
from store.times import parse_moment


class WrongEdit(UnknownChoice):
    """What was typed does not say an edit."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, ())
        self.hint = said("Say all that the edit needs. See: main.py branch edit --help")


def add_edit_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do with which event, and what it is to say."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--leave-out", type=int, metavar="P", help=said("leave this event out"))
    what.add_argument("--replace", type=int, metavar="P", help=said("let this event say --data …"))
    what.add_argument(
        "--insert-before", type=int, metavar="P", help=said("put a new event before this one")
    )
    what.add_argument("--move", type=int, metavar="P", help=said("move this event --before Q"))
    what.add_argument(
        "--swap", type=int, nargs=2, metavar=("P", "Q"), help=said("exchange two events")
    )
    what.add_argument("--undo", action="store_true", help=said("take the last edit back"))
    what.add_argument("--redo", action="store_true", help=said("make it again"))
    what.add_argument(
        "--keep-events", action="store_true", help=said("leave later events as recorded")
    )
    what.add_argument(
        "--decide-again", action="store_true", help=said("decide later commands again")
    )
    what.add_argument("--note", metavar="TEXT", help=said("replace the note"))
    parser.add_argument("--before", type=int, metavar="Q", help=said("where to move it"))
    parser.add_argument("--stream", metavar="S", help=said("the stream of a new event"))
    parser.add_argument("--type", metavar="T", help=said("its event type"))
    parser.add_argument("--data", metavar="JSON", help=said("its data"))
    parser.add_argument("--metadata", metavar="JSON", help=said("its metadata, an object"))
    parser.add_argument("--occurred", metavar="TIME", help=said("when it occurred"))
    parser.add_argument("--recorded", metavar="TIME", help=said("when it was recorded"))


def edit_of(arguments: argparse.Namespace) -> Callable[[BranchEditor], object]:
    """What was asked for. Raises WrongEdit where something is missing."""
    it = arguments
    if it.leave_out is not None:
        return lambda editor: editor.leave_out(it.leave_out)
    if it.swap is not None:
        return lambda editor: editor.swap(*it.swap)
    if it.move is not None:
        if it.before is None:
            raise WrongEdit(said("moving an event needs --before"))
        return lambda editor: editor.move(it.move, before=it.before)
    if it.replace is not None or it.insert_before is not None:
        return _saying(it, _content(it))
    if it.note is not None:
        return lambda editor: editor.note(it.note)
    if it.undo or it.redo:
        return lambda editor: editor.undo() if it.undo else editor.redo()
    return lambda editor: editor.decide_later("keep" if it.keep_events else "decide")


def _saying(it: argparse.Namespace, content: Content) -> Callable[[BranchEditor], object]:
    if it.replace is not None:
        return lambda editor: editor.replace(it.replace, content)
    return lambda editor: editor.insert(it.insert_before, content)


def _content(it: argparse.Namespace) -> Content:
    occurred_us, occurred_min = _moment(it.occurred)
    recorded_us, recorded_min = _moment(it.recorded)
    return Content(
        stream=it.stream,
        type=it.type,
        data_json=_json(it.data, "--data"),
        metadata_json=_json(it.metadata, "--metadata"),
        occurred_at_us=occurred_us,
        occurred_offset_min=occurred_min,
        recorded_at_us=recorded_us,
        recorded_offset_min=recorded_min,
    )


def _moment(text: str | None) -> tuple[int | None, int | None]:
    if text is None:
        return None, None
    try:
        return parse_moment(text)
    except ValueError:
        raise WrongEdit(said("{text!r} is not a time", text=text)) from None


def _json(text: str | None, option: str) -> str | None:
    if text is None:
        return None
    try:
        json_text.decode(text)
    except ValueError as error:
        raise WrongEdit(
            said("{option} is not valid JSON ({error})", option=option, error=error)
        ) from None
    return text
