"""new STORE makes an empty store, and nothing else than that."""

import json
from pathlib import Path

import pytest

from store.opening import reading
from tests.replay.verbs.conftest import Run


def test_an_empty_store_is_made_and_named_by_its_id(run: Run, tmp_path: Path) -> None:
    store = tmp_path / "shop.foldline"

    code, out, err = run("new", store, "--json")

    with reading(store) as log:
        told = {"store": str(store), "store_id": log.store_id(), "events": 0}
        assert log.head() == 0
    assert (code, json.loads(out), err) == (0, told, "")
    assert [it.name for it in tmp_path.iterdir()] == ["shop.foldline"]


def test_it_says_what_comes_next(run: Run, tmp_path: Path) -> None:
    out = run("new", tmp_path / "shop.foldline")[1]

    assert "with no events yet" in out
    assert "main.py import FILE --into STORE" in out


@pytest.mark.parametrize("content", [b"", b"notes", None])
def test_what_is_there_already_is_refused_and_left(
    run: Run, tmp_path: Path, content: bytes | None
) -> None:
    store = tmp_path / "shop.foldline"
    if content is None:
        run("new", store)
    else:
        store.write_bytes(content)
    before = store.read_bytes()

    code, out, err = run("new", store)

    assert (code, out) == (1, "")
    assert err.startswith("main.py: a file with this name already exists")
    assert store.read_bytes() == before


def test_a_folder_that_is_not_there_is_named(run: Run, tmp_path: Path) -> None:
    code, _out, err = run("new", tmp_path / "nowhere" / "shop.foldline")

    assert code == 1
    assert "nowhere" in err
