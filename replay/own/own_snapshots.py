"""Snapshots of a person's own models, made by themselves in the process that runs their code.

The projector keeps those of every other model; it has no code of a person's own.
"""

from collections.abc import Iterable

from replay.snapshots.snapshot_keeper import SnapshotKeeper
from replay.states.model_set import AnyModel, ModelSet
from replay.states.stream_states import StreamStates
from replay.views.read_store import ReadStore, open_views
from store.interface import EventReader
from store.opening import open_reader
from store.place import Place


class OwnSnapshots:
    """For one log. One thread; close it."""

    def __init__(self, place: Place, models: Iterable[AnyModel]) -> None:
        self._place = place
        self._models = ModelSet(models)
        self._log: EventReader | None = None
        self._views: ReadStore | None = None
        self._keeper: SnapshotKeeper | None = None

    def advance(self) -> bool:
        """Make those that are due, for a tenth of a second. Returns whether there is more to do.

        Raises sqlite3.Error, StoreError.
        """
        if not self._models.models or not self._place.views.is_file():
            return False
        return self._current().advance()

    def close(self) -> None:
        """Close what it has opened. It opens again when asked."""
        for it in (self._views, self._log):
            if it is not None:
                it.close()
        self._log = self._views = self._keeper = None

    def _current(self) -> SnapshotKeeper:
        if self._views is not None and not self._views.is_in_place():
            self.close()
        if self._keeper is None:
            self._log = open_reader(self._place.path)
            self._views = open_views(self._log)
            states = StreamStates(models=self._models)
            self._keeper = SnapshotKeeper(self._views.db, self._log, states=states, is_of_own=True)
        return self._keeper
