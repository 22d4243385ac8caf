"""Where a log lives: one value, whatever it is called by, and what lies beside it."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.events import ANY_VERSION, NewEvent
from store.opening import reading
from store.place import Place, is_branch, path_of, place_of, stem_of
from store.sqlite.store import open_store

NAMES = [
    b"shop.foldline",
    b"with space and 100% #1?.foldline",
    "Größe – 注文 🧾.foldline".encode(),
    b"-x.foldline",
    b"file:.foldline",
    b"no suffix",
    b"new\nline.foldline",
    b"latin-1 caf\xe9.foldline",
    b"\xff\xfe.foldline",
]
WORDS = st.binary(min_size=1, max_size=30).filter(
    lambda it: b"/" not in it and b"\0" not in it and it not in (b".", b"..")
)


@pytest.mark.parametrize("name", NAMES)
def test_the_text_of_a_place_leads_back_to_it_and_can_be_printed(
    tmp_path: Path, name: bytes
) -> None:
    place = Place(tmp_path / os.fsdecode(name))

    assert place_of(place.text) == place
    assert place.text.encode().decode() == place.text
    assert not place.text.startswith("-")


@given(name=WORDS)
def test_any_file_name_survives_its_text(name: bytes) -> None:
    place = Place(Path("/data", os.fsdecode(name)))

    assert place_of(place.text) == place


@pytest.mark.parametrize("name", NAMES)
def test_a_log_of_any_name_is_made_read_and_found_again(tmp_path: Path, name: bytes) -> None:
    path = tmp_path / os.fsdecode(name)
    store = open_store(path, create=True)
    store.append("cart-1", [NewEvent(type="Bought")], expected=ANY_VERSION)
    store.close()

    with reading(place_of(Place(path).text).path) as log:
        assert log.head() == 1
        assert log.place == Place(path)


def test_a_place_named_from_a_folder_is_the_same_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert Place(Path("shop.foldline")) == Place(tmp_path / "shop.foldline")
    assert place_of("./there/../shop.foldline") == Place(tmp_path / "shop.foldline")
    assert Place(Path("shop.foldline")).text == str(tmp_path / "shop.foldline")


def test_a_log_behind_a_link_is_the_same_log_with_the_same_locks(tmp_path: Path) -> None:
    real, folder = tmp_path / "real", tmp_path / "folder"
    real.mkdir()
    folder.symlink_to(real)
    link = tmp_path / "link.foldline"
    link.symlink_to(real / "shop.foldline")
    open_store(real / "shop.foldline", create=True).close()

    there = Place(real / "shop.foldline")

    assert Place(link) == Place(folder / "shop.foldline") == there
    assert len({Place(link), there}) == 1
    with reading(link) as log:
        assert log.place == there


def test_what_a_person_writes_beside_a_link_is_found_and_else_what_lies_beside_the_log(
    tmp_path: Path,
) -> None:
    (tmp_path / "real").mkdir()
    log = tmp_path / "real" / "shop.foldline"
    open_store(log, create=True).close()
    link = tmp_path / "link.foldline"
    link.symlink_to(log)
    by_the_log = tmp_path / "real" / "shop.foldline-cases.json"
    by_the_link = tmp_path / "link.foldline-cases.json"

    assert Place(link).written_beside("-cases.json") == by_the_log

    by_the_link.touch()

    assert Place(link).written_beside("-cases.json") == by_the_link
    assert place_of(Place(link).text).written_beside("-cases.json") == by_the_link
    assert Place(log).written_beside("-cases.json") == by_the_log


def test_what_belongs_to_a_log_lies_where_it_always_did(tmp_path: Path) -> None:
    place = Place(tmp_path / "shop.foldline")

    beside = {
        place.views,
        place.views_lock,
        place.rebuild_lock,
        place.dispatch_lock,
        place.dispatch_hand,
        place.beside("-gateways.json"),
    }
    assert {it.parent for it in beside} == {tmp_path}
    assert {it.name for it in beside} == {
        "shop.foldline-views",
        "shop.foldline-views-lock",
        "shop.foldline-views-rebuild-lock",
        "shop.foldline-dispatch-lock",
        "shop.foldline-dispatch-hand",
        "shop.foldline-gateways.json",
    }
    assert Place(tmp_path / "events.db").views.name == "events.db.foldline-views"


def test_a_path_is_left_as_a_person_writes_it() -> None:
    assert path_of("shop.foldline") == Path("shop.foldline")
    assert path_of("file:relative") == Path("file:relative")
    assert path_of("file:///data/a%20b.foldline") == Path("/data/a b.foldline")


@pytest.mark.parametrize(
    ("store", "stem"),
    [
        ("/data/shop.foldline", "/data/shop"),
        ("/data/shop.foldline-branch-fix", "/data/shop-branch-fix"),
        ("/data/events.db", "/data/events.db"),
        ("/data/events.db.foldline-branch-v1.2", "/data/events.db-branch-v1.2"),
        ("file:///data/shop.foldline-branch-fix", "file:///data/shop-branch-fix"),
    ],
)
def test_what_is_made_of_a_branch_is_named_after_it_and_is_no_branch(store: str, stem: str) -> None:
    assert stem_of(store) == stem
    assert not is_branch(Path(f"{stem}-backup.foldline"))
