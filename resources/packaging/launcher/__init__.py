"""Foldline as an installed command: all of it stands in this one package.

`gui`, `store`, `replay` and `resources` are ordinary words, and other packages may have taken them.
They are no packages of the environment's, therefore: they are files in this folder, which comes
first on the path. A person's model or projection imports `replay.…`, as in a clone.
"""

import sys
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent


def main() -> int:
    """The command `foldline`. Returns the exit code."""
    sys.path.insert(0, str(FOLDER))
    from main import main as run  # late: it is found from now on

    return run(sys.argv[1:])
