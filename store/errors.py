"""What can go wrong in the store.

StoreError
├── VersionConflict    another writer got there first: reload and decide again
├── DuplicateEventId   an event with this id is already recorded
├── InvalidEvent       the event cannot be recorded as it is: correct it
├── UnknownEventType   the log holds no event of this type: a typing error, most often
├── UnknownStream      the log holds no stream of this name
├── WrongMoment        the text names no position and no time
├── WrongFilter        the filter text cannot be read: what is wrong, at which place
├── StoreMissing       there is no file at this path
├── LivesNowhere       a log in memory has no file: nothing can stand beside it
├── StoreExists        a file is already there: choose another name
├── NotAStore          the file or folder is something else
├── StoreTooNew        the file was written by a newer Foldline
├── StoreBusy          another process holds the write lock: try again
├── StoreReadOnly      the file or its folder cannot be written
├── LockClosed         the file by which processes keep apart belongs to another account
├── LogReplaced        the file of an open log is gone, or another one stands in its place
├── ForeignWal         what SQLite keeps beside the file belongs to one that was there before
├── DiskFull           there is no room left: make some; nothing is damaged
├── TooBig             a limit of the system or of this account allows no bigger file
├── DiskFails          the disk, or the way to it, does not do what it should
├── CannotOpen         the system opens no file there: too many are open, or no folder
├── OutOfMemory        there was not enough memory
├── StoreDamaged       the file breaks an invariant: offer a repair, never carry on
├── UnknownFormat      no format recognises the file: offer the list
├── UnusableKey        the key's file is none, or others may read a private one
├── BadCheckpoint      the file holds no signed checkpoint
├── UnknownChoice      the format leaves no such thing open, or not this value
├── WrongRules         the rules of an import cannot be followed: which of them, and why
├── UnreadableSource   the file to import is missing, empty, cut short or not what it claims
└── Cancelled          the caller asked to stop: nothing was changed

Every error's text is one sentence that ends with the path or name concerned; `hint`
is the next step for a person.
"""

from collections.abc import Iterable
from pathlib import Path

from store.words import said


class StoreError(Exception):
    """Base of every error the store raises on purpose."""

    hint = ""


class VersionConflict(StoreError):
    hint = said("Reload the stream and decide again.")

    def __init__(self, stream: str, *, expected: int, actual: int) -> None:
        super().__init__(
            said(
                "expected version {expected} but found {actual} in stream {stream!r}",
                expected=expected,
                actual=actual,
                stream=stream,
            )
        )
        self.stream, self.expected, self.actual = stream, expected, actual


class DuplicateEventId(StoreError):
    hint = said("Give the event its own id. A repeated append of the same event is not needed.")

    def __init__(self, event_id: str) -> None:
        super().__init__(
            said("an event with this id is already recorded: {event_id}", event_id=event_id)
        )
        self.event_id = event_id


class InvalidEvent(StoreError):
    hint = said("Correct the event and append it again. Nothing was recorded.")


class UnknownEventType(StoreError):
    hint = said("List the event types with: main.py info STORE")

    def __init__(self, event_type: str) -> None:
        super().__init__(
            said("the log holds no event of type {event_type!r}", event_type=event_type)
        )
        self.event_type = event_type


class UnknownStream(StoreError):
    hint = said("List the streams with: main.py view STORE streams")

    def __init__(self, stream: str) -> None:
        super().__init__(said("the log holds no stream {stream!r}", stream=stream))
        self.stream = stream


class WrongMoment(StoreError):
    hint = said("Write a position such as 1842, or a time such as 2026-03-14T09:41:09.921Z.")

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(f"{reason}: {text!r}")
        self.text = text


class WrongFilter(StoreError):
    """A filter that cannot be read; `at` is the place of the character that it concerns."""

    def __init__(self, problem: str, text: str, at: int) -> None:
        super().__init__(said("the filter is not valid: {problem}", problem=problem))
        self.problem, self.text, self.at = problem, text, at
        self.hint = f"{text}\n{' ' * at}^"


class _PathError(StoreError):
    """An error about one file or folder."""

    def __init__(self, reason: str, path: Path) -> None:
        super().__init__(f"{reason}: {path}")
        self.reason, self.path = reason, path


class StoreMissing(_PathError):
    hint = said("Check the path, or import an event file to create a store.")

    def __init__(self, path: Path) -> None:
        super().__init__(said("the file does not exist"), path)


class LivesNowhere(StoreError):
    hint = said("Save it as a store first.")

    def __init__(self) -> None:
        super().__init__(said("a log in memory stores no views, outcomes or snapshots"))


class StoreExists(_PathError):
    hint = said("Choose another name, or import into the existing store.")

    def __init__(self, path: Path) -> None:
        super().__init__(said("a file with this name already exists"), path)


class NotAStore(_PathError):
    hint = said("Open a .foldline file, or import this one if it holds events.")


class StoreTooNew(_PathError):
    hint = said(
        "Open it with the newer Foldline that wrote it, or use that version to export JSON Lines."
    )

    def __init__(self, path: Path, *, found: int, known: int) -> None:
        super().__init__(
            said(
                "the store has schema version {found}, but this Foldline supports only "
                "up to {known}",
                found=found,
                known=known,
            ),
            path,
        )
        self.found, self.known = found, known


class StoreBusy(_PathError):
    hint = said(
        "Another program is writing to the store. Wait until it has finished, then try again."
    )

    def __init__(self, path: Path) -> None:
        super().__init__(said("another process holds the write lock"), path)


class StoreReadOnly(_PathError):
    hint = said("Copy the store to a folder where you can write, and open it there.")


class LockClosed(_PathError):
    hint = said(
        "It belongs to another account. Ask that account, or the owner of the folder, to delete it."
    )

    def __init__(self, path: Path) -> None:
        super().__init__(said("the lock file that coordinates processes cannot be opened"), path)


class HistoryEdited(StoreError):
    """Base of what an open reader says once somebody has edited what it reads."""


class LogReplaced(_PathError):
    """Nothing was read from, or written to, the other file."""

    def __init__(self, path: Path, *, is_gone: bool) -> None:
        self.is_gone = is_gone
        if is_gone:
            super().__init__(said("the file of the open log is missing"), path)
            self.hint = said("Put it back: work then continues. Nothing is recorded meanwhile.")
        else:
            super().__init__(said("another file has replaced the open log"), path)
            self.hint = said(
                "Put the original file back, or a copy of it: work then continues. "
                "Nothing is recorded meanwhile. To work with the other log, reopen it."
            )


class ForeignWal(_PathError):
    """`path` is that of the -wal."""

    hint = said(
        "It belongs to a previous file with this name. Close every program that "
        "uses that file. Then move this file and the one that ends in -shm "
        "away, and open the log again."
    )

    def __init__(self, path: Path) -> None:
        super().__init__(
            said("beside the log is a write-ahead log of another file, which would be mixed in"),
            path,
        )


class DiskFull(_PathError):
    """`path` is the folder without room."""

    hint = said("Free some space there and try again. What was recorded before is safe.")

    def __init__(self, path: Path) -> None:
        super().__init__(said("the disk is full"), path)


class TooBig(_PathError):
    hint = said("Raise the limit on file size, or use another disk. Nothing is damaged.")

    def __init__(self, path: Path) -> None:
        super().__init__(said("the system does not allow a larger file"), path)


class DiskFails(_PathError):
    hint = said("Check the disk, or the connection to it, and try again.")

    def __init__(self, reason: str, path: Path) -> None:
        super().__init__(said("the disk cannot be read or written ({reason})", reason=reason), path)


class CannotOpen(_PathError):
    hint = said(
        "Check that the folder exists and is accessible, and that not too many files are open."
    )

    def __init__(self, path: Path) -> None:
        super().__init__(said("the system cannot open the file"), path)


class OutOfMemory(_PathError):
    hint = said("Close other programs and try again. Nothing was changed.")

    def __init__(self, path: Path) -> None:
        super().__init__(said("there is not enough memory to process the file"), path)


class StoreDamaged(_PathError):
    hint = said(
        "Work on a copy. main.py verify lists the damage, and main.py salvage "
        "reads what it can. Or restore a backup."
    )


class UnknownFormat(_PathError):
    hint = said("Name the format yourself with --format, or convert the file to JSON Lines.")


class UnusableKey(_PathError):
    hint = said(
        "main.py checkpoint keys KEYFILE creates a private key, with the public key beside it."
    )


class BadCheckpoint(_PathError):
    hint = said("main.py checkpoint sign writes one. Use its JSON text unchanged.")


class UnknownChoice(StoreError):
    """What was asked for is wrong, not the file: wrong usage on the command line."""

    def __init__(self, reason: str, options: Iterable[str]) -> None:
        super().__init__(reason)
        named = ", ".join(options)
        self.hint = (
            said("Choose one of: {named}.", named=named) if named else said("There are no choices.")
        )


class WrongRules(StoreError):
    """What was stated is wrong, not the file: wrong usage on the command line."""

    hint = said("Correct the rule. Nothing was imported.")

    def __init__(self, problems: Iterable[tuple[str, str]]) -> None:
        self.problems = tuple(problems)  # which rule, such as map.stream, and what is wrong with it
        super().__init__("; ".join(f"{where}: {what}" for where, what in self.problems))


class UnreadableSource(_PathError):
    hint = said("Check the file. Nothing of it was imported.")


class SourceBusy(UnreadableSource):
    hint = said("Try again when its program writes less.")


class NotFollowed(UnreadableSource):
    hint = said(
        "Only JSON Lines in UTF-8 and the SQLite files of Emmett, python "
        "eventsourcing and Rails Event Store can be followed. Import the file "
        "instead."
    )


class SourceReplaced(_PathError):
    hint = said(
        "Follow it into a new store, or read it from the beginning with "
        "--again. Events already in the store are recognised by their ids."
    )


class Cancelled(StoreError):
    hint = said("Nothing was changed.")

    def __init__(self) -> None:
        super().__init__(said("stopped on request"))
