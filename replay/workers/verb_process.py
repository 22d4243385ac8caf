"""A verb that runs model code of a person's own, in a process of its own: it may loop, crash or
eat memory there. The process, which ends with its parent:
python -P -m replay.workers.verb_process VERB …
"""

import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from replay import command_line
from replay.own.memory_limit import limit_memory
from replay.own.model_source import HELD
from replay.workers.verb_apart import FAILED, PROGRESS


def main(arguments: Sequence[str]) -> int:
    """The process's side."""
    limit_memory()
    if PROGRESS not in arguments:
        threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    code = command_line.run(arguments)
    Path(os.environ[HELD]).write_text("ended", "utf-8")
    return code


def _end_with_parent() -> None:
    while os.read(0, 4_096):
        continue
    os._exit(FAILED)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
