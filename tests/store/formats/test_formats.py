"""Every format in the folder keeps the contract, and none is left out."""

from store.reading.detect import formats
from tests.contracts.format import FILES, FormatContract


class TestCanonical(FormatContract):
    name = "canonical"


class TestCloudEvents(FormatContract):
    name = "cloudevents"


class TestCloudEventsBatch(FormatContract):
    name = "cloudevents-batch"


class TestEmmett(FormatContract):
    name = "emmett"


class TestOcel2Json(FormatContract):
    name = "ocel2-json"


class TestOcel2Sqlite(FormatContract):
    name = "ocel2-sqlite"


class TestPyeventsourcing(FormatContract):
    name = "pyeventsourcing"


def test_every_format_has_its_contract() -> None:
    tested = {it.name for it in FormatContract.__subclasses__()}

    assert {it.name for it in formats()} == tested == set(FILES)
