"""Everything that belongs to one conversation: commands, events, and what led to what.

A conversation is what shares a correlation id. Where a process manager heard several of them (an
order that was placed, and the payment that somebody made for it), they are one. Whatever is done to
the thing that a process manager is about (the order) belongs to it, whoever did it, and so do
commands that name it in a field of which the models say so.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from replay.history.causality import correlation_of
from replay.history.causation_index import CausationIndex
from replay.history.references import naming_fields
from replay.states.model_set import ModelSet
from store.beside.commands import IssuedCommand
from store.events import RecordedEvent
from store.interface import EventReader

if TYPE_CHECKING:
    import networkx as nx

LONGEST: Final = 100_000  # events of one correlation id that are held, about 1 KB each


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """`graph` has a node for each event and command id; edges lead from cause to effect."""

    correlation_id: str
    events: tuple[RecordedEvent, ...]  # by position
    left_out: int  # events that were too many to hold, far from the one that was asked for
    commands: tuple[IssuedCommand, ...]  # as they were issued, by correlation id
    heads: Mapping[str, int]  # how far the log was when each command was issued, by its id
    graph: "nx.DiGraph[str]"


def conversation_of(
    log: EventReader,
    event: RecordedEvent,
    *,
    index: CausationIndex | None = None,
    tied_by: Collection[str] = (),
    models: ModelSet | None = None,
    most: int = LONGEST,
) -> Conversation:
    """The conversation that an event belongs to. Without `index` the log is read once for each
    correlation id. `tied_by`: the categories of streams of process managers. `models`: those
    whose commands may name what the conversation is about. Of each correlation id `most` events
    are held, those around this one; the others are counted."""
    index = index or CausationIndex(None, log)
    asked: list[str] = []
    open_ids = [correlation_of(event)]
    events: dict[int, RecordedEvent] = {}
    issued: dict[str, IssuedCommand] = {}
    left_out = 0
    while open_ids:
        correlation_id = open_ids.pop()
        asked.append(correlation_id)
        found, others = _around(index.of_correlation(correlation_id), event.position, most)
        left_out += others
        events |= {it.position: it for it in found}
        issued |= {it.id: it for it in log.beside.commands.of_correlation(correlation_id)}
        tied = _tied(log, found, tied_by, models)
        open_ids += sorted(tied - {*asked, *open_ids})
    return Conversation(
        correlation_id=asked[0],
        events=tuple(events[it] for it in sorted(events)),
        left_out=left_out,
        commands=tuple(issued.values()),
        heads={it.id: log.position_as_of(it.issued_at_us) for it in issued.values()},
        graph=_graph(events.values(), issued.values()),
    )


def _around(
    events: Iterable[RecordedEvent], position: int, most: int
) -> tuple[list[RecordedEvent], int]:
    """At most so many by position, half of them before a position, and how many others come."""
    before, after, count = deque[RecordedEvent](maxlen=most // 2), list[RecordedEvent](), 0
    for it in events:
        count += 1
        if it.position < position:
            before.append(it)
        elif len(before) + len(after) < most:
            after.append(it)
    kept = [*before, *after]
    return kept, count - len(kept)


def _tied(
    log: EventReader,
    events: Collection[RecordedEvent],
    categories: Collection[str],
    models: ModelSet | None,
) -> set[str]:
    """The correlation ids of all that was heard by the process managers among the events, and of
    all that was done to what they are about."""
    starts = tuple(f"{it}-" for it in categories)
    streams = {it.stream for it in events}
    instances = {it for it in streams if it.startswith(starts)}
    instances |= {
        instance
        for stream in streams - instances
        for start in starts
        if _about(log, instance := f"{start}{_id(stream)}") == stream
    }
    ids = {_id(it) for it in instances}
    about = {stream for it in instances if (stream := _about(log, it))}
    found = {correlation_of(it) for stream in instances | about for it in log.read_stream(stream)}
    if models is not None:
        named = _naming(log, naming_fields(models), about)
        found |= {
            it.correlation_id
            for it, others in named
            if not any(_has_instance(log, id_, categories) for id_ in others - ids)
        }
    return found


def _about(log: EventReader, instance: str) -> str:
    """The stream that an instance is about: what began it happened there, and both bear one id.
    Empty where there is none."""
    first = next(log.read_stream(instance, limit=1), None)
    cause = log.event_by_id(str(first.metadata.get("causation_id", ""))) if first else None
    return cause.stream if cause is not None and _id(cause.stream) == _id(instance) else ""


def _naming(
    log: EventReader, fields: Mapping[str, Mapping[str, str]], about: Collection[str]
) -> Iterator[tuple[IssuedCommand, set[str]]]:
    """The commands that name one of some streams, each with every id that it names."""
    for stream in about:
        category, _, id_ = stream.partition("-")
        for command, kinds in fields.items():
            for field in (name for name, kind in kinds.items() if kind == category):
                for it in log.beside.commands.naming(command, field, id_):
                    yield it, {str(it.data.get(name, "")) for name in kinds}


def _has_instance(log: EventReader, id_: str, categories: Collection[str]) -> bool:
    """Whether a process manager has an instance for an id: then that is its conversation."""
    return any(log.stream_version(f"{it}-{id_}") for it in categories)


def _id(stream: str) -> str:
    return stream.partition("-")[2]


def _graph(
    events: Collection[RecordedEvent], issued: Collection[IssuedCommand]
) -> "nx.DiGraph[str]":
    import networkx as nx  # late: it takes a tenth of a second

    graph: nx.DiGraph[str] = nx.DiGraph()
    ids = {it.id for it in issued}
    for it in events:
        command_id = it.metadata.get("command_id")
        _link(graph, it.id, command_id if command_id in ids else it.metadata.get("causation_id"))
    for command in issued:
        _link(graph, command.id, command.causation_id)
    known = {it.id for it in events} | ids
    graph.remove_nodes_from([it for it in graph.nodes if it not in known])
    return graph


def _link(graph: "nx.DiGraph[str]", effect: str, cause: object) -> None:
    graph.add_node(effect)
    if cause and str(cause) != effect:
        graph.add_edge(str(cause), effect)


def lines(found: Conversation) -> Iterator[str]:
    """One message a line, causes before effects, in the notation of the messaging patterns:
    `Command? -> stream` and `@stream::Event! ->`."""
    names = {it.id: f"@{it.stream}::{it.type}! ->" for it in found.events}
    names |= {it.id: f"{it.type}? -> {it.stream}" for it in found.commands}
    for id_, depth in in_order(found):
        yield "  " * depth + names[id_]


def in_order(found: Conversation) -> Iterator[tuple[str, int]]:
    """The ids of all messages, causes before effects and else by place, each with the number of
    causes that it goes back to; 0 for all when they go round in a circle."""
    import networkx as nx  # late: it takes a tenth of a second

    places, graph = _places(found), found.graph
    if not nx.is_directed_acyclic_graph(graph):
        yield from ((it, 0) for it in sorted(graph.nodes, key=places.__getitem__))
        return
    depth: dict[str, int] = {}
    for node in nx.lexicographical_topological_sort(graph, key=places.__getitem__):
        depth[node] = max((depth[it] + 1 for it in graph.predecessors(node)), default=0)
        yield node, depth[node]


def _places(found: Conversation) -> dict[str, tuple[int, int, int]]:
    """By what messages are put in order: events by position, a command right before its first
    event, or behind whatever the log held when it was issued. What an imported event claims as
    its recorded-at does not count where it lies after its arrival."""
    at = {it.id: it.position for it in found.events}
    positions = [it.position for it in found.events]
    places = {id_: (position, 1, 0) for id_, position in at.items()}
    for number, it in enumerate(found.commands):
        led_to = [at[effect] for effect in found.graph.successors(it.id) if effect in at]
        if led_to:
            places[it.id] = (min(led_to), 0, number)
        else:
            come = bisect_right(positions, found.heads[it.id])
            before = positions[come - 1] if come else 0
            places[it.id] = (max(before, at.get(it.causation_id or "", 0)), 2, number)
    return places
