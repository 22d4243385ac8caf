"""What can go wrong with a query store.

StoreError (store.errors)
└── NotAskedThere     an option that a query store does not answer

RemoteError (store.remote.errors)
├── NotAnswered       the process that asks for us says why, or did not answer in time
├── NotAQueryStore    what answers, or what lies there, is something else
├── NothingStored     the query store holds no rows of this view
├── OtherRows         the rows there are of another log, or of events that this log does not have
├── SpoiledRow        a row is there that no sink has written so
├── RowNotTaken       the server does not take one of the rows
└── SinkRunning       another process writes this log's rows there
"""

from replay.words import said
from store.errors import UnknownChoice
from store.remote.errors import RemoteError


class NotAskedThere(UnknownChoice):
    """Wrong usage on the command line."""

    def __init__(self, option: str) -> None:
        reason = said("a query store does not answer --{option}", option=option)
        super().__init__(reason, ())
        self.hint = said("Ask the store here.")


class NotAnswered(RemoteError):
    hint = said("Check that the server runs and is not overloaded.")


class NotAQueryStore(RemoteError):
    hint = said("Check the address, and the name behind the last / of it.")


class NothingStored(RemoteError):
    hint = said("Name a view that is there. Or fill it with: main.py sink STORE NAME --to URL")


class OtherRows(RemoteError):
    hint = said("Nothing was changed there. Name another place in the address for these rows.")


class SpoiledRow(RemoteError):
    hint = said("Write all of its rows again. See: main.py sink --help")


class RowNotTaken(RemoteError):
    hint = said("The other views go on. Raise the limit on the server, or leave this view out.")


class SinkRunning(RemoteError):
    hint = said("End it first; after it was killed, wait a moment.")
