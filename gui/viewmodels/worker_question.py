"""A question to the process of the models, asked on a reader thread."""

from typing import TypeVar

from gui.work.reads import Reads
from replay.children.questions import Question
from replay.workers.worker_process import CommandWorker

A = TypeVar("A")


def ask_worker(_reads: Reads, *, worker: CommandWorker, question: Question[A]) -> A:
    """Work for gui.work.tasks: the answer of the worker. Raises WorkerError, ModelFailed."""
    return worker.ask(question)
