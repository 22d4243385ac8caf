"""The hash of a model's code: the same everywhere, another one as soon as a state may differ."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from textwrap import dedent

import pytest

from replay.own.user_models import load_models
from replay.states.generic_model import GENERIC
from replay.states.model_definition import definition_of
from replay.states.model_set import ModelSet, bundled_models
from replay.states.typed_fold import folding
from replay.typed_model import Upcast
from tests.replay.workers.test_worker_process import model_file

ROOT = Path(__file__).parents[3]
TELL = """
from replay.states.generic_model import GENERIC
from replay.states.model_set import bundled_models
models = bundled_models()
for it in (GENERIC, *map(models.fold, models.models)):
    print(it.name, it.definition)
"""


def own(folder: Path, *changes: tuple[str, str]) -> str:
    """The definition of a model file after some changes of its text."""
    path = model_file(folder, "pass")
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    (model,) = load_models(path)
    return ModelSet([model]).fold(model).definition


def test_it_is_the_same_in_another_process() -> None:
    models = bundled_models()
    here = {it.name: it.definition for it in (GENERIC, *map(models.fold, models.models))}

    told = subprocess.run(
        [sys.executable, "-c", TELL], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout

    assert dict(line.rsplit(" ", 1) for line in told.splitlines()) == here
    assert len(set(here.values())) == len(here)


def test_it_is_the_same_wherever_the_file_lies(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()

    assert own(tmp_path / "a") == own(tmp_path / "b")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("state.total + event.by", "state.total - event.by"),
        ("total: int = 0", "total: int = 1"),
        ("version=1", "version=2"),
        ("by: int\n\nclass Total", "by: int = 1\n\nclass Total"),
    ],
    ids=["evolve", "state", "version", "event"],
)
def test_a_line_that_a_state_depends_on_changes_it(tmp_path: Path, old: str, new: str) -> None:
    assert own(tmp_path) != own(tmp_path, (old, new))


def test_what_the_file_imports_from_beside_it_belongs_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    uses = ("import os", "import os\nimport {0}")

    def with_rules(name: str, rule: str) -> str:
        (tmp_path / f"{name}.py").write_text(dedent(rule), "utf-8")
        return own(tmp_path, (uses[0], uses[1].format(name)), ("+ event.by", f"+ {name}.of(event)"))

    first = with_rules("rules_a", "def of(event): return event.by")
    other = with_rules("rules_b", "def of(event): return 2 * event.by")
    beside = own(tmp_path, ("import os", "import os\nimport rules_a"))
    (tmp_path / "rules_a.py").unlink()

    assert len({first, other, beside, own(tmp_path)}) == 4
    monkeypatch.delitem(sys.modules, "rules_a")
    monkeypatch.delitem(sys.modules, "rules_b")


def _plus(n: int, data: dict[str, int]) -> dict[str, int]:
    return {"n": data["n"] + n}


@pytest.mark.parametrize(
    "change", [dict, partial(_plus, 1), lambda data: data], ids=["type", "partial", "lambda"]
)
def test_an_upcast_belongs_to_it(change: Callable[..., dict[str, int]]) -> None:
    (model,) = [it for it in bundled_models().models if it.name == "bank account"]
    upcast = Upcast(type="OwnerChanged", version=1, change=change)

    more = definition_of(replace(model, upcasts=(upcast,)))

    assert more != definition_of(model)
    assert folding(model).definition == definition_of(model)
