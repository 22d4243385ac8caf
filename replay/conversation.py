"""Everything that belongs to one conversation: commands, events, and what led to what.

A conversation is what shares a correlation id. Where a process manager heard several of them (an
order that was placed, and the payment that somebody made for it), they are one.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

import networkx as nx

from replay.causality import correlation_of
from store import commands
from store.commands import IssuedCommand
from store.events import RecordedEvent
from store.query import EventQuery
from store.reader import LogReader

LONGEST: Final = 10_000  # events looked at for one conversation


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """`graph` has a node for each event and command id; edges lead from cause to effect."""

    correlation_id: str
    events: tuple[RecordedEvent, ...]  # by position
    commands: tuple[IssuedCommand, ...]  # as they were issued, by correlation id
    graph: "nx.DiGraph[str]"


def conversation_of(
    log: LogReader, event: RecordedEvent, *, tied_by: Collection[str] = ()
) -> Conversation:
    """The conversation that an event belongs to. Reads the whole log once for each correlation
    id: metadata has no index. `tied_by`: the categories of streams of process managers."""
    asked: list[str] = []
    open_ids = [correlation_of(event)]
    events: dict[int, RecordedEvent] = {}
    issued: list[IssuedCommand] = []
    while open_ids:
        correlation_id = open_ids.pop()
        asked.append(correlation_id)
        found = list(_events(log, correlation_id))
        events |= {it.position: it for it in found}
        issued += commands.of_correlation(log.db, correlation_id)
        open_ids += _tied(log, found, tied_by) - {*asked, *open_ids}
    return Conversation(
        correlation_id=asked[0],
        events=tuple(events[it] for it in sorted(events)),
        commands=tuple(issued),
        graph=_graph(events.values(), issued),
    )


def _events(log: LogReader, correlation_id: str) -> Iterator[RecordedEvent]:
    for it in log.read(EventQuery(text=correlation_id), limit=LONGEST):
        if correlation_id in (it.id, it.metadata.get("correlation_id")):
            yield it


def _tied(
    log: LogReader, events: Collection[RecordedEvent], categories: Collection[str]
) -> set[str]:
    """The correlation ids of all that was heard by the process managers among the events."""
    starts = tuple(f"{it}-" for it in categories)
    streams = {it.stream for it in events if it.stream.startswith(starts)}
    return {correlation_of(it) for stream in streams for it in log.read_stream(stream)}


def _graph(
    events: Collection[RecordedEvent], issued: Collection[IssuedCommand]
) -> "nx.DiGraph[str]":
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
    """The ids of all messages, causes before effects and else as they came, each with the number
    of causes that it goes back to; 0 for all when they go round in a circle."""
    at = {it.id: (it.issued_at_us, 0, it.id) for it in found.commands}
    at |= {it.id: (it.recorded_at_us, it.position, it.id) for it in found.events}
    graph = found.graph
    if not nx.is_directed_acyclic_graph(graph):
        yield from ((it, 0) for it in sorted(graph.nodes, key=at.__getitem__))
        return
    depth: dict[str, int] = {}
    for node in nx.lexicographical_topological_sort(graph, key=at.__getitem__):
        depth[node] = max((depth[it] + 1 for it in graph.predecessors(node)), default=0)
        yield node, depth[node]
