"""Choices whether later commands of a branch are decided again, in the order of its edits: undo and
redo take them with the edits, one step at a time."""

from collections.abc import Sequence

import msgspec
from msgspec import Struct, structs

from store.branches.edits import Edit
from store.branches.facts import BranchFacts, Later


class Choice(Struct, frozen=True, kw_only=True):
    """One of them. `after`: the number of the last edit before it; 0 before all."""

    after: int
    before: Later  # what it was until then
    later: Later
    is_undone: bool = False


def choices_of(facts: BranchFacts) -> list[Choice]:
    """All of them, the newest last."""
    return msgspec.json.decode(facts.choices, type=list[Choice])


def as_text(choices: Sequence[Choice]) -> str:
    """As the facts of a branch hold them."""
    return msgspec.json.encode(choices).decode()


def chosen(facts: BranchFacts, edits: Sequence[Edit], later: Later) -> list[Choice]:
    """With a new one behind all edits; those that were undone are forgotten."""
    after = max((it.number for it in edits if not it.is_undone), default=0)
    new = Choice(after=after, before=facts.later, later=later)
    return [*not_undone(choices_of(facts)), new]


def not_undone(choices: Sequence[Choice]) -> list[Choice]:
    """Without those that cannot be made again once there is another step."""
    return [it for it in choices if not it.is_undone]


def to_undo(facts: BranchFacts, edits: Sequence[Edit]) -> Choice | None:
    """What an undo takes back, where that is a choice and no edit."""
    done = not_undone(choices_of(facts))
    made = [it.number for it in edits if not it.is_undone and not it.is_inherited]
    return done[-1] if done and done[-1].after >= max(made, default=0) else None


def to_redo(facts: BranchFacts, edits: Sequence[Edit]) -> Choice | None:
    """What a redo makes again, where that is a choice and no edit."""
    undone = [it for it in choices_of(facts) if it.is_undone]
    waiting = [it.number for it in edits if it.is_undone]
    is_first = undone and (not waiting or undone[0].after < min(waiting))
    return undone[0] if is_first else None


def turned(facts: BranchFacts, choice: Choice) -> list[Choice]:
    """With one of them undone, or made again."""
    other = structs.replace(choice, is_undone=not choice.is_undone)
    return [other if it is choice or it == choice else it for it in choices_of(facts)]
