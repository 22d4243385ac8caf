"""Everything that follows from the difference between two lines, told as it is found.

It costs what the edits reach: streams and rows that hold an edited event are folded from there on,
twice; nothing is written, sent or asked.
"""

import sqlite3
from collections.abc import Collection, Iterator

from replay.consequences.commands import Commands
from replay.consequences.decided import decided_commands
from replay.consequences.found import KINDS, Found, Told, Unchecked, kind_of
from replay.consequences.lines import Lines
from replay.consequences.messages import Messages
from replay.consequences.processes import Processes
from replay.consequences.rows import differing_rows
from replay.consequences.states import StreamSides
from replay.history.without_answer import APART
from replay.history.without_progress import Progress
from replay.states.stream_states import StreamStates


def consequences(
    lines: Lines,
    left: StreamStates,
    right: StreamStates,
    *,
    views: sqlite3.Connection | None = None,
    kinds: Collection[str] = KINDS,
    told: Told = lambda _done, _total: None,
) -> Iterator[Found]:
    """What is otherwise on the right: states, commands, messages, process managers, timers, rows.

    `left` and `right` give states of the two lines, by the same models. `views` are those of the
    log. Of `kinds` that are not wanted nothing is told, and rows are not folded. `told` hears
    positions gone through, of how many, and may raise to stop. One thread. Raises MissingUpcast,
    what `told` raises, and what code of models and projections raises on the left.
    """
    found = _found(lines, left, right, views, kinds, told)
    return (it for it in found if kind_of(it) in kinds)


def _found(
    lines: Lines,
    left: StreamStates,
    right: StreamStates,
    views: sqlite3.Connection | None,
    kinds: Collection[str],
    told: Told,
) -> Iterator[Found]:
    progress = Progress(told, max(lines.head, 1))
    messages = Messages(lines, left.models)
    commands = Commands(lines, left, right, messages)
    yield from decided_commands(lines)
    yield from messages.of_edits()
    differing = list[str]()
    progress.expect(len(lines.by_stream))
    for stream in lines.by_stream:
        if left.is_elsewhere(stream) or right.is_elsewhere(stream):
            yield Unchecked(name=stream, why=APART)
            progress.ended()
            continue
        sides = StreamSides(lines, left, right, stream)
        found = sides.run(progress.reached)
        progress.ended()
        differing.append(stream)
        if found is not None:
            yield found
        yield from commands.of_stream(stream, sides.met)
    yield from commands.of_readers(differing, progress)
    yield from Processes(lines, left, right, messages).differing(progress)
    if {"row", "view"} & set(kinds):
        yield from differing_rows(lines, views, progress)
    progress.end()
