"""Where verbs print: standard output, which no code of a person's own may write to.

A process that runs such code calls `keep_apart` first. Then what that code prints, by whatever
way, goes to standard error, and what is written here goes where standard output went.
"""

import os
import sys
from contextlib import suppress
from typing import Final, TextIO


class StandardOutput:
    """The standard output of this process. Any thread."""

    def __init__(self) -> None:
        self._apart: TextIO | None = None

    @property
    def encoding(self) -> str:
        """Of what is written."""
        return self._now().encoding or "utf-8"

    def write(self, text: str) -> None:
        """Write a text; it may stay in a buffer until `flush`."""
        self._now().write(text)

    def flush(self) -> None:
        """Let what was written go."""
        self._now().flush()

    def is_terminal(self) -> bool:
        """Whether a person reads it on a terminal."""
        return self._now().isatty()

    def fileno(self) -> int:
        """The file of the system. Raises OSError or ValueError where there is none."""
        return self._now().fileno()

    def keep_apart(self) -> None:
        """From now on `print`, `sys.stdout` and the file with the number 1 are standard error."""
        if self._apart is not None:
            return
        ours, sys_out = os.dup(1), sys.stdout
        sys_out.flush()
        self._apart = os.fdopen(
            ours,
            "w",
            encoding=sys_out.encoding,
            errors=sys_out.errors,
            buffering=1 if os.isatty(ours) else -1,
        )
        os.dup2(2, 1)
        sys.stdout = sys.stderr

    def close(self) -> None:
        """Let the rest go, where it was kept apart; whoever reads it may have gone."""
        if self._apart is not None:
            with suppress(BrokenPipeError):
                self._apart.flush()

    def _now(self) -> TextIO:
        return sys.stdout if self._apart is None else self._apart


OUTPUT: Final = StandardOutput()
