"""What can go wrong with a branch, beside what can go wrong with a log."""

from pathlib import Path

from store.errors import HistoryEdited, StoreError, _PathError
from store.words import said


class BranchError(StoreError):
    """Base of what is wrong about a branch; the branch is as it was."""


class WrongBranchName(BranchError):
    hint = said(
        "Use letters, digits, dots, dashes and underscores, and begin with a letter. The log "
        "itself is called main."
    )

    def __init__(self, name: str) -> None:
        super().__init__(said("a branch cannot have this name: {name!r}", name=name))


class NoSuchBranch(BranchError):
    hint = said("Choose a branch that exists. List the branches with: main.py branch list STORE")

    def __init__(self, name: str) -> None:
        super().__init__(said("the log has no branch {name!r}", name=name))


class EmptyLog(BranchError, _PathError):
    hint = said("Append an event first, or import some.")

    def __init__(self, path: Path) -> None:
        super().__init__(said("there is nothing to branch from, the log is empty"), path)


class BeyondHead(BranchError):
    hint = said("Choose a position of an event that is there.")

    def __init__(self, position: int, head: int) -> None:
        super().__init__(
            said(
                "there is no event at position {position:,}, the last one is {head:,}",
                position=position,
                head=head,
            )
        )


class BeforeFork(BranchError):
    hint = said("Make a branch that forks earlier.")

    def __init__(self, position: int, fork: int) -> None:
        super().__init__(
            said(
                "position {position:,} is not after {fork:,}, where the branch forks",
                position=position,
                fork=fork,
            )
        )


class NotCutThere(BranchError):
    hint = said("Keep what follows, and leave single events out.")

    def __init__(self) -> None:
        super().__init__(
            said("a branch of a branch can end only before its first edit, or at its last event")
        )


class HoldsItsEvents(BranchError):
    hint = said("The branch stays as it is. Make a new one where the log is now.")

    def __init__(self, event_id: str, position: int) -> None:
        super().__init__(
            said(
                "the log recorded an event of the branch itself since then, {id!r} at position "
                "{position:,}",
                id=event_id,
                position=position,
            )
        )


class NothingToUndo(BranchError):
    hint = said("The branch stays as it is. List its edits with: main.py branch show STORE NAME")

    def __init__(self, *, again: bool) -> None:
        super().__init__(
            said("no edit was undone, so none can be made again")
            if again
            else said("the branch has no edit to undo")
        )


class OnlyDecided(BranchError):
    hint = said("Edit an event before it, or keep later events unchanged.")

    def __init__(self, position: int) -> None:
        super().__init__(
            said(
                "the event at position {position:,} is there only because a command was decided "
                "again",
                position=position,
            )
        )


class EditChangesNothing(BranchError):
    hint = said("Say what is to be different.")

    def __init__(self) -> None:
        super().__init__(said("this edit would change nothing"))


class EditedMeanwhile(BranchError):
    hint = said("Nothing was changed. Look at the event again, then repeat the edit.")

    def __init__(self) -> None:
        super().__init__(said("the branch was edited meanwhile, so positions may have changed"))


class LogGone(BranchError, _PathError):
    """`path` is where the log should be."""

    hint = said("Put the log back beside its branch. The branch keeps its edits and events.")

    def __init__(self, path: Path) -> None:
        super().__init__(said("the log of the branch is missing"), path)


class OtherLog(BranchError, _PathError):
    """`path` is the branch's."""

    hint = said("Move the branch beside the log that it was made from.")

    def __init__(self, path: Path) -> None:
        super().__init__(said("the branch belongs to another log than the one beside it"), path)


class LogChanged(BranchError, _PathError):
    """`path` is the log's."""

    hint = said("Restore the log. The branch keeps its edits and events.")

    def __init__(self, path: Path, position: int) -> None:
        super().__init__(
            said(
                "the log was replaced since the branch was made, and its event {position:,} is "
                "another one or missing",
                position=position,
            ),
            path,
        )


class BranchEdited(BranchError, HistoryEdited, _PathError):
    hint = said("Open the branch again to see its new history.")

    def __init__(self, path: Path) -> None:
        super().__init__(said("the history of the branch was edited meanwhile"), path)
