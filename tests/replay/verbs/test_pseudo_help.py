"""The command line in the pseudo-language: help and errors stand between ⟦ and ⟧."""

import os
import subprocess
import sys
from pathlib import Path

from store.language import LANGUAGE, PSEUDO

ROOT = Path(__file__).parents[3]
ASK = """
import argparse, importlib, pkgutil
import replay.verbs
for it in pkgutil.iter_modules(replay.verbs.__path__, "replay.verbs."):
    verb = importlib.import_module(it.name)
    parser = argparse.ArgumentParser(add_help=False)
    verb.add_arguments(parser)
    helps = [it.help for it in parser._actions if it.help and it.dest != "convert"]
    for text in (verb.HELP, *helps):
        if text is not argparse.SUPPRESS and not text.startswith("⟦"):
            print(it.name, repr(text))
"""


def test_every_help_of_every_verb_is_marked() -> None:
    done = _in_pseudo("-c", ASK)

    assert (done.returncode, done.stdout) == (0, "")


def test_errors_and_what_to_do_next_are_marked(tmp_path: Path) -> None:
    done = _in_pseudo("main.py", "log", str(tmp_path / "none.foldline"))

    assert done.returncode == 1
    assert "⟦the file does not exist⟧" in done.stderr
    assert done.stderr.rstrip().endswith("⟧")


def _in_pseudo(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, LANGUAGE: PSEUDO, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
