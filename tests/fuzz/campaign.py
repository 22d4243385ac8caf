"""Try every reader with inputs that go where none went before.

    python -m tests.fuzz.campaign [--seconds N] [--reader NAME] [--seed N] [--keep FOLDER]

Inputs that reach a new line of store/, or a new pair of lines, are kept and changed further. An
input that breaks a promise is made smaller and written down; then the exit code is 1.
"""

import argparse
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Final

from tests.fuzz.file_readers import file_readers
from tests.fuzz.limits import TookTooLong, limited
from tests.fuzz.log_readers import log_readers
from tests.fuzz.mutations import mutated
from tests.fuzz.reached_lines import ReachedLines, Step, lines_of
from tests.fuzz.reader import Reader
from tests.fuzz.text_readers import text_readers

CLOSELY: Final = 16  # every so many inputs are looked at closely, and each that is new
KEPT: Final = 400  # inputs of one reader that are changed further
SMALLER: Final = 300  # attempts to make a failing input smaller
MEMORY: Final = Path("/dev/shm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A failing input, and how it fails."""

    reader: str
    kind: str  # tells it from others: the error, and where it came from
    data: bytes
    story: str


@dataclass(slots=True, kw_only=True)
class Hunt:
    """How far one reader was tried."""

    reader: Reader
    corpus: list[bytes] = field(default_factory=list)
    inputs: int = 0
    steps: set[Step] = field(default_factory=set)
    faults: dict[str, Fault] = field(default_factory=dict)


def all_readers(work: Path) -> list[Reader]:
    """`work` is a folder for what they share."""
    return [*file_readers(), *text_readers(work), *log_readers(work)]


def failure_of(reader: Reader, data: bytes, *, is_close: bool = True) -> BaseException | None:
    """What an input breaks, if anything."""
    with _folder() as folder:
        try:
            with limited():
                reader.tries(data, folder, is_close)
        except (Exception, TookTooLong) as error:  # whatever it is, it is the find
            return error
    return None


def hunt(reader: Reader, *, seconds: float, seed: int) -> Hunt:
    """Try one reader for some seconds, or with each of its seeds at least."""
    done, lines, random = Hunt(reader=reader), ReachedLines(), Random(f"{seed} {reader.name}")
    until = time.monotonic() + seconds
    for data in reader.seeds():
        done.corpus.append(data)
        _try(done, lines, data)
    while time.monotonic() < until:
        parent = done.corpus[-1 - int(len(done.corpus) * random.random() ** 2)]
        _try(done, lines, mutated(parent, done.corpus, random), may_keep=True)
        if len(done.corpus) > KEPT:
            del done.corpus[random.randrange(len(done.corpus) // 2)]
    return done


def _try(done: Hunt, lines: ReachedLines, data: bytes, *, may_keep: bool = False) -> None:
    done.inputs += 1
    is_close = not may_keep or done.inputs % CLOSELY == 0
    with lines.collecting() as steps:
        error = failure_of(done.reader, data, is_close=is_close)
    is_new = not steps <= done.steps
    done.steps |= steps
    if error is None and is_new and not is_close:
        with lines.collecting() as steps:
            error = failure_of(done.reader, data)
        done.steps |= steps
    if error is not None:
        _note(done, data, error)
    elif is_new and may_keep:
        done.corpus.append(data)


def _note(done: Hunt, data: bytes, error: BaseException) -> None:
    kind = kind_of(error)
    if kind in done.faults:
        return
    story = "".join(traceback.format_exception(error))

    def fails_alike(it: bytes) -> bool:
        return kind_of(failure_of(done.reader, it)) == kind

    small = data if isinstance(error, TookTooLong) else smaller(data, fails_alike)
    done.faults[kind] = Fault(reader=done.reader.name, kind=kind, data=small, story=story)


def kind_of(error: BaseException | None) -> str:
    """Failures of one kind raise the same from the same line."""
    if error is None:
        return ""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [it for it in frames if "/store/" in it.filename] or frames
    if isinstance(error, AssertionError):
        return f"{type(error).__name__}: {error}"
    where = "" if isinstance(error, TookTooLong) else f" at {ours[-1].filename}:{ours[-1].lineno}"
    return f"{type(error).__name__}{where}"


def smaller(data: bytes, is_same: Callable[[bytes], bool]) -> bytes:
    """What is left when parts are taken out as long as it fails alike."""
    size, attempts = max(len(data) // 2, 1), 0
    while size and attempts < SMALLER:
        at = 0
        while at < len(data) and attempts < SMALLER:
            attempts += 1
            shorter = data[:at] + data[at + size :]
            if is_same(shorter):
                data = shorter
            else:
                at += size
        size //= 2
    return data


@contextmanager
def _folder() -> Iterator[Path]:
    parent = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=parent, prefix="foldline-fuzz-") as name:
        yield Path(name)


# -- by hand --------------------------------------------------------------------------------


def main(arguments: Sequence[str]) -> int:
    """The exit code: 1 when a fault was found."""
    chosen = _parser().parse_args(arguments)
    with _folder() as work:
        readers = all_readers(work)
        named = [it for it in readers if chosen.reader in (None, it.name)]
        if not named:
            sys.stderr.write(f"the readers are: {', '.join(it.name for it in readers)}\n")
            return 2
        hunts = []
        for reader in named:
            hunts.append(hunt(reader, seconds=chosen.seconds / len(named), seed=chosen.seed))
            _tell(hunts[-1], chosen.keep)
    steps = set[Step]().union(*(it.steps for it in hunts))
    inputs, faults = sum(it.inputs for it in hunts), sum(len(it.faults) for it in hunts)
    sys.stdout.write(f"all: {inputs:,} inputs, {_reached(steps)}, {faults} faults\n")
    return 1 if faults else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.campaign", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600.0, help="in all; 600")
    parser.add_argument("--reader", help="one of them alone")
    parser.add_argument("--seed", type=int, default=1, help="of the random numbers; 1")
    parser.add_argument("--keep", type=Path, help="a folder for inputs that fail")
    return parser


def _tell(done: Hunt, keep: Path | None) -> None:
    sys.stdout.write(
        f"{done.reader.name}: {done.inputs:,} inputs, {len(done.corpus):,} kept, "
        f"{_reached(done.steps)}, {len(done.faults)} faults\n"
    )
    for fault in done.faults.values():
        sys.stdout.write(f"\n{fault.kind}\n{fault.story}\n{fault.data[:2_000]!r}\n\n")
        if keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
            name = f"{fault.reader}-{sha256(fault.data).hexdigest()[:8]}"
            (keep / name).write_bytes(fault.data)
    sys.stdout.flush()


def _reached(steps: set[Step]) -> str:
    lines = {(it.file, it.line) for it in steps}
    files = {it.file for it in steps}
    return (
        f"{len(lines):,} of {lines_of(files):,} lines of {len(files)} files, {len(steps):,} pairs"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
