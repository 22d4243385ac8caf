"""The lines that probes tell of are those that a tracer tells of."""

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Final

import coverage
import pytest
from slipcover import Slipcover, probe

from tests.run_lines import PROBE, RunLines

ROOT: Final = Path(__file__).parents[1]
PROGRAM: Final = '''"""What it is for."""

from __future__ import annotations

import functools
from dataclasses import dataclass


@dataclass(
    frozen=True,
)
class Point:
    """A place."""

    x: int = 0
    y: int = 0


@functools.cache
def kind(value: object) -> str:
    """Of a value."""
    match value:
        case int() if value > 100:
            return "large"
        case int():
            return "small"
        case str():
            return "text"
    return "other"


def risky(at: int) -> str:
    try:
        return str(
            10 // at
        )
    except (TypeError, KeyError):
        return "never"
    except ZeroDivisionError:
        found = "zero"
    else:
        found = "none"
    finally:
        at += 1
    return found


def loops() -> list[int]:
    made = []
    for it in range(3):
        if it == 0:
            continue
        elif it == 2:
            made.append(it)
        else:
            pass
    else:
        made.append(9)
    while made and made[0] < 0:
        made.pop()
    return [it for it in made if it]


def unused() -> None:
    with open("nothing") as nothing:
        print(nothing)


print(kind(1), kind(None), risky(0), risky(1), loops(), Point(), Point.__doc__, __doc__)
'''
RECORD: Final = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from tests.run_lines import RunLines
recorder = RunLines(Path.cwd(), ["tricky"])
import tricky.program
recorder.save(Path.cwd() / "probed", "alone")
"""


def missing(data: Path, program: Path) -> tuple[list[int], list[int]]:
    """The statements of the program, and those of them that did not run."""
    measured = coverage.Coverage(data_file=str(data), config_file=False)
    measured.load()
    _, statements, _, left, _ = measured.analysis2(str(program))
    return statements, left


def test_probes_tell_of_the_same_lines_as_a_tracer(tmp_path: Path) -> None:
    program = tmp_path / "tricky" / "program.py"
    program.parent.mkdir()
    (program.parent / "__init__.py").touch()
    program.write_text(PROGRAM, "utf-8")
    traced = [sys.executable, "-m", "coverage", "run", "--data-file=traced", "-m", "tricky.program"]
    probed = [sys.executable, "-c", RECORD, str(ROOT)]

    said = [
        subprocess.run(it, cwd=tmp_path, check=True, capture_output=True, text=True).stdout
        for it in (traced, probed)
    ]

    assert said[0] == said[1]
    assert missing(tmp_path / "probed.alone", program) == missing(tmp_path / "traced", program)


def test_what_is_sent_to_another_process_runs_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spark's workers get functions with their code: its probes go along, and tell nobody."""
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    RunLines(packages=[])
    code = Slipcover().instrument(compile("found = 1 + 1", "sent.py", "exec"))
    probes = [it for it in code.co_consts if type(it) is PROBE]

    sent = pickle.loads(pickle.dumps(probes))

    assert [type(it) for it in sent] == [PROBE] * len(probes)
    assert probes
    for it in sent:
        probe.signal(it)
