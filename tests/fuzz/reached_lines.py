"""Which lines of store/, and which pairs of lines behind one another, a piece of work reaches."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Final, NamedTuple

STORE: Final = Path(__file__).parents[2] / "store"


class Step(NamedTuple):
    """One line behind another within one call; `before` is 0 at its beginning."""

    file: str
    before: int
    line: int


class ReachedLines:
    """Collects the steps of this thread. Use it from one thread, and one block at a time."""

    def __init__(self, folder: Path = STORE) -> None:
        self._prefix = f"{folder}/"
        self._names: dict[CodeType, str | None] = {}
        self.steps: set[Step] = set()

    @contextmanager
    def collecting(self) -> Iterator[set[Step]]:
        """The steps within the block, which are complete at its end."""
        found: set[Step] = set()
        self.steps = found
        before = sys.gettrace()
        sys.settrace(self._enter)
        try:
            yield found
        finally:
            sys.settrace(before)

    def _enter(self, frame: FrameType, _event: str, _argument: Any) -> Callable[..., Any] | None:
        code = frame.f_code
        if code not in self._names:
            file = code.co_filename
            is_ours = file.startswith(self._prefix)
            self._names[code] = file.removeprefix(self._prefix) if is_ours else None
        name = self._names[code]
        return None if name is None else _follower(self.steps, name)


def _follower(steps: set[Step], name: str) -> Callable[..., Any]:
    before = 0

    def follow(frame: FrameType, event: str, _argument: Any) -> Callable[..., Any]:
        nonlocal before
        if event == "line":
            line = frame.f_lineno
            steps.add(Step(name, before, line))
            before = line
        return follow

    return follow


def lines_of(files: set[str], folder: Path = STORE) -> int:
    """How many lines of these files can be reached within functions."""
    found: int = 0
    for file in files:
        text = (folder / file).read_text("utf-8")
        module = compile(text, file, "exec")
        found += len({line for code in _inner(module) for *_, line in code.co_lines() if line})
    return found


def _inner(code: CodeType) -> Iterator[CodeType]:
    for it in code.co_consts:
        if isinstance(it, CodeType):
            yield it
            yield from _inner(it)
