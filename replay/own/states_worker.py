"""The process in which latest states are folded by models of a person's own, and of packages:
python -P -m replay.own.states_worker FILE=SHA256 MARKER PLACE. Without a file the first is empty;
what was taught of the log at PLACE folds the streams that no model has.

As `own_worker`, with one projection: that of `replay.projections.latest_states`, by the models that
the process of the models has, too. What a model raises is told in the row of its stream.
"""

import sys
from functools import partial

from replay.own.own_messages import Fold, Loaded
from replay.own.own_worker import Ask, Prepared, Views, described, run
from replay.own.worker_models import models_with
from replay.projections import latest_states
from replay.projections.latest_states import Folders
from replay.taught.teaching import teaching_of
from store.events import RecordedEvent
from store.place import place_of


class StatesViews(Views):
    """Folds what it is sent, and runs no own model at events that have ended the process."""

    def __init__(self, folders: Folders, ask: Ask) -> None:
        super().__init__([latest_states.by(folders)], ask)
        self._folders = folders

    def fold(self, request: Fold, event: RecordedEvent) -> None:
        """Fold one event."""
        self._folders.bar_own(request.spared.get(event.position, request.spares))
        super().fold(request, event)


def load(file: str, place: str) -> Prepared:
    """The projection by the models of a file, PATH=SHA256, and of installed packages. Raises
    ModelFailed, NoModel, TakenName, and whatever the file raises."""
    found = models_with(file)
    folders = Folders(found.models, found.own, teaching=teaching_of(place_of(place)))
    told = described(latest_states.by(folders))
    return Prepared(Loaded((told,)), partial(StatesViews, folders))


def main(arguments: list[str]) -> int:
    """Serve until the input ends."""
    return run(lambda: load(arguments[0], arguments[2]), arguments[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
