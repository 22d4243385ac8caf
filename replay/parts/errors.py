"""What can go wrong with a view that is folded elsewhere, in parts.

StoreError (store.errors)
├── NotFoldedThere   a view whose code or tables cannot be taken elsewhere
├── FoldFailed       the projection failed at an event
├── NotOurEvents     files of events that do not have our columns, or not all events
├── PartsNotShared   the folder of the parts is not the same one on the workers
├── FolderTaken      a folder for rows holds something else
├── OtherEvents      the store that is to get the rows does not hold these events
├── JavaMissing      Spark needs Java
├── MasterSilent     nothing answers at the address of a master, or gives the job a worker
└── SparkFailed      a job ended, and what Spark says of it
"""

from replay.words import said
from store.errors import StoreError, UnknownChoice


class WrongMaster(UnknownChoice):
    """Wrong usage on the command line."""

    def __init__(self, text: str) -> None:
        reason = said("this is no master of Spark: {text!r}", text=text)
        super().__init__(reason, ("local[2]", "spark://HOST:7077"))


class WrongEnd(UnknownChoice):
    """Wrong usage on the command line: where events come from, or rows go."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, ())
        self.hint = said(
            "Write --from STORE, postgresql://…, cassandra://… or parquet:FOLDER, and --into "
            "STORE, opensearch://…, postgresql://… or parquet:FOLDER."
        )


class NotFoldedThere(StoreError):
    hint = said("Rebuild it on this machine, without --on.")

    def __init__(self, view: str, reason: str) -> None:
        super().__init__(said("{view} cannot be folded there: {reason}", view=view, reason=reason))
        self.view, self.reason = view, reason


class FoldFailed(StoreError):
    hint = said("Nothing was replaced. Correct the projection, or skip the event, and try again.")

    def __init__(self, view: str, words: str, position: int | None) -> None:
        where = "" if position is None else said(" (at position {at:,})", at=position)
        super().__init__(said("{view} failed: {words}{at}", view=view, words=words, at=where))
        self.view, self.position = view, position


class NotOurEvents(StoreError):
    hint = said("Write them with: main.py export STORE --into FOLDER/events.parquet")

    def __init__(self, folder: object, reason: str) -> None:
        what = said("these are not the events of a log, {reason}", reason=reason)
        super().__init__(f"{what}: {folder}")
        self.reason = reason


class PartsNotShared(StoreError):
    hint = said("Name one that this machine and all workers reach by the same path: --work FOLDER")

    def __init__(self, folder: object) -> None:
        super().__init__(
            said("the workers did not write into the folder for their parts: {at}", at=folder)
        )


class FolderTaken(StoreError):
    hint = said("Nothing was changed there. Name another folder.")

    def __init__(self, folder: object) -> None:
        super().__init__(
            said("the folder holds something else than rows of a view: {at}", at=folder)
        )


class OtherEvents(StoreError):
    hint = said("Name the mirror of that event store, or another place for the rows.")

    def __init__(self, store: object) -> None:
        super().__init__(
            said("the store does not hold the events that were folded: {at}", at=store)
        )


class JavaMissing(StoreError):
    hint = said(
        "Install it with: apt-get install --no-install-recommends default-jre-headless "
        "(or set JAVA_HOME)."
    )

    def __init__(self, told: str) -> None:
        about = f" ({told})" if told else ""
        super().__init__(said("Spark did not start; it needs Java 17 or newer{about}", about=about))


class MasterSilent(StoreError):
    hint = said("Check the address, and that the master runs and has a free worker.")

    def __init__(self, master: str, reason: str) -> None:
        super().__init__(f"{reason}: {master}")
        self.master, self.reason = master, reason


class SparkFailed(StoreError):
    hint = said("What is done is kept: the same command goes on. The log of Spark tells more.")

    def __init__(self, told: str, log: object) -> None:
        super().__init__(
            said("the job on Spark failed ({told}); its log: {log}", told=told, log=log)
        )
        self.told = told
