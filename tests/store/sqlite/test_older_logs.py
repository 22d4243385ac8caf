"""A log of an older schema is read as it is: nobody who looks brings it to the newest one."""

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

import main
from store.events import NewEvent
from store.interface import EventReader
from store.opening import open_store, reading
from store.sqlite import schema
from store.sqlite.connect import open_log
from tests.contracts.plain_log import Given
from tests.contracts.reading import ReadingContract
from tests.older_logs import older_log_of

VERSIONS = (1, 2, 3)
GIVEN = [
    Given(
        stream=f"order-{n % 2}",
        event=NewEvent.of("Placed", {"n": n}, id=f"e-{n}", recorded_at_us=n, occurred_at_us=n),
    )
    for n in range(6)
]
LOOKS = [
    ["info"],
    ["log"],
    ["state", "order-1"],
    ["views"],
    ["view", "streams"],
    ["sql", "SELECT count(*) FROM event_log"],
    ["commands"],
    ["lint"],
    ["cases"],
]


class OlderLogContract(ReadingContract):
    version: int

    @contextmanager
    def holding(self, given: Sequence[Given]) -> Iterator[EventReader]:
        with tempfile.TemporaryDirectory() as folder:
            path = older_log_of(Path(folder) / "old.foldline", self.version, given)
            with reading(path) as log:
                yield log


class TestSchema1(OlderLogContract):
    version = 1


class TestSchema2(OlderLogContract):
    version = 2


class TestSchema3(OlderLogContract):
    version = 3


@pytest.mark.parametrize("version", VERSIONS)
def test_no_verb_that_looks_changes_a_byte(
    version: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = older_log_of(tmp_path / "old.foldline", version, GIVEN)
    before = hashlib.sha256(path.read_bytes()).hexdigest()

    for verb, *rest in LOOKS:
        assert main.main([verb, str(path), *rest]) == 0, capsys.readouterr().err

    assert hashlib.sha256(path.read_bytes()).hexdigest() == before


@pytest.mark.parametrize("version", VERSIONS)
def test_what_it_lacks_is_answered_as_empty(version: int, tmp_path: Path) -> None:
    path = older_log_of(tmp_path / "old.foldline", version, GIVEN)

    with reading(path) as log:
        assert log.beside.commands.pending() == []
        assert log.beside.attempts.of(["c1"]) == {}
        assert log.beside.clock.ahead_us() == 0


@pytest.mark.parametrize("version", VERSIONS)
def test_the_first_append_brings_it_to_the_newest_schema(version: int, tmp_path: Path) -> None:
    path = older_log_of(tmp_path / "old.foldline", version, GIVEN)
    store = open_store(path)
    try:
        assert store.head() == 6
        assert version_of(path) == version

        store.append("order-1", [NewEvent.of("Paid", {})], expected=3)

        assert store.head() == 7
        assert store.beside.commands.pending() == []
    finally:
        store.close()
    assert version_of(path) == schema.SCHEMA_VERSION


def version_of(path: Path) -> int:
    db = open_log(path)
    try:
        return schema.version_of(db)
    finally:
        db.close()
