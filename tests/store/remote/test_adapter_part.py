"""What needs an optional package is looked for when it is wanted."""

import sys
from pathlib import Path

import pytest

from store.remote.adapter_part import adapter_part
from store.remote.errors import EngineMissing


@pytest.fixture
def adapter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module that imports `its_driver.client`, which is nowhere."""
    (tmp_path / "an_adapter.py").write_text("import its_driver.client\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "an_adapter", raising=False)
    return "an_adapter"


def test_a_package_that_is_not_installed_is_a_sentence_with_the_line_to_type(adapter: str) -> None:
    with pytest.raises(EngineMissing, match="speaks to Thing") as missing:
        adapter_part(adapter, engine="Thing", extra="thing", packages=("its_driver",))

    assert "foldline[thing]" in missing.value.hint


def test_another_module_that_is_missing_is_a_fault_of_ours(adapter: str) -> None:
    with pytest.raises(ModuleNotFoundError, match="its_driver"):
        adapter_part(adapter, engine="Thing", extra="thing", packages=("another",))


def test_what_is_there_is_given() -> None:
    found = adapter_part("json", engine="Thing", extra="thing", packages=("its_driver",))

    assert found.dumps([1]) == "[1]"
