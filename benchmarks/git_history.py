"""Importing the history of a git repository against `git fast-export` itself, in the same run.

The repository is made by `git fast-import` from a stream that is the same every time. Both sides
run git with the same words; the import also makes a log of what it says, with its indexes.
"""

import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks.measure import Result, Size, seconds
from store.reading.git_history import command_for
from store.transfer.ingest import ingest

TARGET: Final = 0.5  # × the rate of git fast-export
FILES: Final = 500
COMMIT: Final = b"""commit refs/heads/main
mark :%d
author %s %d +0100
committer %s %d +0000
data %d
%s%sM 100644 :%d src/part%d/file%d.py

"""


def run(size: Size) -> list[Result]:
    """The ratio of the medians over all rounds."""
    commits = size.of(100_000, quick=10_000, tiny=50)
    ours, theirs = list[float](), list[float]()
    with tempfile.TemporaryDirectory() as folder:
        repository, log = Path(folder, "r.git"), Path(folder, "log.foldline")
        _make(repository, commits)
        for _ in range(size.rounds(3)):
            theirs.append(seconds(lambda: _export(repository)))
            log.unlink(missing_ok=True)
            ours.append(seconds(lambda: ingest(Path(f"git:{repository}"), into=log)))
    export, brought_in = statistics.median(theirs), statistics.median(ours)
    return [
        Result(
            name=f"import of a git history, {commits:,} commits",
            figure=export / brought_in,
            unit="× git fast-export",
            target=TARGET,
            better="higher",
            detail=f"{brought_in:.2f} s against {export:.2f} s",
        )
    ]


def _make(repository: Path, commits: int) -> None:
    subprocess.run(["git", "init", "-q", "--bare", str(repository)], check=True)
    words = ["git", "-C", str(repository), "fast-import", "--quiet"]
    with subprocess.Popen(words, stdin=subprocess.PIPE) as git:
        assert git.stdin is not None
        git.stdin.writelines(_stream(commits))
    assert git.returncode == 0


def _stream(commits: int) -> Iterator[bytes]:
    yield b"blob\nmark :1\ndata 2\nx\n\nblob\nmark :2\ndata 2\ny\n\n"
    for n in range(commits):
        who = b"Developer %d <dev%d@example.org>" % (n % 17, n % 17)
        at = 1_600_000_000 + n * 60
        message = b"Change %d\n\nWhy it was changed, in a sentence of ordinary length.\n" % n
        parent = b"from :%d\n" % (n + 9) if n else b""
        file = (1 + n // FILES % 2, n % 25, n % FILES)
        facts = (n + 10, who, at, who, at + 30, len(message), message, parent, *file)
        yield COMMIT % facts


def _export(repository: Path) -> None:
    subprocess.run(command_for(repository), stdout=subprocess.DEVNULL, check=True)
