"""Every format, packed in each way that is read, and XML that would fetch, name or grow."""

from pathlib import Path
from typing import Final

import pytest

from store.errors import UnreadableSource
from store.transfer.ingest import ingest
from tests.contracts.format import contracts, rows_of
from tests.contracts.written import Written
from tests.store.packed_files import PACKERS

NAMES: Final = sorted(contracts())
HARMS: Final = (
    '<!DOCTYPE log [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>',
    '<!DOCTYPE log SYSTEM "http://127.0.0.1/log.dtd">',
    '<!DOCTYPE log [<!ENTITY f SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE log [<!ENTITY % p SYSTEM "http://127.0.0.1/p"> %p;]>',
)


def made(name: str, folder: Path) -> Path:
    """A small file of a format."""
    folder.mkdir(exist_ok=True)
    return contracts()[name]().file_of(folder, *(Written(n=n) for n in (1, 2, 3)))


def is_xml(name: str) -> bool:
    return contracts()[name]().path.read_bytes().lstrip().startswith((b"<?xml", b"<log"))


@pytest.mark.parametrize("name", NAMES)
def test_a_packed_file_is_read_as_what_is_in_it(name: str, tmp_path: Path) -> None:
    content, plain = made(name, tmp_path / "made").read_bytes(), tmp_path / "plain.foldline"
    (tmp_path / "plain").write_bytes(content)
    ingest(tmp_path / "plain", into=plain)

    for at, pack in enumerate(PACKERS):
        packed, log = tmp_path / f"packed-{at}", tmp_path / f"packed-{at}.foldline"
        packed.write_bytes(pack(content))

        report = ingest(packed, into=log)

        assert (report.format, report.stored) == (name, 3)
        assert rows_of(log) == rows_of(plain)


@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("name", [it for it in NAMES if is_xml(it)])
def test_a_document_type_is_refused_whatever_it_holds(name: str, harm: str, tmp_path: Path) -> None:
    text = made(name, tmp_path / "made").read_text("utf-8")
    root = text.index("<log")
    source = tmp_path / "harm"
    source.write_text(f"{text[:root]}{harm}{text[root:]}", "utf-8")

    with pytest.raises(UnreadableSource, match="document type"):
        ingest(source, into=tmp_path / "log.foldline", format=name)

    assert not (tmp_path / "log.foldline").exists()
