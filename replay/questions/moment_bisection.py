"""The moment at which a condition came true that stays true once it is, by a few states.

Whether it stays true is for the asker to know: only its ends can be looked at. What holds at the
end of the stream and did not hold at some time before has come true in between, so the event that
is told is always one at which the condition came true.
"""

from replay.states.condition_fold import asks_for_changes, told_values
from replay.states.condition_moments import FoundMoments, Moment
from replay.states.stream_states import StreamStates
from store.filter.condition import condition
from store.filter.tree import Tree
from store.interface import EventReader


def bisect_moment(
    log: EventReader, states: StreamStates, stream: str, tree: Tree
) -> FoundMoments | None:
    """By the states as of a few positions, the base 2 logarithm of the events of the stream and
    one. None where the condition does not hold now, or asks for changes: then it is no such one.
    Raises what folding raises."""
    if asks_for_changes(tree):
        return None
    positions = [at for at, _, _ in log.stream_moments(stream)]
    holds, asked = condition(tree), 0

    def is_held(index: int) -> bool:
        nonlocal asked
        asked += 1
        return holds(None, states.at(log, stream, positions[index]).state)

    if not positions or not is_held(len(positions) - 1):
        return None
    low, high = 0, len(positions) - 1  # it holds at `high`
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if is_held(middle) else (middle + 1, high)
    state = states.at(log, stream, positions[high]).state
    moment = Moment(position=positions[high], values=told_values(state, tree))
    return FoundMoments(moments=(moment,), way="bisection", looked_at=asked)
