"""A verb that runs model code of a person's own, in a process of its own: it may loop, crash or
eat memory there. The process, which ends with its parent:
python -P -m replay.workers.verb_process VERB …
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from replay import command_line
from replay.children.parent import end_with_parent
from replay.own.memory_limit import limit_memory
from replay.own.model_source import HELD
from replay.standard_output import OUTPUT
from replay.workers.verb_apart import PROGRESS


def main(arguments: Sequence[str]) -> int:
    """The process's side."""
    limit_memory()
    if PROGRESS not in arguments:
        end_with_parent()
    OUTPUT.keep_apart()
    code = command_line.run(arguments)
    OUTPUT.close()
    Path(os.environ[HELD]).write_text("ended", "utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
