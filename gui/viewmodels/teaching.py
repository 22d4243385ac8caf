"""Teaches what the events of a category do to the state, and previews it on a real stream."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, Signal, Slot

from gui.viewmodels.acting import ActingViewModel
from gui.viewmodels.inspector import InspectorViewModel
from gui.viewmodels.pinned_column import category_of
from gui.viewmodels.said import Said
from gui.viewmodels.taught_offers import offers_of
from gui.viewmodels.taught_preview import Shown, Stream, ask_preview, ask_stream
from gui.viewmodels.taught_steps import StepDraft, draft_of, sentence, step_of, wrong_step
from gui.viewmodels.taught_work import Loaded, export, keep, load, put_back, versions_now
from gui.window_words import error_words
from gui.words import said
from gui.work.tasks import Tasks
from replay.taught.kept_taught import TaughtMeanwhile
from replay.taught.steps import Taught, Types
from replay.taught.type_samples import SampledType
from store import json_text
from store.errors import StoreError
from store.place import Place

NOTHING_YET: Final = said("Reading the events…")
MEND: Final = said("Fix the marked steps first.")
GUESSED: Final = "?"
WRONG: Final = "!"


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeRow:
    """One type of event, for a list."""

    name: str
    count: int
    note: str  # GUESSED, WRONG or nothing


class TeachingViewModel(QObject):
    """`loaded()` when another category was begun and looked at, `changed()` when steps or words
    differ, `previewed()` when `shown` or the cursor of the preview does, `listed()` when there are
    other versions; `kept()` once something was saved; `failed(error)`."""

    loaded = Signal()
    changed = Signal()
    previewed = Signal()
    listed = Signal()
    kept = Signal()
    failed = Signal(Exception)

    def __init__(
        self,
        tasks: Tasks,
        inspector: InspectorViewModel,
        acting: ActingViewModel,
        place: Place,
    ) -> None:
        super().__init__()
        self.category = ""
        self.sampled: Mapping[str, SampledType] = {}
        self.steps: dict[str, tuple[StepDraft, ...]] = {}
        self.problems: dict[tuple[str, int], str] = {}  # by type and number of the step, from 0
        self.streams: tuple[str, ...] = ()
        self.streams_words = ""
        self.stream = Stream()
        self.at = 0  # events of the stream that the preview has folded
        self.shown: Shown | None = None
        self.versions: tuple[Taught, ...] = ()
        self.theirs: tuple[Taught, ...] = ()  # what others have kept since; none of it is shown
        self.said = Said()
        self.is_changed = False
        self._guessed: set[str] = set()
        self._is_keeping, self._note = False, ""
        self._tasks, self._inspector = tasks, inspector
        self._acting, self._place = acting, place

    def category_in_sight(self) -> str:
        """That of the stream whose state is shown."""
        return category_of(self._inspector.stream)

    def begin(self, category: str) -> None:
        """Look at the events of a category; what was not kept of another one is gone."""
        self.category, self.sampled, self.steps, self.problems = category, {}, {}, {}
        self.streams, self.stream, self.at, self.shown = (), Stream(), 0, None
        self.versions, self.theirs, self.is_changed, self._guessed = (), (), False, set()
        self._say(NOTHING_YET)
        work = partial(load, place=self._place, category=category, near=self._inspector.stream)
        self._tasks.latest("teach", work, done=self._learn, failed=self._tell)

    def rows(self) -> list[TypeRow]:
        """The types, with what is to be known of each."""
        wrong = {name for name, _ in self.problems}
        return [
            TypeRow(
                name=name,
                count=it.count,
                note=WRONG if name in wrong else GUESSED if name in self._guessed else "",
            )
            for name, it in self.sampled.items()
        ]

    def sample_texts(self, type_: str) -> list[str]:
        """The data of real events of a type, as JSON."""
        found = self.sampled.get(type_)
        return [json_text.encode(it) for it in found.samples] if found else []

    def sentences(self, type_: str) -> list[tuple[str, str]]:
        """The steps of a type in words, each with what is wrong with it."""
        steps = self.steps.get(type_, ())
        return [(sentence(it), self.problems.get((type_, at), "")) for at, it in enumerate(steps)]

    def offers(self, type_: str, draft: StepDraft) -> dict[str, tuple[str, ...]]:
        """What the form of a step offers, by field."""
        return offers_of(self.sampled.get(type_), self.steps, draft)

    def set_steps(self, type_: str, steps: Sequence[StepDraft]) -> None:
        """Other steps for a type: previewed at once."""
        if tuple(steps) != self.steps.get(type_, ()):
            self.steps[type_] = tuple(steps)
            self.is_changed = True
            self._guessed.discard(type_)
            self._judge()

    def choose_stream(self, name: str) -> None:
        """Preview another stream, at its end."""
        if name and name != self.stream.name:
            work = partial(ask_stream, stream=name)
            self._tasks.latest("teach stream", work, done=self._learn_stream, failed=self._tell)

    def step_to(self, at: int) -> None:
        """Preview the state behind so many events of the stream."""
        at = min(max(at, 0), len(self.stream.positions))
        if at != self.at:
            self.at = at
            self._preview()

    @Slot()
    def step_back(self) -> None:
        """One event less."""
        self.step_to(self.at - 1)

    @Slot()
    def step_on(self) -> None:
        """One event more."""
        self.step_to(self.at + 1)

    def save(self, note: str) -> None:
        """Keep it as the newest version."""
        self._note = note
        if self.problems:
            self._say(MEND, "error")
        elif not any(self.steps.values()):
            self._say(said("No event type has a step yet."), "warn")
        else:
            self._keep(partial(keep, types=self._types(), note=note), said("Saved as version"))

    def put_back(self, number: int) -> None:
        """Make an older version the newest one again."""
        self._keep(partial(put_back, number=number), said("Restored and saved as version"))

    @Slot()
    def look_for_others(self) -> None:
        """Whether another process has kept a version since."""
        if self.sampled and not self.theirs and not self._is_keeping:
            work = partial(versions_now, place=self._place, category=self.category)
            self._tasks.latest("teach others", work, done=self._learn_others, failed=self._tell)

    @Slot()
    def load_theirs(self) -> None:
        """Go on from what others have kept; what was not kept here is gone."""
        if self.theirs:
            self._learn_kept(said("This is version"), self.theirs)

    @Slot()
    def keep_mine(self) -> None:
        """Keep what is shown as a version after theirs, with the note of the save that met it."""
        if self.theirs:
            self.versions, self.theirs = self.theirs, ()
            self.listed.emit()
            self.save(self._note)

    def show_version(self, number: int) -> None:
        """Look at an older version; it counts once it is kept."""
        found = next((it for it in self.versions if it.version == number), None)
        if found is not None:
            self._take(found.types)
            self.is_changed = True
            self._judge()
            self._say(
                said(
                    "Version {number} is shown. Choose Save or Restore to use it again.",
                    number=number,
                )
            )

    def export(self, path: Path) -> None:
        """Write what is shown as a model file, to be gone on with in code."""
        if self.problems:
            self._say(MEND, "error")
            return
        newest = self.versions[-1].version if self.versions else 1
        taught = Taught(category=self.category, version=newest, types=self._types())
        work = partial(export, taught=taught, path=path)
        self._tasks.latest("teach export", work, done=self._tell_written, failed=self._tell)

    def file_name(self) -> str:
        """What a model file of the category may be named."""
        return re.sub(r"\W+", "_", self.category).strip("_").lower() + "_model.py"

    def _tell_written(self, path: Path) -> None:
        self._say(
            said("Written to {path}. Open it with File ▸ Open a model of your own…", path=path),
            "ok",
        )

    def _keep(self, work: Any, words: str) -> None:
        by = self._acting.actor or self._acting.login
        asked = partial(
            work, place=self._place, category=self.category, by=by, after=_newest(self.versions)
        )
        done = partial(self._learn_kept, words)
        self._is_keeping = True
        self._tasks.latest("teach keep", asked, done=done, failed=self._tell_unkept)

    def _learn(self, found: Loaded) -> None:
        self.sampled = {it.name: it for it in found.types}
        self.versions, self.streams = found.versions, found.streams
        self.streams_words = found.streams_words
        self.steps = {name: tuple(map(draft_of, it)) for name, it in found.guesses.items()}
        if found.taught is not None:
            self._take(found.taught.types)
            words = said("Taught as version {version}.", version=found.taught.version)
        else:
            self._guessed = set(found.guesses)
            words = said(
                "Guessed from names and samples ({guessed}). Check each type, then save.",
                guessed=GUESSED,
            )
        told = (found.problem or words, found.types_words, _sentence(found.looked_into))
        words = " ".join(it for it in told if it)
        self._say(words, "warn" if found.problem else "dim")
        self.loaded.emit()
        self.listed.emit()
        self._learn_stream(found.stream)
        self._judge()

    def _take(self, types: Types) -> None:
        """The steps of a version; types that it does not name do nothing."""
        names = dict.fromkeys((*self.sampled, *types))
        self.steps = {name: tuple(map(draft_of, types.get(name, ()))) for name in names}
        self._guessed = set()

    def _learn_stream(self, stream: Stream) -> None:
        self.stream, self.at = stream, len(stream.positions)
        self.previewed.emit()
        self._preview()

    def _judge(self) -> None:
        """What is wrong with which step; where nothing is, the state."""
        self.problems = {
            (name, at): problem
            for name, steps in self.steps.items()
            for at, it in enumerate(steps)
            if (problem := wrong_step(it, is_alone=len(steps) == 1))
        }
        self.changed.emit()
        self._preview()

    def _preview(self) -> None:
        if self.problems or not self.stream.name:
            self._tasks.cancel("teach preview")
            self.previewed.emit()
            return
        work = partial(
            ask_preview,
            category=self.category,
            types=self._types(),
            stream=self.stream,
            at=self.at,
        )
        self._tasks.latest("teach preview", work, done=self._show, failed=self._tell, restart=True)

    def _show(self, shown: Shown) -> None:
        self.problems = dict(shown.problems)
        if not shown.problems:
            self.shown = shown
        self.changed.emit()
        self.previewed.emit()

    def _types(self) -> Types:
        """The steps; types without any are not taught. Only where no step is wrong."""
        return {name: tuple(map(step_of, steps)) for name, steps in self.steps.items() if steps}

    def _learn_kept(self, words: str, versions: tuple[Taught, ...]) -> None:
        self.versions, self.theirs, self.is_changed = versions, (), False
        self._is_keeping = False
        self._take(versions[-1].types)
        self._say(f"{words} {versions[-1].version}.", "ok")
        self.listed.emit()
        self._judge()
        self.kept.emit()

    def _learn_others(self, versions: tuple[Taught, ...]) -> None:
        if self._is_keeping or not versions or versions[-1:] == self.versions[-1:]:
            return
        self.theirs, newest = versions, versions[-1]
        self._say(
            said(
                "Version {version} was saved meanwhile, by {by} at {at}. Load theirs, or save "
                "yours as the version after it.",
                version=newest.version,
                by=newest.by or "?",
                at=newest.at,
            ),
            "warn",
        )

    def _tell_unkept(self, error: Exception) -> None:
        self._is_keeping = False
        if isinstance(error, TaughtMeanwhile):
            self.look_for_others()
        else:
            self._tell(error)

    def _tell(self, error: Exception) -> None:
        if isinstance(error, StoreError):
            self._say(error_words(error), "error")
        elif isinstance(error, OSError):
            self._say(
                said(
                    "{filename} could not be written: {strerror}.",
                    filename=error.filename,
                    strerror=error.strerror,
                ),
                "error",
            )
        else:
            self.failed.emit(error)

    def _say(self, text: str, role: str = "dim") -> None:
        self.said = Said(text=text, role=role)
        self.changed.emit()


def _newest(versions: tuple[Taught, ...]) -> int:
    return versions[-1].version if versions else 0


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}." if words else ""
