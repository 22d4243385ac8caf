"""One line for a path, and for several."""

from pathlib import Path

import pytest

from gui.work.import_wishes import ImportFile
from gui.work.source_text import line_of, sources_in


@pytest.mark.parametrize(
    "paths",
    [["/a/b.jsonl"], ["/a/b c.jsonl", "/a/it's.jsonl"], ['/a/"x".jsonl', "/b\\c", "/d e"]],
)
def test_what_is_written_is_read_as_the_same_paths(paths: list[str]) -> None:
    assert sources_in(line_of(paths)) == paths


@pytest.mark.parametrize("text", ["/a b/c d.jsonl", "git:/a b", "'half", ""])
def test_a_line_without_quotes_is_one_path(text: str) -> None:
    assert sources_in(text) == [text]


def test_a_file_whose_name_has_quotes_is_that_file(tmp_path: Path) -> None:
    odd = tmp_path / "'a' 'b'"
    odd.write_text("x")

    assert sources_in(str(odd)) == [str(odd)]


def test_several_files_are_asked_of_the_verb_as_several() -> None:
    wish = ImportFile(source=line_of(["/a b", "/c"]), into="/log.foldline")

    assert wish.arguments()[:3] == ["import", "/a b", "/c"]
