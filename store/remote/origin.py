"""Which store on a server a local store mirrors."""

from contextlib import closing
from pathlib import Path
from typing import Final

from msgspec import Struct

from store.place import is_branch
from store.remote.address import Address, address_of
from store.remote.errors import MirrorOfServer, WrongAddress
from store.remote.kind import kind_of
from store.sqlite.connect import open_log

# The last batch that came from a server: feeds of files have no address.
_LAST: Final = """
SELECT json_extract(manifest, '$.feed'), json_extract(manifest, '$.address'),
       json_extract(manifest, '$.cursor')
FROM imports WHERE json_extract(manifest, '$.address') IS NOT NULL ORDER BY id DESC LIMIT 1
"""


# Events that came again, as noted with each batch.
_REPEATED: Final = """
SELECT coalesce(max(id), 0), coalesce(sum(
    coalesce(json_extract(manifest, '$.counts.duplicates'), 0)
    + coalesce(json_extract(manifest, '$.delivery.duplicates'), 0)), 0)
FROM imports WHERE id > ?
"""


class MirrorOrigin(Struct, frozen=True, kw_only=True):
    """Where the events of a mirror came from at last."""

    address: str  # without secrets
    feed: str  # what tells that store from others
    cursor: str | None  # of the last event that is here; None where there is none

    def where(self) -> Address:
        """As it is connected to: with secrets from the environment or a file."""
        return address_of(self.address)


def origin_of(store: Path) -> MirrorOrigin | None:
    """None for a store that mirrors none that is known here, and for a branch, in which everything
    stays. Raises what `open_log` raises."""
    if is_branch(store):
        return None
    with closing(open_log(store)) as db:
        row = db.execute(_LAST).fetchone()
    if row is None:
        return None
    found = MirrorOrigin(feed=str(row[0]), address=str(row[1]), cursor=row[2])
    try:
        kind_of(found.where())
    except WrongAddress:
        return None
    return found


def repeated_in(store: Path, *, after: int = 0) -> tuple[int, int]:
    """How many events of the batches behind an id came although they were here, and the last id,
    which comes first. Raises what `open_log` raises."""
    with closing(open_log(store)) as db:
        last, repeated = db.execute(_REPEATED, [after]).fetchone()
    return max(int(last), after), int(repeated)


def require_no_mirror(store: Path) -> None:
    """For whatever would record events in the store itself. Raises MirrorOfServer, and what
    `open_log` raises."""
    if (origin := origin_of(store)) is not None:
        raise MirrorOfServer(origin.address)
