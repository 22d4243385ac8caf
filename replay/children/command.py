"""The command line of a process that we start: one of our modules, run by whatever runs us."""

import sys
from typing import Final

from replay.words import said

COMMAND_WORKER: Final = "replay.workers.command_worker"
FILE_ARGUMENT: Final = "--file="  # of the command worker: which file its log has to be
ENGINES_PROCESS: Final = "resources.engines.engines_process"
JOB_PROCESS: Final = "replay.workers.job_process"
MODEL_CHECK: Final = "replay.workers.model_check"
OWN_WORKER: Final = "replay.own.own_worker"
PROJECTOR: Final = "replay.projector.projector"
QUERY_WORKER: Final = "replay.workers.query_worker"
RULES_WORKER: Final = "replay.own.rules_worker"
STATES_WORKER: Final = "replay.own.states_worker"
VERB_PROCESS: Final = "replay.workers.verb_process"

WORKERS: Final = frozenset(
    {
        COMMAND_WORKER,
        ENGINES_PROCESS,
        JOB_PROCESS,
        MODEL_CHECK,
        OWN_WORKER,
        PROJECTOR,
        QUERY_WORKER,
        RULES_WORKER,
        STATES_WORKER,
        VERB_PROCESS,
    }
)
WORKER_OPTION: Final = "--worker"


def worker_command(module: str, *arguments: str) -> tuple[str, ...]:
    """What starts one of WORKERS, with `environment`, from any current folder.

    A frozen program has no interpreter beside it: it is started again and runs the module
    itself, see `worker_main`. Raises ValueError for any other module.
    """
    if module not in WORKERS:
        raise ValueError(said("unknown worker: {module!r}", module=module))
    if getattr(sys, "frozen", False):
        return (sys.executable, WORKER_OPTION, module, *arguments)
    return (sys.executable, "-P", "-m", module, *arguments)


def verb_command(*arguments: str) -> tuple[str, ...]:
    """What runs a verb of the command line, for the window."""
    is_about_engines = arguments[:1] == ("engines",)
    return worker_command(ENGINES_PROCESS if is_about_engines else JOB_PROCESS, *arguments)


def window_command(store: str) -> tuple[str, ...]:
    """What opens another window of the program, with a store."""
    if getattr(sys, "frozen", False):
        return (sys.executable, store)
    return (sys.executable, "-P", "-m", "main", store)
