"""Why later commands of a branch cannot be decided again."""

from typing import Final

from replay.words import said
from store.branches.errors import BranchError
from store.events import RecordedEvent

NEW_COMMANDS: Final = 10_000  # sent for the first time, at most: process managers may go in circles


class DecidingFailed(BranchError):
    hint = said("Correct the model, or keep later events unchanged.")

    def __init__(self, event: RecordedEvent, command: str, error: Exception) -> None:
        super().__init__(
            said(
                "the model failed at deciding {command} again, which led to the event at position "
                "{position:,} ({kind}: {error})",
                command=command,
                position=event.position,
                kind=type(error).__name__,
                error=error,
            )
        )


class TooManyCommands(BranchError):
    hint = said("Keep later events unchanged, or end the loop in the model.")

    def __init__(self) -> None:
        super().__init__(said("process managers send new commands without end"))
