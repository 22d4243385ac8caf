"""A question to the process of the models, asked on a reader thread."""

from typing import Any

from gui.work.reads import Reads
from replay.workers.worker_process import CommandWorker


def ask_worker(_reads: Reads, *, worker: CommandWorker, do: str, facts: dict[str, Any]) -> Any:
    """Work for gui.work.tasks: the answer of the worker. Raises WorkerError, ModelFailed."""
    return worker.ask(do, **facts)
