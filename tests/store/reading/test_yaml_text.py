"""YAML as JSON: nothing is made, and nothing explodes."""

import json
import os
from pathlib import Path

import pytest

from store.reading.fields import Unusable
from store.reading.yaml_text import DEEPEST, LONGEST, json_of_yaml


@pytest.mark.parametrize(
    "text",
    [
        "--- !!python/object/apply:os.system ['touch {file}']\n",
        "--- !!python/object/new:subprocess.Popen [['touch', '{file}']]\n",
        "--- !!python/name:os.remove\n",
        "--- !ruby/object:Gem::Installer\ni: {file}\n",
        "--- !ruby/hash:ActiveSupport::HashWithIndifferentAccess\na: 1\n",
    ],
)
def test_no_tag_makes_an_object_or_runs_anything(text: str, tmp_path: Path) -> None:
    file = tmp_path / "made"
    before = sorted(os.listdir(tmp_path))

    found = json.loads(json_of_yaml(text.replace("{file}", str(file))))

    assert isinstance(found, list | dict | str)
    assert sorted(os.listdir(tmp_path)) == before


def test_aliases_are_followed() -> None:
    assert json_of_yaml("---\na: &x [1, 2]\nb: *x\n") == '{"a":[1,2],"b":[1,2]}'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "---\na: &a [x]\n"
            + "".join(
                f"b{n}: &b{n} [{', '.join([f'*b{n - 1}' if n else '*a'] * 9)}]\n" for n in range(9)
            ),
            "more than",
        ),
        ("--- &a [*a]\n", "deeper"),
        ("--- " + "[" * 5_000 + "]" * 5_000, "deeper"),
        ("--- " + "[" * (DEEPEST + 2) + "]" * (DEEPEST + 2), "deeper"),
        ("--- " + "x" * LONGEST, "longer"),
        ("--- {a: [\n", "not valid YAML"),
        ("--- *nothing\n", "not valid YAML"),
        ("---\n? [a, b]\n: 1\n", "not a plain value"),
        ("---\na: 1\n---\nb: 2\n", "not valid YAML"),
        ("--- \x07\n", "not valid YAML"),
    ],
    ids=[
        "laughs",
        "cycle",
        "far too deep",
        "too deep",
        "long",
        "cut",
        "alias",
        "key",
        "two",
        "bell",
    ],
)
def test_what_is_no_plain_document_is_told(text: str, reason: str) -> None:
    with pytest.raises(Unusable, match=reason):
        json_of_yaml(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("--- ~\n", "null"),
        ("--- 1_000\n", '"1_000"'),
        ("--- 12:30:45\n", '"12:30:45"'),
        ("--- .inf\n", '".inf"'),
        ("--- 1.10\n", "1.10"),
        ("--- 'off'\n", '"off"'),
        ("--- off\n", "false"),
        ("--- :symbol\n", '"symbol"'),
        ('--- ":text"\n', '":text"'),
        ("---\n", "null"),
    ],
)
def test_values_keep_their_digits_and_what_json_lacks_is_a_text(text: str, found: str) -> None:
    assert json_of_yaml(text) == found
