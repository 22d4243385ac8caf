"""The kinds of a correction. They are those of Fowler's retroactive event: out of order, rejected,
incorrect.
"""

from typing import Final, Literal, TypeAlias, get_args

from replay.words import said

Kind: TypeAlias = Literal["late", "rejected", "wrong"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


def kind_words(kind: Kind) -> str:
    """What was wrong about the event."""
    return {
        "late": said("came too late"),
        "rejected": said("should not be"),
        "wrong": said("was wrong"),
    }[kind]
