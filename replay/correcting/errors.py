"""Why an event cannot be corrected; nothing is appended then."""

from replay.words import said
from store.errors import StoreError


class CannotCorrect(StoreError):
    """The log is as it was."""

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.hint = hint


class NotAllReached(CannotCorrect):
    """New events alone do not lead to the state that should be."""


def no_such_event(position: int, head: int) -> CannotCorrect:
    return CannotCorrect(
        said(
            "there is no event at position {position:,}, the last one is {head:,}",
            position=position,
            head=head,
        ),
        said("Choose a position of an event that is there."),
    )
