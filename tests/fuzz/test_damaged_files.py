"""Files cut short or altered at random give records, rejections or one of our errors."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import StoreError
from store.transfer.ingest import ingest
from tests.contracts.format import FIXTURES, contracts


@pytest.mark.parametrize("name", sorted(contracts()))
@settings(max_examples=25)
@given(data=st.data())
def test_a_damaged_file_never_surprises(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    content = bytearray((FIXTURES / contracts()[name].file).read_bytes())
    for _ in range(data.draw(st.integers(0, 20), "changes")):
        content[data.draw(st.integers(0, len(content) - 1), "at")] = data.draw(st.integers(0, 255))
    length = data.draw(st.integers(0, len(content)), "length")
    folder = tmp_path_factory.mktemp("fuzz")
    path = folder / "damaged"
    path.write_bytes(bytes(content[:length]))

    try:
        report = ingest(path, into=folder / "log.foldline", dry_run=True)
    except StoreError as error:
        said = str(error)
    else:
        told = report.stored + report.duplicates + report.conflicts + report.rejected
        said = "all told" if told == report.read else ""

    assert said
