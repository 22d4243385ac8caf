"""The rows of a view as Parquet files in a folder: rows, their histories, and a page of facts."""

import os
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Final

from msgspec import Struct, json

from replay.parts.errors import FolderTaken
from replay.parts.fold_part import report_file
from replay.parts.plan import PLAN
from replay.parts.target import Accepted, Finished
from replay.query_store.interface import StoredView
from replay.views.sink import Mark
from replay.views.view import View
from replay.words import said
from store.place import Place
from store.whole_file import written_aside

FACTS: Final = "view.json"


class ViewFacts(Struct, frozen=True, kw_only=True):
    """What stands in view.json."""

    view: str
    title: str
    definition: str
    position: int
    event_id: str
    digest: str
    rows: int
    versions: int
    columns: list[dict[str, object]]


class IntoParquet:
    """replay.parts.target.Target: FOLDER/VIEW, which appears when it is complete."""

    place: Place | None = None

    def __init__(self, folder: Path, *, work: Path | None = None) -> None:
        self._folder, self._work = folder, work

    @property
    def shown(self) -> str:
        return f"parquet:{self._folder}"

    def folder_for(self, view: View) -> Path:
        return (self._work or self._folder).absolute() / f".{view.name}-parts"

    def begin(self, view: View, _mark: Mark, /) -> StoredView | None:
        """Raises FolderTaken where something else stands under the name of the view."""
        whole = self._folder / view.name
        if whole.exists() and _facts_of(whole) is None and any(whole.iterdir()):
            raise FolderTaken(whole)
        return None

    def address(self) -> str:
        return ""

    def renew(self) -> None:
        """Nobody waits for it."""

    def accept(self, done: Finished) -> Accepted:
        """Raises OSError when the folder cannot be written."""
        digest = done.digest()
        parts, whole = self.folder_for(done.view), self._folder / done.view.name
        before = _facts_of(whole)
        facts = ViewFacts(
            view=done.view.name,
            title=done.view.title,
            definition=done.view.definition,
            position=done.mark.position,
            event_id=done.mark.event_id,
            digest=digest,
            rows=done.joined.row_count,
            versions=done.joined.version_count,
            columns=[asdict(it) for it in done.view.columns],
        )
        with written_aside(parts / FACTS) as file:
            file.path.write_bytes(json.format(json.encode(facts), indent=2))
            file.replace()
        for it in (parts / PLAN, *(report_file(parts, it.part) for it in done.reports)):
            it.unlink(missing_ok=True)
        _put_in_place(parts, whole)
        is_same = before is not None and before.position == done.mark.position
        is_equal = before.digest == digest if before is not None and is_same else None
        return Accepted(
            digest=digest, note=said("the files are in {at}", at=whole), is_equal=is_equal
        )

    def close(self) -> None:
        """Nothing is held."""


def _facts_of(folder: Path) -> ViewFacts | None:
    try:
        return json.decode((folder / FACTS).read_bytes(), type=ViewFacts)
    except (OSError, ValueError):
        return None


def _put_in_place(made: Path, whole: Path) -> None:
    before = whole.parent / f".{whole.name}-before"
    shutil.rmtree(before, ignore_errors=True)
    if whole.exists():
        os.replace(whole, before)
    shutil.move(made, whole)
    shutil.rmtree(before, ignore_errors=True)
