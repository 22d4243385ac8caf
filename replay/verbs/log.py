"""log STORE: the events themselves."""

import argparse
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import chain, islice
from typing import Final

from replay.command_line import refuse
from replay.correcting.marks import CorrectionMarks
from replay.printing import event_json, print_json_text, print_text
from replay.projector.follow import LOOK_S, follow, pass_on
from replay.questions.unknown_fields import require_known_fields
from replay.states.late_events import LateEvents, late_mark
from replay.states.moment import Moment, parse_moment_text, position_of
from replay.words import said
from store.errors import LogReplaced, UnknownEventType, UnknownStream, WrongMoment
from store.events import RecordedEvent
from store.filter.nearest import nearest
from store.filter.parse import parse
from store.filter.tree import Tree
from store.inferred.mark import mark_of
from store.interface import EventReader
from store.opening import reading
from store.place import path_of
from store.query import EventQuery
from store.same_log import SameLog

HELP = said("print events, oldest first")
SUMMARY: Final = 100  # characters of data in text output


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--from and --to are positions, or times."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument(
        "--stream", metavar="S", help=said("only events of this stream, or linked into it")
    )
    parser.add_argument(
        "--type", action="append", metavar="T", help=said("only this type; repeatable")
    )
    add_where_argument(parser)
    parser.add_argument(
        "--from", dest="first", metavar="P", help=said("the first position, or a time")
    )
    parser.add_argument("--to", dest="last", metavar="P", help=said("the last position, or a time"))
    parser.add_argument("--limit", type=whole_number, metavar="N", help=said("at most N events"))
    parser.add_argument("--reverse", action="store_true", help=said("newest first"))
    parser.add_argument(
        "--follow",
        action="store_true",
        help=said("continue with new events as they arrive, until Ctrl+C"),
    )
    parser.add_argument("--json", action="store_true", help=said("one JSON object per line"))


def run(arguments: argparse.Namespace) -> int:
    """Prints as it reads, so a long log can be piped."""
    if arguments.follow and (arguments.reverse or arguments.last):
        return refuse(said("--follow has no end: leave out --to and --reverse"))
    if arguments.follow:
        return _follow(arguments)
    with reading(arguments.store) as log:
        found = islice(_events(log, arguments), arguments.limit)
        first = next(found, None)
        if first is None and arguments.where and arguments.limit != 0:
            require_known_fields(log, arguments.where)
        marks = _Marks()
        for event in chain(() if first is None else (first,), found):
            _print(log, event, marks, is_json=arguments.json)
    return 0


def _follow(arguments: argparse.Namespace) -> int:
    """A stream or a type may yet come. While another file, or none, stands in the log's place
    nothing is told of it."""
    query, one = query_of(arguments, where=arguments.where), SameLog(arguments.store)
    after, left = None, arguments.limit
    while True:
        try:
            marks = _Marks()
            with closing(one.open()) as log:
                after = _first(log, arguments.first) - 1 if after is None else after
                for event in islice(follow(log, query, after=after, pause=pass_on), left):
                    _print(log, event, marks, is_json=arguments.json)
                    after, left = event.position, None if left is None else left - 1
                return 0
        except LogReplaced as error:
            refuse(str(error), error.hint, code=1)
            one = one.back(_pause)


def _pause() -> None:
    pass_on()
    time.sleep(LOOK_S)


class _Marks:
    """What is told of events beside what they say."""

    def __init__(self) -> None:
        self._late, self._corrections = LateEvents(), CorrectionMarks()
        self._head = 0

    def of(self, log: EventReader, event: RecordedEvent) -> str:
        """That nobody recorded it; that it came late, and where it would have been; what it
        corrects, or is corrected by."""
        marks = [said("inferred")] if mark_of(event.metadata_json) else []
        if late := self._late.of(log, [event]).get(event.position):
            marks.append(late_mark(late))
        if event.position > self._head:
            self._head = log.head()
        if found := self._corrections.of(log, [event], head=self._head).get(event.position):
            marks.append(found.short)
        return f" ({', '.join(marks)})" if marks else ""


def _print(log: EventReader, event: RecordedEvent, marks: _Marks, *, is_json: bool) -> None:
    if is_json:
        print_json_text(event_json(event, log.links(event.position)))
        return
    print_text(
        f"{event.position:>8}  {event.recorded_at}  {event.stream} "
        f"v{event.version}  {event.type}{marks.of(log, event)}  {event.data_json[:SUMMARY]}"
    )


def _events(log: EventReader, arguments: argparse.Namespace) -> Iterator[RecordedEvent]:
    require_known(log, arguments)
    return log.read(
        query_of(arguments, where=arguments.where),
        after=_first(log, arguments.first) - 1,
        until=_last(log, arguments.last),
        limit=arguments.limit,
        reverse=arguments.reverse,
    )


def add_where_argument(parser: argparse.ArgumentParser) -> None:
    """A filter, read into its tree."""
    parser.add_argument(
        "--where",
        type=parse,
        metavar="FILTER",
        help=said("only matching events, such as: data.total > 250 and actor = ada"),
    )


def whole_number(text: str) -> int:
    """For argparse: a count, from 0."""
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise argparse.ArgumentTypeError(said("this is not a whole number: {text!r}", text=text))
    return int(text)


def query_of(arguments: argparse.Namespace, *, where: Tree | None = None) -> EventQuery:
    """What --stream and --type ask for, and a filter."""
    streams = (arguments.stream,) if arguments.stream else ()
    return EventQuery(streams=streams, types=tuple(arguments.type or ()), where=where)


def require_stream(log: EventReader, stream: str) -> None:
    """Raise UnknownStream, naming close matches, when the log has no such stream."""
    if not log.has_stream(stream):
        raise _suggesting(UnknownStream(stream), stream, log.stream_names())


def require_known(log: EventReader, arguments: argparse.Namespace) -> None:
    """Raise UnknownStream or UnknownEventType when --stream or --type is not in the log."""
    if arguments.stream:
        require_stream(log, arguments.stream)
    for type_ in arguments.type or ():
        require_type(log, type_)


def require_type(log: EventReader, type_: str) -> None:
    """Raise UnknownEventType, naming close matches, when the log has no event of that type."""
    known = set(log.type_names())
    if type_ not in known:
        raise _suggesting(UnknownEventType(type_), type_, known)


def _suggesting(
    error: UnknownStream | UnknownEventType, name: str, known: set[str]
) -> UnknownStream | UnknownEventType:
    close = nearest(name, sorted(known))
    if close:
        error.hint = said("Did you mean {close}? {hint}", close=" or ".join(close), hint=error.hint)
    return error


def _first(log: EventReader, text: str | None) -> int:
    """A time as the first position means: the first event recorded at it or later."""
    if text is None:
        return 1
    moment = _parsed(text)
    if moment.axis == "position":
        return moment.value
    return log.position_as_of(moment.value - 1) + 1


def _last(log: EventReader, text: str | None) -> int | None:
    if text is None:
        return None
    moment = _parsed(text)
    return moment.value if moment.axis == "position" else position_of(log, moment)


def _parsed(text: str) -> Moment:
    """A position or a recorded time: a log is read in the order in which it was recorded."""
    moment = parse_moment_text(text)
    if moment.axis in ("version", "occurred"):
        raise WrongMoment(text, said("the range of a log is given in positions and recorded times"))
    return moment
