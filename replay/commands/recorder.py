"""Who records what a command leads to: the log itself, or for a mirror the server."""

from collections.abc import Callable

from replay.commands.recording import LocalRecorder, Recorder
from replay.states.model_set import ModelSet
from store.interface import CommandStore
from store.remote.origin import origin_of
from store.times import now_us


def recorder_of(
    store: CommandStore, models: ModelSet, *, clock_us: Callable[[], int] = now_us
) -> Recorder:
    """Of a mirror: the server; of any other store: itself. Nothing is connected to yet."""
    origin = origin_of(store.place.path)
    if origin is None:
        return LocalRecorder(store)
    from replay.commands.remote_recorder import RemoteRecorder  # late: most logs mirror nothing

    return RemoteRecorder(store, models, origin.where(), clock_us=clock_us)
