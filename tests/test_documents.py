"""What the guide to models says is run, so that it stays true."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from replay import command_line
from replay.worker_process import environment
from store.backends.sqlite import open_store
from tests.replay.verbs.conftest import Run, run

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "docs" / "models.md").read_text("utf-8")

__all__ = ["run"]  # a fixture


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """The guide's model and its test, as a reader would save them."""
    blocks = re.findall(r"```python( test)?\n(.*?)```", GUIDE, re.DOTALL)
    model = "\n\n".join(text for is_test, text in blocks if not is_test)
    (tmp_path / "parking.py").write_text(model, "utf-8")
    (test,) = [text for is_test, text in blocks if is_test]
    (tmp_path / "test_parking.py").write_text(test, "utf-8")
    return tmp_path


def test_the_guides_model_passes_its_check_and_its_test(run: Run, written: Path) -> None:
    code, out, _ = run("model", "check", written / "parking.py")
    tested = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_parking.py"],
        cwd=written, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (code, "nothing is wrong" in out) == (0, True)
    assert tested.returncode == 0, tested.stdout
    assert "2 passed" in tested.stdout


def test_the_guides_commands_do_what_it_says(
    run: Run, written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(written / "config"))
    monkeypatch.chdir(written)
    open_store(written / "lots.foldline", create=True).close()
    said = ""
    lines = re.findall(r"^\$ main\.py (.*)$", GUIDE, re.MULTILINE)

    for line in lines:
        said = run(*_words(line))[2]

    assert len(lines) == 5
    promised = next(it for it in GUIDE.splitlines() if it.startswith("main.py: refused"))
    assert said.splitlines()[0] == promised


def test_every_verb_is_told_of() -> None:
    told = (ROOT / "docs" / "command-line.md").read_text("utf-8")
    readme = (ROOT / "README.md").read_text("utf-8")

    assert [
        it for it in command_line.verb_names() if f"`{it}" not in told and f" {it} " not in told
    ] == []
    assert [it for it in command_line.verb_names() if f"main.py {it} " not in readme] == []


def _words(line: str) -> list[str]:
    return [quoted or plain for quoted, plain in re.findall(r"'([^']*)'|(\S+)", line)]
