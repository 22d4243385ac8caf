"""A model file of a person's own: asked about once, run elsewhere, asked again when changed."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, Signal, Slot

from gui.viewmodels.worker_question import ask_worker
from gui.words import said
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.own import own_models
from replay.own.installed_models import entries
from replay.own.user_models import ModelFailed, Trust, digest
from replay.workers.worker_messages import ListModels, ModelFacts, ModelList
from replay.workers.worker_process import CommandWorker
from replay.workers.worker_states import WorkerStates
from store.errors import StoreError
from store.place import Place


class ModelFileViewModel(QObject):
    """`trust_wanted(path, sha256, text)` before it is run, `loaded()` when its models are in
    use or in use no more, `changed_on_disk(path)`, `failed(error)`. Models of installed packages
    run where the file's do."""

    trust_wanted = Signal(str, str, str)
    loaded = Signal()
    changed_on_disk = Signal(str)
    failed = Signal(Exception)

    def __init__(
        self, place: Place, worker: CommandWorker, states: WorkerStates, tasks: Tasks
    ) -> None:
        super().__init__()
        self._place = place
        self.path: Path | None = None
        self.titles: tuple[str, ...] = ()  # of the models that it defines
        self.code: dict[str, tuple[int, str]] = {}  # their names, versions and definitions
        self._worker = worker
        self._states = states
        self._tasks = tasks
        self._trust = Trust()
        self._watcher: QFileSystemWatcher | None = None  # an account has few of the system's

    def begin(self) -> None:
        """Use the file that the log is read with; or learn what installed packages bring: without
        any, nothing is started for it."""
        try:
            named = own_models.of(self._place)
            why = "" if named is None else own_models.why_not_run(named, self._trust)
        except StoreError as error:
            self.failed.emit(error)
            return
        if named is None:
            self._ask_packages()
        elif why:
            self.path = Path(named.path)
            self._states.learn(frozenset(it.category for it in named.models), why_not=why)
            self.loaded.emit()
            self.failed.emit(ModelFailed(why))
        else:
            self._use(Path(named.path))

    def _ask_packages(self) -> None:
        work = partial(_installed, worker=self._worker)
        self._tasks.latest("models", work, done=self._learn, failed=self.failed.emit)

    def follow(self) -> None:
        """Another file may be named for the log now, or none: read the log with that one."""
        try:
            named = own_models.of(self._place)
        except StoreError as error:
            self.failed.emit(error)
            return
        if named is None and self.path is not None:
            self.drop()
        elif named is not None and (self.path is None or named.path != str(self.path.resolve())):
            self.begin()

    def open(self, path: Path) -> None:
        """Use a file's models, after a person has seen and trusted it."""
        try:
            if self._trust.holds(path):
                self._use(path)
            else:
                text = path.read_text("utf-8", "replace")
                self.trust_wanted.emit(str(path), digest(path), text)
        except (OSError, ModelFailed) as error:
            self.failed.emit(error)

    def trust(self, path: Path, sha256: str) -> None:
        """A person has read it: use it, unless it has changed meanwhile."""
        if digest(path) != sha256:
            self.open(path)  # what they read is not what lies there now
            return
        self._trust.give(path)
        self._use(path)

    @Slot()
    def reload(self) -> None:
        """Read the file again; a changed one is asked about again."""
        if self.path is not None:
            self.open(self.path)

    @Slot()
    def drop(self) -> None:
        """Go back to the bundled models."""
        self._stop_watching()
        self.path, self.titles, self.code = None, (), {}
        self._states.learn(frozenset())
        self._worker.reload([])
        try:
            own_models.leave(self._place)
        except StoreError as error:
            self.failed.emit(error)
        self.loaded.emit()
        self._ask_packages()

    def close(self) -> None:
        """Watch no more."""
        self._stop_watching()

    def _use(self, path: Path) -> None:
        self._stop_watching()
        self.path = path
        self._watcher = QFileSystemWatcher([str(path)], self)
        self._watcher.fileChanged.connect(self._tell_change)
        self._worker.reload([self._trust.as_trusted(path) or path])
        work = partial(ask_worker, worker=self._worker, question=ListModels())
        self._tasks.latest("models", work, done=self._learn, failed=self._give_up)

    def _learn(self, found: ModelList) -> None:
        own = [it for it in found.models if it.is_own]
        self.titles = tuple(it.title for it in own if not it.is_installed)
        self.code = {it.name: (it.version, it.definition) for it in own if not it.is_installed}
        self._states.learn(
            frozenset(it.category for it in own),
            speaking=frozenset(it.category for it in own if it.has_sentences),
        )
        if own:
            self.loaded.emit()
        self._name_file([it for it in own if not it.is_installed])
        for name, why in found.problems.items():
            self.failed.emit(
                ModelFailed(
                    said("the installed models {name!r} were not loaded: {why}", name=name, why=why)
                )
            )

    def _name_file(self, own: Sequence[ModelFacts]) -> None:
        """Let verbs and views read the log with the file, too."""
        if self.path is None or not own:
            return
        if self._trust.as_trusted(self.path) != self.path:  # it runs as it was trusted
            self.changed_on_disk.emit(str(self.path))
        named = [own_models.NamedModel(it.name, it.category) for it in own]
        try:
            own_models.use(self._place, self.path, named)
        except StoreError as error:
            self.failed.emit(error)

    def _give_up(self, error: Exception) -> None:
        """The file cannot be run: tell why, and go on without it until it is reloaded."""
        self.titles, self.code = (), {}
        self._states.learn(frozenset())
        self._worker.reload([])
        self.loaded.emit()
        self.failed.emit(error)

    @Slot(str)
    def _tell_change(self, path: str) -> None:
        if self._watcher is not None:
            self._watcher.addPath(path)  # an editor may have put a new file in its place
        self.changed_on_disk.emit(path)

    def _stop_watching(self) -> None:
        if self._watcher is not None:
            self._watcher.fileChanged.disconnect(self._tell_change)
            self._watcher.deleteLater()
            self._watcher = None


def _installed(reads: Reads, *, worker: CommandWorker) -> ModelList:
    """The models there are; no process is started when no package brings any."""
    if not entries():
        return ModelList()
    return ask_worker(reads, worker=worker, question=ListModels())
