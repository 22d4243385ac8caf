"""The form of a file is what reads best in its whole beginning, and bad lines are named."""

import gzip
import json
from pathlib import Path

import pytest

from store.errors import UnreadableSource
from store.reading.source import SAMPLE_BYTES, Source
from store.transfer.ingest import ingest
from store.transfer.report import ImportReport

GOOD = '{"stream":"s-1","type":"Noted","data":{"x":1}}'
BAD = GOOD.replace("1}}", "NaN}}")
LONG = "z" * (SAMPLE_BYTES + 10_000)


def bring(tmp_path: Path, text: str, **options: str) -> ImportReport:
    source = tmp_path / "in.jsonl"
    source.write_text(text, encoding=options.get("encoding", "utf-8"))
    return ingest(source, into=tmp_path / "log.foldline")


@pytest.mark.parametrize(
    ("lines", "stored", "rejected"),
    [
        ([BAD, BAD, GOOD], 1, 2),
        ([BAD] * 60 + [GOOD] * 10_000, 10_000, 60),
        ([BAD] * 3_000 + [GOOD] * 5, 5, 3_000),
        ([BAD.replace("NaN", f'NaN,"y":"{LONG}"'), GOOD, GOOD], 2, 1),
        ([f'{{"stream":"{LONG}', GOOD, GOOD], 2, 1),
        ([GOOD.replace("1}}", f'1,"y":"{LONG}"}}}}'), BAD, GOOD], 2, 1),
        ([BAD.replace("NaN", f'NaN,"y":"{LONG}"'), *[BAD] * 2_000, GOOD], 1, 2_001),
        ([BAD.replace("NaN", f'NaN,"y":"{LONG}"'), BAD, BAD, GOOD], 1, 3),
        ([BAD, '{"stream":"s-1","ty', GOOD], 1, 2),
        ([BAD], 0, 1),
    ],
)
def test_lines_are_lines_however_many_of_the_first_are_bad(
    tmp_path: Path, lines: list[str], stored: int, rejected: int
) -> None:
    report = bring(tmp_path, "".join(f"{it}\n" for it in lines))

    assert (report.stored, report.rejected) == (stored, rejected)
    assert [it.line for it in report.bad_lines] == [
        n for n, line in enumerate(lines, 1) if "NaN" in line or not line.endswith("}")
    ][:100]


def test_a_packed_or_wide_file_is_judged_alike(tmp_path: Path) -> None:
    text = f"{BAD}\n{BAD}\n{GOOD}\n"
    packed = tmp_path / "in.jsonl.gz"
    packed.write_bytes(gzip.compress(text.encode()))

    assert ingest(packed, into=tmp_path / "packed.foldline").stored == 1
    assert bring(tmp_path, text, encoding="utf-16").stored == 1


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        (json.dumps({"events": [{"a": 1}, {"b": 2}], "objects": []}, indent=1), "object"),
        ('{"events":[\n{"a":1}\n],"objects":[\n{"a":1}\n]}', "object"),
        (f'{{"events":[{",".join([GOOD] * 5_000)}],"objects":[\n{{"a":1}}\n]}}', "object"),
        (f'{{"events":[{",".join([GOOD] * 5_000)}]}}', "object"),
        ("[\n" + ",\n".join([GOOD] * 5_000) + "\n]", "array"),
        ("[\n" + ",\n".join([BAD] * 5 + [GOOD]) + "\n]", "array"),
        ("feature done\n" * 9 + GOOD, "other"),
        (GOOD, "lines"),
    ],
)
def test_a_document_stays_one_though_an_object_stands_on_a_line_by_itself(
    tmp_path: Path, text: str, shape: str
) -> None:
    source = tmp_path / "in.json"
    source.write_text(text)

    with Source(source) as opened:
        assert opened.sample.shape == shape


def test_a_document_that_cannot_be_read_is_refused_and_not_counted_as_one_bad_event(
    tmp_path: Path,
) -> None:
    text = json.dumps(json.loads(GOOD), indent=1).replace("1\n", "NaN\n")

    with pytest.raises(UnreadableSource, match="looks like one JSON object but is not valid JSON"):
        bring(tmp_path, text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_a_line_that_is_too_long_is_told_as_one_and_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    for module in ("store.reading.text_lines", "store.reading.json_records"):
        monkeypatch.setattr(f"{module}.LONGEST_LINE", 200)
    monkeypatch.setattr("store.formats.canonical_jsonl.LONGEST_LINE", 200)
    long = GOOD.replace("1}}", f'"{"é" * 900}"}}}}')

    report = bring(tmp_path, f"{GOOD}\n{long}\n{GOOD}\n{long}", encoding=encoding)

    assert (report.read, report.stored, report.rejected, report.long_lines) == (4, 2, 2, 2)
    assert [(it.line, it.text) for it in report.of_kind("long_lines")] == [
        (2, "the line is longer than 200 bytes"),
        (4, "the line is longer than 200 bytes"),
    ]
