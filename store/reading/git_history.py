"""The history of a git repository, as `git fast-export` tells it: a source without a file.

Git runs as a process that only reads. Contents of files are not asked for, and tags neither: git
would name commits by a tag that it comes to first. No hook runs, nothing is fetched, and no program
that the repository's configuration names is started: what could start one is overruled on git's
command line. The process is ended when reading ends, whoever ends it.
"""

import hashlib
import io
import os
import select
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any, Final, cast

from store.errors import UnreadableSource
from store.reading.raw_file import CHUNK_BYTES, Pulse
from store.words import said

PREFIX: Final = "git:"
WAIT_S: Final = 0.1  # for git to say something, after which the pulse is asked again
SAMPLE_BYTES: Final = 256 * 1024  # that are kept, to begin anew without starting git again
SAID_BYTES: Final = 2_000  # of what git says on its standard error
_COMMAND: Final = ("fast-export", "--branches", "--no-data", "--show-original-ids", "--reencode=no")
_TAGS: Final = ("--signed-tags=strip", "--tag-of-filtered-object=drop", "-M100%")
_OVERRULED: Final = (  # what a repository's own configuration could name a program by
    *("core.hooksPath=/dev/null", "core.fsmonitor=false", "core.pager=cat"),
    *("core.sshCommand=false", "gpg.program=false", "diff.external=", "protocol.allow=never"),
)
_OWN_VARIABLES: Final = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY")


def is_git(path: Path) -> bool:
    """Whether a path is written `git:PATH`; a file of that very name counts more."""
    return str(path).startswith(PREFIX) and not path.exists()


def repository_of(path: Path) -> Path:
    """The folder that `git:PATH` names."""
    return Path(str(path).removeprefix(PREFIX) or ".").resolve()


class GitHistory:
    """What git tells of all branches. Raises UnreadableSource when there is no repository, no
    commit in it, no git, or when git fails; its own words are in the error."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._folder = repository_of(path)
        if not self._folder.is_dir():
            raise UnreadableSource(said("the folder does not exist"), self._folder)
        self._closing = ExitStack()
        self._said = self._closing.enter_context(_unnamed_file())
        self._process: _Process | None = None
        self._whole = ("", 0)  # hash and length of all that git tells, once it was read

    @property
    def total_bytes(self) -> int:
        """Unknown until all was read once: 0."""
        return self._whole[1]

    @property
    def position(self) -> int:
        return self._process.passed if self._process is not None else 0

    def start(self, pulse: Pulse) -> io.BufferedReader:
        if self._process is None or not self._process.rewind():
            self._end()
            self._process = _Process(self._begin(), pulse)
        found: io.BufferedReader = io.BufferedReader(_Output(self._read), CHUNK_BYTES)
        if not found.peek(1):
            raise UnreadableSource(said("the repository has no commits"), self._folder)
        return found

    def sha256(self, pulse: Pulse) -> str:
        """Of what git tells; it is read once more when nobody has read it to its end."""
        if not self._whole[0]:
            stream = self.start(pulse)
            while stream.read(CHUNK_BYTES):
                pass
        return self._whole[0]

    def close(self) -> None:
        self._end()
        self._closing.close()

    def _read(self, most: int) -> bytes:
        process = self._process
        if process is None:
            return b""
        piece = process.read(most)
        if not piece:
            if process.code():
                what = said("git could not read the repository{words}", words=self._words())
                raise UnreadableSource(what, self._folder)
            self._whole = (process.digest.hexdigest(), process.passed)
        return piece

    def _begin(self) -> "subprocess.Popen[bytes]":
        self._said.seek(0)
        self._said.truncate()
        try:
            return subprocess.Popen(
                command_for(self._folder),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=self._said,
                env=_environment(os.environ),
                bufsize=0,
            )
        except FileNotFoundError as error:
            missing = UnreadableSource(
                said("git is not installed, so the repository cannot be read"), self._folder
            )
            missing.hint = said("Install git, or import the output of git fast-export.")
            raise missing from error
        except OSError as error:
            reason = said("git could not be started ({strerror})", strerror=error.strerror)
            raise UnreadableSource(reason, self._folder) from error

    def _words(self) -> str:
        """What git said on its standard error, on one line."""
        self._said.seek(0)
        text = self._said.read(SAID_BYTES).decode("utf-8", "replace")
        words = "; ".join(line.strip() for line in text.splitlines() if line.strip())
        return f" ({words})" if words else ""

    def _end(self) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None


@contextmanager
def _unnamed_file() -> Iterator[IO[bytes]]:
    with tempfile.TemporaryFile(prefix="foldline-git-") as file:
        yield file


class _Output(io.RawIOBase):
    """What is read as a stream; closing it ends nothing."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        super().__init__()
        self._read = read

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._read(len(buffer))
        cast(memoryview, buffer)[: len(piece)] = piece
        return len(piece)


class _Process:
    """Git while it writes; it can be read anew as long as little was read."""

    def __init__(self, process: "subprocess.Popen[bytes]", pulse: Pulse) -> None:
        self.passed = 0
        self.digest = hashlib.sha256()
        self._process, self._pulse = process, pulse
        self._pipe = cast(IO[bytes], process.stdout)
        self._kept, self._again = bytearray(), 0  # the beginning, and how far it is told again
        self._is_ended = False

    def rewind(self) -> bool:
        """Begin anew with what was kept; False when more was read than that."""
        self._again = 0
        return self.passed == len(self._kept)

    def read(self, most: int) -> bytes:
        """At most that many bytes; none at the end. Raises what the pulse raises."""
        if self._again < len(self._kept):
            piece = bytes(self._kept[self._again : self._again + most])
            self._again += len(piece)
            return piece
        while not self._is_ended and not select.select([self._pipe], [], [], WAIT_S)[0]:
            self._pulse()
        piece = b"" if self._is_ended else os.read(self._pipe.fileno(), most)
        self._is_ended = not piece
        self.digest.update(piece)
        if self.passed == len(self._kept) and self.passed + len(piece) <= SAMPLE_BYTES:
            self._kept += piece
            self._again = len(self._kept)
        self.passed += len(piece)
        return piece

    def code(self) -> int:
        """How it ended."""
        return self._process.wait()

    def end(self) -> None:
        """Whether it has come to its end or not."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._pipe.close()


def command_for(folder: Path) -> list[str]:
    """What git is asked, with what overrules the repository's own configuration."""
    overruled = [word for it in _OVERRULED for word in ("-c", it)]
    return ["git", "-C", str(folder), *overruled, *_COMMAND, *_TAGS]


def _environment(ours: Mapping[str, str]) -> dict[str, str]:
    """Nothing is asked at the terminal, fetched or locked; a repository that we run in is not
    meant."""
    kept = {name: it for name, it in ours.items() if name not in _OWN_VARIABLES}
    return {
        **kept,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "LC_ALL": "C",
    }
