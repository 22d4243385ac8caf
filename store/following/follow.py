"""Follow a file into a log: what is there, then what comes, from where the last follower ended."""

from collections.abc import Callable
from pathlib import Path

from store.following.followed_file import FollowedFile, Wanted, begin, wanted_before, watched
from store.following.lag import Lag
from store.transfer.mirror import mirror
from store.transfer.report import ImportCounts


def follow_file(
    path: Path,
    *,
    into: Path,
    wanted: Wanted | None = None,
    is_endless: bool = True,
    is_again: bool = False,
    on_batch: Callable[[ImportCounts], None] = lambda _counts: None,
    on_lag: Callable[[Lag], None] = lambda _lag: None,
    is_ended: Callable[[], bool] = lambda: False,
) -> ImportCounts:
    """Store what a file holds and, where it is `is_endless`, what it grows by, until `is_ended`.
    Without `wanted` it is read as it was before. `is_again`: from its beginning.

    `on_lag` is told about ten times a second, in this thread. Returns the counts of this call.
    Raises NotFollowed, SourceReplaced, UnreadableSource, UnknownFormat, UnknownChoice, WrongRules,
    StoreBusy, StoreReadOnly and what `open_log` and `create_log` raise; what was told as stored
    stays.
    """
    file = watched(path, is_ended=is_ended, tell=on_lag)
    if is_endless and not begin(path, file):
        return ImportCounts()
    feed = FollowedFile(
        path,
        wanted or wanted_before(into, path) or Wanted(),
        watched=file,
        is_endless=is_endless,
        is_again=is_again,
    )
    return mirror(feed, into=into, on_batch=on_batch, is_cancelled=is_ended)
