"""An import of whatever a file may be: a clear refusal that leaves no store, or a report in which
every record is stored, or named with its place and its reason."""

from pathlib import Path

from store.errors import StoreError
from store.transfer.ingest import ingest
from store.transfer.report import ImportReport
from tests.contracts.format import head_of


def told_import(file: Path, store: Path, what: str) -> ImportReport | None:
    """The report; None when the file is refused, with what to do."""
    try:
        report = ingest(file, into=store)
    except StoreError as error:
        refusal = error
    else:
        _require_told(report, store, what)
        return report
    assert str(refusal), what
    assert refusal.hint, (what, str(refusal))
    assert not store.exists(), what
    return None


def _require_told(report: ImportReport, store: Path, what: str) -> None:
    told = report.stored + report.duplicates + report.conflicts + report.rejected
    assert report.read == told, what
    assert store.exists() == bool(report.stored), what
    assert not report.stored or head_of(store) == report.stored, what
    for bad in report.bad_lines:
        assert bad.reason, what
        assert bad.line, (what, bad)
