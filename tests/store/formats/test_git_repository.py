"""A repository itself as a source: git tells its history, and nothing in it is run."""

import os
import subprocess
from pathlib import Path

import pytest

from store.errors import Cancelled, UnreadableSource
from store.reading.commit_ids import KEPT, CommitIds
from store.reading.source import Source
from store.reading.sqlite_source import scratch_database
from store.transfer.ingest import ingest
from store.transfer.new_name import store_beside
from tests.contracts.format import FIXTURES
from tests.store.event_files import events_in, links_in


def git(folder: Path, *words: str, fed: bytes | None = None) -> str:
    ran = subprocess.run(
        ["git", "-C", str(folder), *words], input=fed, capture_output=True, check=True, timeout=60
    )
    return ran.stdout.decode()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The history of the fixture, as a repository."""
    folder = tmp_path / "theirs"
    folder.mkdir()
    git(folder, "init", "-q")
    git(folder, "fast-import", "--quiet", fed=(FIXTURES / "small.fast-export").read_bytes())
    return folder


def test_a_repository_gives_the_commits_that_git_lists(repository: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.foldline"

    report = ingest(Path(f"git:{repository}"), into=log)

    listed = git(repository, "rev-list", "--all").split()
    assert sorted(it.id for it in events_in(log)) == sorted(listed)
    assert (report.format, report.file) == ("git-fast-export", "theirs")


def test_importing_it_again_adds_nothing_and_a_new_commit_is_added(
    repository: Path, tmp_path: Path
) -> None:
    log = tmp_path / "log.foldline"
    first = ingest(Path(f"git:{repository}"), into=log)
    more = b"commit refs/heads/main\ncommitter A <a@example.org> 1772600000 +0000\ndata 1\nm"
    git(repository, "fast-import", "--quiet", fed=more + b"\nfrom refs/heads/main^0\n\n")

    again = ingest(Path(f"git:{repository}"), into=log)

    assert (again.stored, again.duplicates, again.conflicts) == (1, first.stored, 0)


def test_by_path_each_change_of_a_file_is_an_event_of_its_commit(
    repository: Path, tmp_path: Path
) -> None:
    log = tmp_path / "log.foldline"

    ingest(Path(f"git:{repository}"), into=log, choices={"streams": "path"})

    events = events_in(log)
    first = events[0]
    commits = git(repository, "rev-list", "--all").split()
    assert (first.stream, first.type) == ("file/a.txt", "FileModified")
    assert first.data["commit"] == first.metadata["correlation_id"]
    assert first.data["commit"] in commits
    assert "branch/main" in links_in(log)[1]
    assert {it.data.get("commit", it.id) for it in events} == set(commits)


def test_the_repository_is_left_as_it_was(repository: Path, tmp_path: Path) -> None:
    before = {it: it.stat().st_mtime_ns for it in sorted(repository.rglob("*"))}

    ingest(Path(f"git:{repository}"), into=tmp_path / "log.foldline")

    assert {it: it.stat().st_mtime_ns for it in sorted(repository.rglob("*"))} == before


def test_no_program_that_the_repository_names_is_run(repository: Path, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n")
    trap.chmod(0o755)
    for name in ("core.fsmonitor", "core.sshCommand", "core.pager", "gpg.program", "diff.external"):
        git(repository, "config", name, str(trap))
    (repository / ".gitattributes").write_text("* filter=trap diff=trap\n")
    git(repository, "config", "filter.trap.smudge", str(trap))
    git(repository, "config", "diff.trap.textconv", str(trap))
    hooks = repository / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-checkout", "reference-transaction", "pre-auto-gc"):
        (hooks / name).write_bytes(trap.read_bytes())
        (hooks / name).chmod(0o755)

    ingest(Path(f"git:{repository}"), into=tmp_path / "log.foldline")

    assert not (tmp_path / "sprung").exists()


def test_what_git_says_of_a_damaged_repository_is_told(repository: Path, tmp_path: Path) -> None:
    for it in (repository / ".git" / "objects").rglob("*"):
        if it.is_file():
            it.chmod(0o644)
            it.write_bytes(b"nothing")

    with pytest.raises(UnreadableSource, match=r"git could not read the repository \(.+\)"):
        ingest(Path(f"git:{repository}"), into=tmp_path / "log.foldline")

    assert not (tmp_path / "log.foldline").exists()


def test_what_is_no_repository_or_has_no_commits_is_refused(tmp_path: Path) -> None:
    empty, log = tmp_path / "empty", tmp_path / "log.foldline"
    empty.mkdir()

    with pytest.raises(UnreadableSource, match="not a git repository"):
        ingest(Path(f"git:{empty}"), into=log)
    git(empty, "init", "-q")
    with pytest.raises(UnreadableSource, match="the repository has no commits"):
        ingest(Path(f"git:{empty}"), into=log)
    with pytest.raises(UnreadableSource, match="the folder does not exist"):
        ingest(Path(f"git:{empty}/nothing"), into=log)


def test_without_git_it_is_said_what_to_install(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(UnreadableSource, match="git is not installed") as told:
        ingest(Path(f"git:{repository}"), into=tmp_path / "log.foldline")

    assert "Install git" in told.value.hint


def test_git_is_ended_when_the_import_is_stopped(repository: Path, tmp_path: Path) -> None:
    before = set(os.listdir("/proc/self/task/") if Path("/proc").exists() else ())

    with pytest.raises(Cancelled):
        ingest(Path(f"git:{repository}"), into=tmp_path / "log.foldline", is_cancelled=lambda: True)

    assert set(os.listdir("/proc/self/task/") if Path("/proc").exists() else ()) == before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_its_beginning_is_read_again_without_another_run(repository: Path) -> None:
    with Source(Path(f"git:{repository}")) as source:
        head = source.sample.head
        whole = b"".join(source.pieces())
        again = b"".join(source.pieces())

        assert whole == again
        assert whole.startswith(head)
        assert source.total_bytes == len(whole)


def test_its_store_is_made_beside_the_repository(tmp_path: Path) -> None:
    assert store_beside(Path(f"git:{tmp_path}/theirs")) == tmp_path / "theirs.foldline"


def test_ids_of_commits_are_found_however_long_ago_they_were() -> None:
    with scratch_database() as db:
        ids = CommitIds(db)
        for n in range(KEPT * 2):
            ids.add(b":%d" % n, f"id-{n}")
        ids.add(b"abcdef", "by-id")
        for n in range(KEPT * 2, KEPT * 3 + 1):
            ids.add(b":%d" % n, f"id-{n}")

        assert [ids.of(b":0"), ids.of(b":5000"), ids.of(b"abcdef")] == ["id-0", "id-5000", "by-id"]
        assert ids.of(b"unknown") == "unknown"
