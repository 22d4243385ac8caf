"""What holds for every sample file: form, order, ids, times, the trail, and the size."""

import gzip
import re
from collections import defaultdict
from datetime import datetime
from pathlib import Path

import pytest

from resources.samples import canonical, catalog
from resources.samples.__main__ import BUILDERS, main
from resources.samples.catalog import SAMPLES, SampleLog
from tests.resources.sample_lines import NAMES, lines, of_stream, path, text

KEYS = [
    "position",
    "stream",
    "stream_version",
    "type",
    "id",
    "occurred_at",
    "recorded_at",
    "data",
    "metadata",
]
TRAIL = ("correlation_id", "causation_id", "user", "command", "command_id", "schema_version")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}[+-]\d\d:\d\d")

every_sample = pytest.mark.parametrize("name", NAMES)


@every_sample
def test_making_it_again_gives_the_same_text(name: str) -> None:
    assert canonical.text(BUILDERS[name]()) == text(name)


@every_sample
def test_packing_it_again_gives_the_same_bytes(name: str) -> None:
    events = BUILDERS[name]()

    packed = canonical.compressed(events)

    assert packed == canonical.compressed(BUILDERS[name]())
    assert gzip.decompress(packed).decode() == text(name)
    assert packed[3:8] == bytes(5)  # no flags, so no file name, and no time


@every_sample
def test_it_is_small(name: str) -> None:
    assert path(name).stat().st_size < 400_000


@every_sample
def test_every_line_has_the_canonical_keys_in_order(name: str) -> None:
    assert {tuple(line) for line in lines(name)} <= {tuple(KEYS), (*KEYS, "links")}


@every_sample
def test_lines_are_compact_and_end_with_a_line_feed(name: str) -> None:
    assert text(name).endswith("}\n")
    assert all(line.startswith('{"position":') for line in text(name).splitlines())
    assert "\r" not in text(name)


@every_sample
def test_positions_and_versions_are_dense_from_one(name: str) -> None:
    versions: dict[str, list[int]] = defaultdict(list)
    for line in lines(name):
        versions[line["stream"]].append(line["stream_version"])

    assert [line["position"] for line in lines(name)] == list(range(1, len(lines(name)) + 1))
    assert all(found == list(range(1, len(found) + 1)) for found in versions.values())


@every_sample
def test_ids_are_unique(name: str) -> None:
    ids = [line["id"] for line in lines(name)]

    assert len(set(ids)) == len(ids)
    assert all(
        re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f-]{17}", id_) for id_ in ids
    )


@every_sample
def test_recorded_at_never_runs_backwards(name: str) -> None:
    recorded = [line["recorded_at"] for line in lines(name)]

    assert recorded == sorted(recorded)
    assert all(TIME.fullmatch(at) and at.endswith("+00:00") for at in recorded)


@every_sample
def test_nothing_occurs_after_it_is_recorded_and_some_of_it_well_before(name: str) -> None:
    late = 0
    for line in lines(name):
        assert TIME.fullmatch(line["occurred_at"])
        occurred = datetime.fromisoformat(line["occurred_at"])
        recorded = datetime.fromisoformat(line["recorded_at"])
        assert occurred <= recorded
        late += (recorded - occurred).total_seconds() > 600
    assert late > 50


@every_sample
def test_clocks_of_several_places_are_in_it(name: str) -> None:
    assert len({line["occurred_at"][-6:] for line in lines(name)}) >= 3


@every_sample
def test_every_event_says_who_when_by_which_command_and_why(name: str) -> None:
    for line in lines(name):
        assert all(line["metadata"][key] for key in TRAIL), line


@every_sample
def test_every_cause_is_an_earlier_event_or_the_command_itself(name: str) -> None:
    correlation_of: dict[str, str] = {}
    for line in lines(name):
        metadata = line["metadata"]
        cause = metadata["causation_id"]
        if cause != metadata["command_id"]:
            assert correlation_of[cause] == metadata["correlation_id"]
        correlation_of[line["id"]] = metadata["correlation_id"]


@every_sample
def test_one_command_id_is_one_command(name: str) -> None:
    commands: dict[str, tuple[str, str, str]] = {}
    for line in lines(name):
        metadata = line["metadata"]
        command = (metadata["command"], line["stream"], line["recorded_at"])
        if line["type"] not in ("SeatCreated", "ConferencePublished"):  # one command, many things
            assert commands.setdefault(metadata["command_id"], command) == command


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: str(sample.name))
def test_the_catalog_leads_to_a_file_and_to_streams_in_it(sample: SampleLog) -> None:
    assert sample.path == path(sample.name)
    assert all(of_stream(sample.name, stream) for stream in sample.look_at)


def test_the_catalog_has_all_samples() -> None:
    assert tuple(sample.name for sample in SAMPLES) == NAMES


def test_one_command_makes_all_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(catalog, "FOLDER", tmp_path)

    main()

    made = {name: gzip.decompress((tmp_path / f"{name}.jsonl.gz").read_bytes()) for name in NAMES}
    assert made == {name: text(name).encode() for name in NAMES}
    assert "conference.jsonl.gz: 5,087 events" in capsys.readouterr().out
