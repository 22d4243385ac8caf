"""A sample is had from the command line, and had again when a store of it was changed."""

from pathlib import Path

import pytest

import main
from resources.samples.catalog import SAMPLES


def test_a_sample_is_made_and_made_afresh_beside_the_one_that_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    assert main.main(["sample", "ships"]) == 0
    before = Path("ships.foldline").read_bytes()
    assert main.main(["sample", "ships"]) == 1
    assert main.main(["sample", "ships", "--into", "ships.foldline", "--fresh", "--json"]) == 0

    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "1,205 events in ships.foldline",
        '{"store":"ships-2.foldline","events":1205}',
    ]
    assert "--fresh" in said.err
    assert Path("ships.foldline").read_bytes() == before
    assert Path("ships-2.foldline").is_file()


def test_a_sample_that_there_is_not_is_wrong_usage_and_the_others_are_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main.main(["sample", "shops"]) == 2

    said = capsys.readouterr().err
    assert all(it.name in said for it in SAMPLES)
