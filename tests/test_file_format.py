"""docs/file-format.md suffices: a reader that imports nothing of ours reads and checks a log."""

import ast
import re
from pathlib import Path

import pytest

from store.beside.chained_rows import CHAINED
from store.events import NewEvent
from store.opening import open_reader
from store.sqlite import schema
from store.sqlite.chain import pack
from store.sqlite.connect import connect, create_log, open_log
from store.sqlite.writer import Writer
from store.transfer.ingest import ingest
from tests import independent_reader
from tests.independent_reader import Wrong, packed, read_log
from tests.older_logs import make_older_log

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "file-format.md").read_text("utf-8")
SAMPLES = sorted((ROOT / "resources" / "samples").glob("*.jsonl.gz"))


def columns() -> dict[str, tuple[list[str], list[str]]]:
    """The hashed columns of each table, as the page states them."""
    lines = re.findall(r"^\| `(\w+)` \| (`[^|]+`) \| (`[^|]+`) \|$", PAGE, re.MULTILINE)
    return {it: (re.findall(r"\w+", key), re.findall(r"\w+", rest)) for it, key, rest in lines}


def test_the_page_states_every_column_that_is_hashed() -> None:
    assert columns() == {it: ([*c.key], [*c.others]) for it, c in CHAINED.items()}
    assert f"of the schema: {schema.SCHEMA_VERSION}." in PAGE


def test_the_reader_imports_nothing_of_ours() -> None:
    tree = ast.parse(Path(independent_reader.__file__).read_text("utf-8"))
    names = [it.names[0].name for it in ast.walk(tree) if isinstance(it, ast.Import)]
    modules = [it.module for it in ast.walk(tree) if isinstance(it, ast.ImportFrom)]

    assert {*names, *modules} <= {
        *("decimal", "hashlib", "json", "sqlite3", "zlib", "collections.abc", "pathlib", "typing"),
    }


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda it: it.name)
def test_every_sample_is_read_and_checked(sample: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.foldline"
    ingest(sample, into=log)

    found = read_log(log, columns())

    reader = open_reader(log)
    ours = [(it.stream, it.type, it.data) for it in reader.read()]
    reader.close()
    assert [(it["stream"], it["type"], it["data"]) for it in found["events"]] == ours
    assert found["beside"] >= 2  # the store's id, and the import


def test_what_is_older_than_the_chain_is_read_too(tmp_path: Path) -> None:
    log = make_older_log(tmp_path / "old.foldline", 3, words=["one", "two"])
    db = open_log(log, writable=True)
    Writer(db).append("note-1", [NewEvent.of("Noted", {}, links=("ä", "z"))], expected=2)
    db.close()

    found = read_log(log, columns())

    assert [it["links"] for it in found["events"]] == [[], [], ["z", "ä"]]


def test_the_reader_sees_a_changed_event(tmp_path: Path) -> None:
    log = tmp_path / "log.foldline"
    create_log(log)
    db = open_log(log, writable=True)
    Writer(db).append("note-1", [NewEvent(type="Noted")], expected=0)
    db.close()
    db = connect(log)
    db.execute("DROP TRIGGER events_refuse_update")
    db.execute("UPDATE events SET data = '[]'")
    db.close()

    with pytest.raises(Wrong, match="position 1: checksum"):
        read_log(log, columns())


@pytest.mark.parametrize("power", range(64))
def test_numbers_and_texts_of_every_size_have_the_bytes_that_the_page_says(power: int) -> None:
    numbers = [2**power - 1, -(2**power), min(2**power, 2**63 - 1), -(2**power) + 1]
    texts = ["x" * min(2**power, 70_000), "ä" * min(2**power - 1, 40_000)]
    values = [*numbers, *texts, bytes(min(2**power, 70_000)), None, [1] * min(power, 70)]

    assert [packed(it) for it in values] == [pack(it) for it in values]
