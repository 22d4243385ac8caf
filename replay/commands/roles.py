"""Which roles commands are for, and which a person has who chooses none."""

from collections.abc import Sequence
from typing import Final

from replay.commands.authority import PROCESS, READ_ONLY
from replay.states.model_set import ModelSet

UNUSUAL: Final = frozenset({READ_ONLY, PROCESS})  # nobody has them by default


def declared_roles(models: ModelSet) -> list[str]:
    """The roles that some command is for, by name, and at last the one that may only read."""
    found = {role for it in models.models for roles in it.roles.values() for role in roles}
    return [*sorted(found - {READ_ONLY}), READ_ONLY]


def usual_roles(declared: Sequence[str]) -> list[str]:
    """What whoever opens a store on their own machine may do: whatever a person may."""
    return [it for it in declared if it not in UNUSUAL]
