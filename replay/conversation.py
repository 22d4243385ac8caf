"""Everything that belongs to one correlation id: commands, events, and what led to what."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import networkx as nx

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
    commands: tuple[IssuedCommand, ...]  # by when they were issued
    graph: "nx.DiGraph[str]"


def conversation_of(log: LogReader, event: RecordedEvent) -> Conversation:
    """The conversation that an event belongs to. Reads the whole log once: metadata has no
    index."""
    correlation_id = str(event.metadata.get("correlation_id", event.id))
    query = EventQuery(text=correlation_id)
    events = tuple(
        it
        for it in log.read(query, limit=LONGEST)
        if correlation_id in (it.id, it.metadata.get("correlation_id"))
    )
    issued = tuple(commands.of_correlation(log.db, correlation_id))
    graph: nx.DiGraph[str] = nx.DiGraph()
    ids = {it.id for it in issued}
    for it in events:
        command_id = it.metadata.get("command_id")
        _link(graph, it.id, command_id if command_id in ids else it.metadata.get("causation_id"))
    for command in issued:
        _link(graph, command.id, command.causation_id)
    known = {it.id for it in events} | {it.id for it in issued}
    graph.remove_nodes_from([it for it in graph.nodes if it not in known])
    return Conversation(correlation_id=correlation_id, events=events, commands=issued, graph=graph)


def _link(graph: "nx.DiGraph[str]", effect: str, cause: object) -> None:
    graph.add_node(effect)
    if cause and str(cause) != effect:
        graph.add_edge(str(cause), effect)


def lines(found: Conversation) -> Iterator[str]:
    """One message a line, causes before effects, in the notation of the messaging patterns:
    `Command? -> stream` and `@stream::Event! ->`."""
    names = {it.id: f"@{it.stream}::{it.type}! ->" for it in found.events}
    names |= {it.id: f"{it.type}? -> {it.stream}" for it in found.commands}
    at = {it.id: it.recorded_at_us for it in found.events}
    at |= {it.id: it.issued_at_us for it in found.commands}
    graph = found.graph
    if not nx.is_directed_acyclic_graph(graph):
        yield from (names[it] for it in sorted(graph.nodes, key=lambda it: at[it]))
        return
    depth: dict[str, int] = {}
    for node in nx.lexicographical_topological_sort(graph, key=lambda it: (at[it], it)):
        depth[node] = max((depth[it] + 1 for it in graph.predecessors(node)), default=0)
        yield "  " * depth[node] + names[node]
