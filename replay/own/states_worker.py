"""The process in which latest states are folded by models of a person's own, and of packages:
python -P -m replay.own.states_worker FILE=SHA256 MARKER PLACE. Without a file the first is empty;
what was taught of the log at PLACE folds the streams that no model has.

As `own_worker`, with one projection: that of `replay.projections.latest_states`, by the models that
the process of the models has, too. What a model raises is told in the row of its stream.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from replay.own.installed_models import installed_models, with_installed
from replay.own.own_code import Watch, held
from replay.own.own_messages import Fold
from replay.own.own_worker import Worker, WorkerRows, run
from replay.own.user_models import load_models
from replay.projection import Projection
from replay.projections import latest_states
from replay.projections.latest_states import Folders
from replay.states.model_set import ModelSet, bundled_models
from replay.taught.teaching import teaching_of
from store.events import RecordedEvent
from store.place import place_of

WATCHED_S: Final = 60.0  # its parent ends it sooner; this is for when that is gone
_MADE: Final[list[Folders]] = []  # by what the process folds


class StatesWorker(Worker):
    """Folds what it is sent, and runs no own model at events that have ended the process."""

    def apply(self, request: Fold, rows: WorkerRows, event: RecordedEvent) -> None:
        """Fold one event."""
        for it in _MADE:
            it.bar_own(request.spared.get(event.position, request.spares))
        super().apply(request, rows, event)


def load(file: str, place: str) -> Sequence[Projection[Any]]:
    """The projection by the models of a file, PATH=SHA256, and of installed packages. Raises
    ModelFailed, NoModel, TakenName, and whatever the file raises."""
    watch = Watch(lambda _sentence: os._exit(1), limit_s=WATCHED_S)
    path, _, digest = file.rpartition("=")
    found = load_models(Path(path), expected_digest=digest) if path else ()
    models = with_installed(ModelSet(held(tuple(found), watch)), installed_models(watch))
    bundled = bundled_models().models
    own = frozenset(it.name for it in models.models if all(it is not one for one in bundled))
    folders = Folders(models, own, teaching=teaching_of(place_of(place)))
    _MADE.append(folders)
    return [latest_states.by(folders)]


def main(arguments: list[str]) -> int:
    """Serve until the input ends."""
    return run(lambda: load(arguments[0], arguments[2]), arguments[1], StatesWorker)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
