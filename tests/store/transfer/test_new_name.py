"""Names of logs that are made, and of their copies."""

from pathlib import Path

import pytest

from store.transfer.new_name import free_copy, free_store_beside, newest_copy, store_beside


@pytest.mark.parametrize(
    ("source", "wanted"),
    [("a.jsonl.gz", "a.foldline"), ("a.b.json", "a.b.foldline"), ("log", "log.foldline")],
)
def test_a_store_is_named_after_its_file(source: str, wanted: str) -> None:
    assert store_beside(Path("f") / source) == Path("f") / wanted


def test_a_copy_takes_the_next_number_and_the_newest_is_found(tmp_path: Path) -> None:
    store = tmp_path / "ships.foldline"
    assert free_copy(store) == newest_copy(store) == store

    made = []
    for _ in range(3):
        made.append(free_copy(store))
        made[-1].touch()
        assert newest_copy(store) == made[-1]
    (tmp_path / "ships-x.foldline").touch()
    (tmp_path / "ships-9.foldline-views").touch()

    assert [it.name for it in made] == ["ships.foldline", "ships-2.foldline", "ships-3.foldline"]
    assert newest_copy(store) == made[-1]
    assert free_store_beside(tmp_path / "ships.jsonl").name == "ships-4.foldline"


def test_a_copy_that_was_taken_away_leaves_the_others(tmp_path: Path) -> None:
    (tmp_path / "ships-2.foldline").touch()

    assert newest_copy(tmp_path / "ships.foldline").name == "ships-2.foldline"
    assert free_copy(tmp_path / "ships.foldline").name == "ships-3.foldline"
