"""Every format, and files of it whose events are large, deep, wide, twice, out of order, of no time
that can be, or named to do harm: each is stored as it is, or named, or the file is refused."""

import json
from pathlib import Path
from typing import Final

import pytest

from store.provenance import dated_here
from tests.contracts.format import contracts
from tests.contracts.written import Written
from tests.fuzz.limits import limited
from tests.store.event_files import events_in
from tests.store.told_imports import told_import

NAMES: Final = sorted(contracts())
KEYS: Final = 200_000
LONG: Final = 10_000_000  # characters
GROWTH: Final = 400 * 1024 * 1024  # bytes that a file of 15 MB may make the process grow by
SECONDS: Final = 120.0  # of this process: some take 3
DEEP: Final = 20_000  # levels
AT_S: Final = 1_773_481_269
UNITS: Final = (AT_S, AT_S * 1_000, AT_S * 1_000_000, AT_S * 1_000_000_000, str(AT_S))
OURS: Final = "foldline"  # a log holds an id once, and versions in their order
YEAR: Final = "2026-"
PAYLOADS: Final = {
    "deep": '{"a":' * DEEP + "1" + "}" * DEEP,
    "numbers": '{"a":123456789012345678901234567890,"b":1e400,"c":-0.0,"d":9007199254740993}',
    "a number of many digits": f'{{"a":{"9" * 6_000}}}',
    "no number": '{"a":NaN}',
    "infinity": '{"a":-Infinity}',
    "half of a surrogate pair": '{"a":"\\ud800"}',
    "NUL": '{"a":"\\u0000"}',
    "a key twice": '{"a":1,"a":2}',
    "markup": '{"a":"]]>&lt;<!--<script>alert(1)</script>"}',
    "a formula": '{"a":"=cmd|\' /C calc\'!A0"}',
}
STREAMS: Final = (
    "../../etc/passwd",
    "C:\\Windows\\..\\x",
    "'; DROP TABLE events; --",
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "a\N{RIGHT-TO-LEFT OVERRIDE}b",
    "x" * 10_000,
)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_usual_events_is_read_as_these(name: str, tmp_path: Path) -> None:
    source = contracts()[name]().file_of(tmp_path, *(Written(n=n) for n in (1, 2, 3)))

    report = told_import(source, tmp_path / "log.foldline", "usual")

    assert report is not None
    assert (report.format, report.read, report.stored) == (name, 3, 3)


@pytest.mark.parametrize("name", NAMES)
def test_an_event_of_200_000_keys_and_one_of_ten_megabytes_come_in(
    name: str, tmp_path: Path
) -> None:
    wide = json.dumps({f"k{n}": n for n in range(KEYS)})
    long = json.dumps({"text": "x" * LONG})
    events = [Written(n=1), Written(n=2, data=wide), Written(n=3, data=long), Written(n=4)]
    source, log = contracts()[name]().file_of(tmp_path, *events), tmp_path / "log.foldline"

    with limited(seconds=SECONDS, growth=GROWTH):
        report = told_import(source, log, name)

    assert report is not None
    assert (report.format, report.stored) == (name, 4)
    payloads = [it.data_json for it in events_in(log)]
    assert sum(f"k{KEYS - 1}" in it for it in payloads) == 1
    assert sum("x" * LONG in it for it in payloads) == 1


@pytest.mark.parametrize("name", NAMES)
def test_an_id_that_comes_again_with_other_content_is_not_taken_for_the_same(
    name: str, tmp_path: Path
) -> None:
    other = '{"n":"other"}'
    events = [Written(n=1), Written(n=2), Written(n=2, data=other), Written(n=3)]
    source, log = contracts()[name]().file_of(tmp_path, *events), tmp_path / "log.foldline"

    report = told_import(source, log, name)

    assert report is not None
    assert report.duplicates == 0
    if name != OURS:
        assert report.read + report.other_rows == len(events)
        is_kept = any("other" in it.data_json for it in events_in(log))
        assert is_kept or report.conflicts + report.rejected + report.other_rows == 1


@pytest.mark.parametrize("name", NAMES)
def test_versions_with_gaps_and_out_of_order_are_all_kept(name: str, tmp_path: Path) -> None:
    events = [Written(n=n, version=it) for n, it in ((1, 1), (2, 3), (3, 2), (4, 7))]
    source, log = contracts()[name]().file_of(tmp_path, *events), tmp_path / "log.foldline"

    report = told_import(source, log, name)

    assert report is not None
    assert report.stored == 4
    assert [it.version for it in events_in(log)] == [1, 2, 3, 4]
    is_told = report.gaps and report.renumbered
    has_no_versions = report.minted_versions == 4
    assert is_told or has_no_versions or name == OURS


@pytest.mark.parametrize("name", NAMES)
def test_a_time_in_another_unit_is_refused_or_told(name: str, tmp_path: Path) -> None:
    events = [Written(n=1), *(Written(n=n, at=it) for n, it in enumerate(UNITS, 2))]
    source, log = contracts()[name]().file_of(tmp_path, *events), tmp_path / "log.foldline"

    report = told_import(source, log, name)

    assert report is not None
    assert report.rejected == len(report.bad_lines)
    wrong = [
        it.occurred_at
        for it in events_in(log)
        if not it.occurred_at.startswith(YEAR) and not dated_here(it.source_json)
    ]
    assert report.early_times == len(wrong)


@pytest.mark.parametrize("name", NAMES)
def test_a_payload_that_hardly_can_be_is_kept_or_named(name: str, tmp_path: Path) -> None:
    for what, payload in PAYLOADS.items():
        events = [Written(n=1), Written(n=2, data=payload), Written(n=3)]
        source, log = contracts()[name]().file_of(tmp_path, *events), tmp_path / "log.foldline"

        report = told_import(source, log, what)

        if report is not None and report.stored:
            assert report.stored + report.rejected >= 2, what
            assert all(it.reason for it in report.bad_lines), what
            log.unlink()
        source.unlink()


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_is_to_do_harm_is_a_name(name: str, tmp_path: Path) -> None:
    events = [Written(n=n, stream=it) for n, it in enumerate(STREAMS, 1)]
    folder = tmp_path / "deep" / "er"
    folder.mkdir(parents=True)
    source, log = contracts()[name]().file_of(folder, *events), folder / "log.foldline"

    report = told_import(source, log, name)

    assert report is not None
    assert report.stored == len(STREAMS)
    assert sorted(it.name for it in folder.iterdir()) == sorted({source.name, log.name})
    assert [it.name for it in tmp_path.iterdir()] == ["deep"]
