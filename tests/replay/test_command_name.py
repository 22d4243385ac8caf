"""The command's name: main.py in a clone, foldline where a launcher stands beside the modules."""

from pathlib import Path

import pytest

from replay.command_name import as_typed, command_name, complain


def test_a_clone_and_an_installed_command_are_told_by_the_launcher(tmp_path: Path) -> None:
    assert command_name(tmp_path) == "main.py"

    (tmp_path / "__init__.py").touch()

    assert command_name(tmp_path) == "foldline"


def test_a_hint_names_the_command_as_it_is_typed_here(tmp_path: Path) -> None:
    (tmp_path / "__init__.py").touch()

    assert as_typed("See: main.py info STORE", tmp_path) == "See: foldline info STORE"


@pytest.mark.parametrize(
    ("hint", "said"), [("", "main.py: no\n"), ("Look there.", "main.py: no\nLook there.\n")]
)
def test_a_complaint_is_a_sentence_and_the_next_step(
    hint: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    complain("no", hint)

    assert capsys.readouterr().err == said
