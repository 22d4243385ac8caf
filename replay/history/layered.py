"""Where the nodes of a graph are drawn: causes above effects, what is not linked below itself."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import networkx as nx


SWEEPS: Final = 4  # up and down; more does not untangle further


def layered(
    nodes: Sequence[str], links: Iterable[tuple[str, str]]
) -> Mapping[str, tuple[int, int]]:
    """Node → row and column. Every link leads downward, and nodes of a row stand near what they
    are linked to. Parts that nothing links follow one another, each in the order of `nodes`.
    Links that close a circle are left out of account."""
    import networkx as nx  # late: it takes a tenth of a second

    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(nodes)
    for cause, effect in links:
        if cause in graph and effect in graph and not nx.has_path(graph, effect, cause):
            graph.add_edge(cause, effect)
    place = {node: number for number, node in enumerate(nodes)}
    parts = [sorted(it, key=place.__getitem__) for it in nx.weakly_connected_components(graph)]
    found: dict[str, tuple[int, int]] = {}
    top = 0
    for part in sorted(parts, key=lambda it: place[it[0]]):
        rows = _rows(graph.subgraph(part), place)
        for at, row in enumerate(rows):
            found |= {node: (top + at, column) for column, node in enumerate(row)}
        top += len(rows)
    return found


def _rows(graph: "nx.DiGraph[str]", place: Mapping[str, int]) -> list[list[str]]:
    """By the longest way from a first cause; within a row by the middle of the neighbours
    (the barycentre heuristic of Sugiyama, Tagawa and Toda, 1981)."""
    import networkx as nx  # late: it takes a tenth of a second

    rows = [sorted(it, key=place.__getitem__) for it in nx.topological_generations(graph)]
    for sweep in range(SWEEPS):
        is_down = sweep % 2 == 0
        for row in rows[1:] if is_down else rows[-2::-1]:
            column = {node: at for other in rows for at, node in enumerate(other)}
            near = graph.predecessors if is_down else graph.successors
            middles = {}
            for node in row:
                at = [column[it] for it in near(node)]
                middles[node] = sum(at) / len(at) if at else column[node]
            row.sort(key=lambda node: (middles[node], place[node]))
    return rows
