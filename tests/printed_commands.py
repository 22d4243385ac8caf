"""What a page of the documents prints is typed as it stands, and has to say what stands below.

A fenced block whose first line names a file is that file (one with the same name goes on with it);
a line that begins with `$ ` is typed in a shell, in the page's order, in one folder that is empty
but for what the page says is there. What is shown below it is compared whole, line by line. A
command that ends otherwise than well says so in a comment of the shell: `# exits with 1`.

`…` is any text, and a line of its own any lines. What truly varies from run to run matches by its
kind, and by nothing else: see KINDS.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
BLOCK: Final = re.compile(r"^```(\w*) ?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TYPED: Final = re.compile(r"^\$ (.*(?:\\\n.*)*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
EXITS: Final = re.compile(r"# exits with (\d)$")
TIMEOUT_S: Final = 400
SLACK_S: Final = 86_400  # a page may move the store's clock by less than a day

# What is another one at each run: shown as it was once, and compared by its kind.
KINDS: Final = {
    "id": r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "duration": r"\d[\d,]*(?:\.\d+)?(?= (?:s|ms|µs)\b)",
    "chain of what was recorded now": r"(?<=chain )[0-9a-f]{64}",
    "now": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)",
}
VARYING: Final = re.compile("|".join(f"({it})" for it in KINDS.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One command of a page, and what it is said to print."""

    command: str
    shown: str

    @property
    def exit_code(self) -> int:
        """As its comment says."""
        found = EXITS.search(self.command)
        return int(found[1]) if found else 0


def blocks(page: str) -> Iterator[tuple[str, str, str]]:
    """(language, what else its first line says, text) of each fenced block, in order."""
    for it in BLOCK.finditer(page):
        yield it[1], it[2], it[3]


def steps(text: str) -> list[Step]:
    """The commands of a block, or of a page."""
    return [Step(command=it, shown=shown) for it, shown in TYPED.findall(text)]


def follow(page: str, folder: Path, *, there: Sequence[Path] = ()) -> list[str]:
    """Do what a page says, in a folder that holds copies of the files in `there` alone. Returns
    what did not come out as it is printed."""
    work = folder / "work"
    work.mkdir()
    for it in there:
        shutil.copy(it, work)
    began_s = time.time()
    wrong: list[str] = []
    for _language, name, text in blocks(page):
        if name and "/" not in name and " " not in name:
            _add(work / name, text)
        for step in steps(text):
            wrong += _typed(step, work, _environment(folder), began_s)
    return wrong


def _add(path: Path, text: str) -> None:
    before = f"{path.read_text('utf-8')}\n\n" if path.exists() else ""
    path.write_text(before + text, "utf-8")


def _typed(step: Step, work: Path, environment: dict[str, str], began_s: float) -> Iterator[str]:
    done = subprocess.run(
        ["sh", "-c", f"{step.command}\n"],
        cwd=work,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=TIMEOUT_S,
        check=False,
    )
    is_said = says(step.shown, done.stdout, began_s=began_s, ended_s=time.time())
    if done.returncode != step.exit_code or (step.shown.strip() and not is_said):
        yield f"$ {step.command}\n{done.stdout}(exit code {done.returncode})"


def _environment(folder: Path) -> dict[str, str]:
    """`main.py` is a command; settings are kept in the folder."""
    bin_ = folder / "bin"
    if not bin_.exists():
        bin_.mkdir()
        command = bin_ / "main.py"
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{ROOT / "main.py"}" "$@"\n')
        command.chmod(0o755)
    kept = {name: it for name, it in os.environ.items() if name != "PYTHONPATH"}
    home = {"XDG_CONFIG_HOME": str(folder / "config"), "PYTHONIOENCODING": "utf-8"}
    return {**kept, **home, "PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}"}


def says(shown: str, said: str, *, began_s: float, ended_s: float) -> bool:
    """Whether this is what was shown, but for what varies."""
    return _match(_lines(shown), _lines(said), began_s, ended_s)


def _lines(text: str) -> list[str]:
    return [re.sub(r"\s+", " ", it).strip() for it in text.strip().splitlines()]


def _match(shown: list[str], said: list[str], began_s: float, ended_s: float) -> bool:
    if not shown:
        return not said
    if shown[0] == "…":
        rests = range(len(said) + 1)
        return any(_match(shown[1:], said[at:], began_s, ended_s) for at in rests)
    if not said or not _is_line(shown[0], said[0], began_s, ended_s):
        return False
    return _match(shown[1:], said[1:], began_s, ended_s)


def _is_line(shown: str, said: str, began_s: float, ended_s: float) -> bool:
    pattern, stated = _pattern(shown)
    found = re.fullmatch(pattern, said, re.DOTALL)
    if found is None:
        return False
    times = zip(stated, found.groups(), strict=True)
    return all(one == it or _is_now(it, began_s, ended_s) for one, it in times)


def _pattern(shown: str) -> tuple[str, list[str]]:
    """What fits a line; and the times that it states, each with a group of its own."""
    parts, times, at = [], [], 0
    for found in VARYING.finditer(shown):
        kind = list(KINDS)[(found.lastindex or 1) - 1]
        parts.append(_plain(shown[at : found.start()]))
        parts.append(f"({KINDS[kind]})" if kind == "now" else KINDS[kind])
        if kind == "now":
            times.append(found[0])
        at = found.end()
    return "".join([*parts, _plain(shown[at:])]), times


def _plain(text: str) -> str:
    return re.escape(text).replace("…", ".*")


def _is_now(text: str, began_s: float, ended_s: float) -> bool:
    at = datetime.fromisoformat(text).timestamp()
    return began_s - 1 <= at <= ended_s + SLACK_S
