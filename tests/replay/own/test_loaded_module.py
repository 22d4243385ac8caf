"""A file of a person's own: what runs is its text as it is now."""

import os
import py_compile
import sys
from pathlib import Path

import pytest

from replay.own.user_models import ModelFailed, digest, load_module

A_SECOND = 1_700_000_000


def written(path: Path, text: str) -> Path:
    """As within one second: what Python compares of a file is not changed by an edit."""
    path.write_text(text, "utf-8")
    os.utime(path, (A_SECOND, A_SECOND))
    return path


def test_an_edit_within_a_second_that_keeps_the_size_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "counter", raising=False)
    file = written(tmp_path / "counter.py", "STEP = +1\n")
    py_compile.compile(str(file))
    written(file, "STEP = -1\n")

    assert load_module(file).STEP == -1


def test_what_was_trusted_is_what_runs(tmp_path: Path) -> None:
    file = written(tmp_path / "counter.py", "STEP = +1\n")
    trusted = digest(file)
    py_compile.compile(str(file))
    written(file, "STEP = -1\n")

    with pytest.raises(ModelFailed, match="changed since it was trusted"):
        load_module(file, expected_digest=trusted)


def test_nothing_is_left_beside_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    written(tmp_path / "beside_it.py", "STEP = 2\n")
    file = written(tmp_path / "counter.py", "import beside_it\nSTEP = beside_it.STEP\n")

    assert load_module(file).STEP == 2
    monkeypatch.delitem(sys.modules, "beside_it")
    assert sorted(it.name for it in tmp_path.iterdir()) == ["beside_it.py", "counter.py"]
    assert not sys.dont_write_bytecode
