"""What the command is called: `main.py` in a clone, `foldline` where it is installed.

Hints and documents are written for a clone. Whoever shows one passes it through `as_typed`.
"""

import sys
from pathlib import Path
from typing import Final

from store.visible_text import visible_lines

IN_A_CLONE: Final = "main.py"
INSTALLED: Final = "foldline"
ROOT: Final = Path(__file__).parents[1]


def command_name(root: Path = ROOT) -> str:
    """The word to type. Only an installed command has a launcher beside its modules."""
    return INSTALLED if (root / "__init__.py").is_file() else IN_A_CLONE


def as_typed(text: str, root: Path = ROOT) -> str:
    """A text of ours with the command's name as it is here."""
    return text.replace(IN_A_CLONE, command_name(root))


def complain(sentence: str, hint: str = "") -> None:
    """Say on standard error what is wrong, and what to do about it."""
    lines = (f"{command_name()}: {sentence}", *([as_typed(hint)] if hint else ()))
    sys.stderr.write("".join(f"{visible_lines(it)}\n" for it in lines))
