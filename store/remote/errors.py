"""What can go wrong with an event store on a server.

StoreError
├── WrongAddress       the text is no address of a server
├── NotAMirror         the local store holds other events than those of the server
├── EngineMissing      the package that speaks to this kind of server is not installed
└── RemoteError        about one server; its address is shown without secrets
    ├── Unreachable    nobody answers there, or the connection was lost
    ├── OnlyRead       the store belongs to another program
    ├── Refused        the server knows this user not, or lets it not do this
    ├── NotARemote     what answers holds no event store of ours
    ├── RemoteExists   an event store is already there
    ├── RemoteReplaced the store is another one, or lost events, since it was read
    └── OutcomeUnknown it cannot be told whether an append was recorded
"""

from pathlib import Path

from store.errors import StoreError
from store.words import said


class WrongAddress(StoreError):
    """Wrong usage on the command line. The text itself is not repeated: it may hold a password."""

    hint = said(
        "Write an address such as postgresql://user@host:5432/database?schema=foldline "
        "or kafka://host:9092/topic."
    )

    def __init__(self, reason: str) -> None:
        super().__init__(said("this is no address of a server: {reason}", reason=reason))
        self.reason = reason


class EngineMissing(StoreError):
    """Not installed here; `extra` is what brings it."""

    def __init__(self, *, engine: str, extra: str) -> None:
        super().__init__(
            said("the package that speaks to {engine} is not installed", engine=engine)
        )
        self.engine, self.extra = engine, extra
        self.hint = said(
            "Install it with: pip install 'foldline[{extra}]' "
            "(in a clone of the repository: make extra-{extra}).",
            extra=extra,
        )


class NotAMirror(StoreError):
    hint = said("Mirror into a new store: name one that is not there yet.")

    def __init__(self, path: Path) -> None:
        super().__init__(said("the store holds events that came from elsewhere: {path}", path=path))
        self.path = path


class MirrorOfServer(StoreError):
    hint = said("Issue the commands themselves: their events are recorded at the server.")

    def __init__(self, shown: str) -> None:
        super().__init__(said("this store holds just the events of a server: {url}", url=shown))


class RemoteError(StoreError):
    """`shown` is the address without secrets."""

    def __init__(self, reason: str, shown: str) -> None:
        super().__init__(f"{reason}: {shown}")
        self.reason, self.shown = reason, shown


class Unreachable(RemoteError):
    hint = said("Check the address, and that the server runs and accepts connections from here.")


class Refused(RemoteError):
    hint = said(
        "Check the user, the password (docs/engines.md says where it belongs) and what the server "
        "allows this user to do."
    )


class OnlyRead(RemoteError):
    hint = said("Append to it by its own program; what comes then is mirrored.")


class NotARemote(RemoteError):
    hint = said("Check the database and the schema, or make an event store there.")


class RemoteExists(RemoteError):
    hint = said("Use it as it is, or name another schema or keyspace in the address.")


class RemoteReplaced(RemoteError):
    hint = said("Nothing was changed here. Mirror it into a new store to see what it holds now.")


class OutcomeUnknown(RemoteError):
    hint = said("Append the same events again, with their ids: they are recorded once.")
