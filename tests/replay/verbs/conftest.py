"""A store made from lines that the tests know by heart."""

from collections.abc import Callable
from pathlib import Path

import pytest

from replay import command_line

Run = Callable[..., tuple[int, str, str]]

LINES = (
    '{"stream":"order-1","type":"Placed","id":"e1","recorded_at":"2026-03-01T10:00:00Z",'
    '"data":{"total":0.10,"big":123456789012345678901234567890,"huge":1e400},'
    '"metadata":{"user":"ada"}}',
    '{"stream":"order-2","type":"Placed","id":"e2","recorded_at":"2026-03-01T11:00:00Z",'
    '"data":{"total":5},"metadata":{}}',
    '{"stream":"order-1","type":"Paid","id":"e3","recorded_at":"2026-03-02T10:00:00Z",'
    '"data":{"paid":true,"huge":null},"metadata":{}}',
)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a verb here; returns exit code, standard output and standard error."""

    def run_verb(*arguments: object) -> tuple[int, str, str]:
        code = command_line.run([str(it) for it in arguments])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return code, said.out, said.err

    return run_verb


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    path = tmp_path / "orders.jsonl"
    path.write_text("\n".join(LINES) + "\n", "utf-8")
    return path


@pytest.fixture
def store(tmp_path: Path, lines: Path, run: Run) -> Path:
    path = tmp_path / "orders.foldline"
    assert run("import", lines, "--into", path)[0] == 0
    return path
