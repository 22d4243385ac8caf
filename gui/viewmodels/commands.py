"""The commands of the chosen stream: what can be issued, what it would do, what came of it."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.selection import Selection
from gui.viewmodels.acting import ActingViewModel
from gui.viewmodels.command_results import (
    Result,
    failure_result,
    last_events,
    not_undone_result,
    preview_result,
    result_of,
    undo_result,
)
from gui.viewmodels.inspector import InspectorViewModel
from gui.viewmodels.offered import Offered, first_of, offered, offered_in
from gui.viewmodels.open_form import OpenForm
from gui.viewmodels.parts import offered_words
from gui.viewmodels.reflection import Reflection
from gui.viewmodels.saved_cases import SavedCasesViewModel
from gui.viewmodels.worker_question import ask_worker
from gui.words import said
from gui.work.tasks import Tasks
from replay.commands.offers import Judged
from replay.own.user_models import ModelFailed
from replay.workers.worker_messages import (
    Because,
    ChoiceList,
    CommandAnswer,
    CommandConflict,
    ComposeUndo,
    Form,
    GiveUp,
    IssueCommand,
    JudgeForm,
    ListChoices,
    ListOffers,
    NotUndone,
    OfferList,
    PreviewCommand,
    Previewed,
    Seen,
    Undo,
)
from replay.workers.worker_process import CommandWorker, WorkerError
from store.events import new_event_id

REFRESH_MS: Final = 150  # a drag asks for offers at most so often
JUDGE_MS: Final = 100  # while somebody types
IN_THE_PAST: Final = said(
    "The cursor is in the past. Press End to go to the end and issue. Preview works here."
)
PASSING: Final = ("preview", "conflict", "undo")  # results that are of a form, and go with it

FieldErrors = Sequence[tuple[tuple[str | int, ...], str]]


class CommandsViewModel(QObject):
    """`offered()` when the list of commands differs, `chosen()` when a form is to be shown,
    `resulted()` after a preview or an issue, `reflected()` when the views have come nearer to
    what was recorded, `invalid(errors)` for errors of fields,
    `choices_arrived(kind, texts, note)`, `undoing()` when one is being prepared,
    `allowed_changed()`, `failed(error)`."""

    offered = Signal()
    chosen = Signal()
    resulted = Signal()
    invalid = Signal(object)
    reflected = Signal()
    choices_arrived = Signal(str, object, str)
    undoing = Signal()
    allowed_changed = Signal()
    failed = Signal(Exception)

    def __init__(
        self,
        worker: CommandWorker,
        tasks: Tasks,
        selection: Selection,
        inspector: InspectorViewModel,
    ) -> None:
        super().__init__()
        self.offers: tuple[Offered, ...] = ()
        self.form = OpenForm()
        self.model_title = ""
        self.result: Result | None = None
        self.is_busy = False
        self.acting = ActingViewModel()
        self._tasks = tasks
        self._selection = selection
        self._inspector = inspector
        self._worker = worker
        self._stood_at: int | None = None  # the head, when the command was sent from there
        self._own_last = 0  # the last event of one's own that the cursor has not gone to yet
        self._is_wanted = False
        self._listed = ("", 0, False)  # the stream of the offers, its version, whether at the head
        self._reflection = Reflection()
        self._last_data: dict[str, Any] | None = None  # of what was sent under this id
        self._asking = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._asking.timeout.connect(self._ask)
        self._judging = QTimer(self, singleShot=True, interval=JUDGE_MS)
        self._judging.timeout.connect(self._judge)
        for changed in (
            selection.stream_changed,
            selection.as_of_changed,
            inspector.inspected,
            selection.head_changed,
        ):
            changed.connect(self.refresh)
        self.acting.changed.connect(self.refresh)
        selection.head_changed.connect(self._carry)
        self.cases = SavedCasesViewModel(worker, tasks, selection)
        self.cases.answered.connect(self._show)
        self.cases.failed.connect(self._tell)

    @property
    def stream(self) -> str:
        """The stream whose commands are listed."""
        return self._inspector.stream

    @property
    def offer(self) -> Offered | None:
        """The command whose form is open."""
        return self.form.offer

    @property
    def about(self) -> str:
        """The stream that the form is about, as a sentence."""
        return self.form.about(self.stream)

    @property
    def reflection(self) -> str:
        """Whether the views show what was recorded; empty while nothing was."""
        told = self.result if self.result and self.result.kind != "undo" else None
        return self._reflection.of(told.position if told else None)

    def learn_views(self, checkpoint: int, standing: dict[str, int]) -> None:
        """The projector has told how far the slowest view is that goes on, and where those are
        that do not."""
        if self._reflection.learn(checkpoint, standing):
            self.reflected.emit()

    @property
    def why_not(self) -> str:
        """Why the chosen command cannot be issued now; empty when it can."""
        if self.is_busy:
            return said("The last command is still being decided.")
        if not self._is_at_head and self.form.because is None:
            return IN_THE_PAST
        return self.form.reason if self.offer else said("No command is selected.")

    def want(self, is_wanted: bool) -> None:
        """Whether the panel is in sight; a hidden one asks for nothing."""
        self._is_wanted = is_wanted
        if is_wanted:
            self._ask()

    @Slot()
    def refresh(self) -> None:
        """The cursor, the stream or the head has moved."""
        if self._is_wanted:
            self._asking.start()
            self.allowed_changed.emit()

    def choose(self, name: str) -> None:
        """Open the form of a command."""
        self.result = None
        self._open(next((it for it in self.offers if it.name == name), None))
        self.resulted.emit()

    def fill(self, data: dict[str, Any]) -> None:
        """A person has changed a field: the form may be about another stream now."""
        self.form.fill(data)
        self._judging.start()

    def ask_choices(self, kind: str) -> None:
        """Ask for what a field of this kind can be."""
        work = partial(ask_worker, worker=self._worker, question=ListChoices(kind=kind))
        done = partial(self._learn_choices, kind)
        self._tasks.latest(f"choices {kind}", work, done=done, failed=self.failed.emit)

    def _learn_choices(self, kind: str, found: ChoiceList) -> None:
        note = offered_words(len(found.texts), found.count)
        self.choices_arrived.emit(kind, found.texts, note)

    def preview(self, data: dict[str, Any]) -> None:
        """What the command would lead to at the cursor; nothing is written."""
        if self.offer is not None:
            question = PreviewCommand(form=self._form(data), position=self._position)
            work = partial(ask_worker, worker=self._worker, question=question)
            done = partial(self._show_preview, self._is_of_head)
            self._tasks.latest("preview", work, done=done, failed=self._tell)

    def issue(self, data: dict[str, Any]) -> None:
        """Send the command with the version that was seen when its form was opened."""
        if self.offer is None or self.why_not:
            return
        if self._last_data not in (None, data):  # filled in otherwise: it is another command
            self.form.command_id = new_event_id()
        self._last_data = data
        self.form.fill(data)
        self._stood_at = self._selection.as_of if self._is_at_head else None
        self._send()

    @Slot()
    def redecide(self) -> None:
        """After a conflict: the same command, decided on what the stream is now. The events in
        between have been shown, so the cursor may well stand before them."""
        if self.result and self.result.kind == "conflict" and not self.is_busy:
            self._send()

    def _send(self) -> None:
        self._set_busy(True)
        form = self._form(self._last_data or {})
        seen = Seen(stream=self.form.seen.stream, version=self.form.seen.version)
        question = IssueCommand(form=form, seen=seen)
        work = partial(ask_worker, worker=self._worker, question=question)
        key, failed = f"issue {self.form.command_id}", partial(self._tell_failure, form)
        self._tasks.latest(key, work, done=self._show_answer, failed=failed)

    def undo(self, *positions: int) -> None:
        """Open the form of the command that takes an event back, filled in; of the events of one
        command the last that can be."""
        acting = self.acting
        self.undoing.emit()
        question = ComposeUndo(positions=positions, actor=acting.actor, roles=acting.told_roles)
        work = partial(ask_worker, worker=self._worker, question=question)
        self._tasks.latest("undo", work, done=self._show_undo, failed=self._tell)

    def save_case(self, data: dict[str, Any]) -> None:
        """Keep the decision on the command as a test."""
        if self.offer is not None:
            self.cases.save(self._form(data))

    def close(self) -> None:
        """Ask nothing more."""
        self._asking.stop()
        self._judging.stop()

    def _form(self, data: dict[str, Any]) -> Form:
        because = self.form.because
        return Form(
            id=self.form.command_id,
            command=self.form.name,
            data=data,
            actor=self.acting.actor,
            roles=self.acting.told_roles,
            causation=because.causation if because else None,
            correlation=because.correlation if because else None,
        )

    @Slot()
    def _ask(self) -> None:
        question = ListOffers(
            stream=self.stream,
            position=self._selection.as_of,
            actor=self.acting.actor,
            roles=self.acting.told_roles,
        )
        work = partial(ask_worker, worker=self._worker, question=question)
        done = partial(self._show_offers, self._is_at_head)
        self._tasks.latest("offers", work, done=done, failed=self._tell)

    @Slot()
    def _judge(self) -> None:
        if self.offer is None or not self._is_wanted:
            return
        question = JudgeForm(form=self._form(self.form.data), position=self._position)
        work = partial(ask_worker, worker=self._worker, question=question)
        done = partial(self._learn_judged, self.form.name, self._is_of_head)
        self._tasks.latest("judge form", work, done=done, failed=self._tell)

    def _learn_judged(self, command: str, is_head: bool, judged: Judged) -> None:
        if command == self.form.name:  # else another form was opened meanwhile
            self.form.learn(judged, is_head=is_head)
            self.allowed_changed.emit()

    def _show_offers(self, is_head: bool, found: OfferList) -> None:
        """A form that a person has begun stays as it is; another one follows the stream."""
        self.acting.learn(found.roles, found.actor)
        self._listed = (found.stream, found.version, is_head)
        offers, form = offered_in(found), self.form
        kept = next((it for it in offers if it.name == form.name), None)
        if form.is_begun and form.offer is not None and kept is None:
            offers = (*offers, form.offer)
        self.offers, self.model_title = offers, found.model
        self.offered.emit()
        if form.is_begun or (kept is not None and kept.stream == form.stream):
            form.offer = kept or form.offer
            self._judge()
        else:
            self._follow(kept.name if kept else first_of(offers))
        self.allowed_changed.emit()

    def _follow(self, name: str) -> None:
        """Open a form for the stream that is shown now. What was recorded stays told."""
        if self.result is not None and self.result.kind in PASSING:
            self.result = None
            self.resulted.emit()
        self._open(next((it for it in self.offers if it.name == name), None))

    @property
    def _is_at_head(self) -> bool:
        return self._selection.as_of >= self._selection.head

    @property
    def _is_of_head(self) -> bool:
        """An undo is made of what is there now, wherever the cursor stands."""
        return self._is_at_head or self.form.because is not None

    @property
    def _position(self) -> int:
        return self._selection.head if self._is_of_head else self._selection.as_of

    @Slot()
    def _carry(self) -> None:
        """One's own events take the cursor along, from the head where it stood; nobody else's
        ever move it."""
        if not self._own_last or self._selection.head < self._own_last:
            return
        if self._selection.as_of == self._stood_at and not self._selection.is_following:
            self._selection.seek(self._own_last)
        self._own_last = 0

    def _open(self, offer: Offered | None, *, because: Because | None = None) -> None:
        self.form.open(offer, because=because)
        stream, version, is_head = self._listed
        self.form.look(stream, version, is_head=is_head)
        self._last_data = None
        self.chosen.emit()
        self.allowed_changed.emit()
        self._judge()

    def _show_preview(self, is_head: bool, found: Previewed) -> None:
        if is_head:
            self.form.seen.learn(found.stream, found.version)
        self._show(preview_result(found))

    def _show_answer(self, found: tuple[CommandAnswer, ...]) -> None:
        """What came of each intent; of most forms there is one."""
        self._set_busy(False)
        conflict = next((it for it in found if isinstance(it, CommandConflict)), None)
        if conflict is not None:
            self.form.seen.learn(conflict.stream, conflict.version)
        else:
            self._last_data = None
            self.form.settle()
        for last in last_events(found):
            self.form.seen.learn(last.stream, last.stream_version)
            self._own_last = last.position
        self._carry()
        self._show(result_of(found))

    def _show_undo(self, found: Undo | NotUndone) -> None:
        """The form stays, whatever is chosen until it is issued."""
        if isinstance(found, NotUndone):
            self._show(not_undone_result(found))
            return
        offer = offered(found.offer)
        if all(it.name != offer.name for it in self.offers):
            self.offers = (*self.offers, offer)
            self.offered.emit()
        self._listed = (offer.stream, found.version, True)
        self._open(offer, because=found.because)
        self._show(undo_result(found))

    @Slot(object)
    def _show(self, result: Result) -> None:
        self.result = result
        self.resulted.emit()

    def _set_busy(self, is_busy: bool) -> None:
        self.is_busy = is_busy
        self.allowed_changed.emit()

    def _tell_failure(self, form: Form, error: Exception) -> None:
        """A model that was stopped while it decided could not keep that it was asked."""
        if isinstance(error, ModelFailed) and not isinstance(error, WorkerError):
            question = GiveUp(form=form, reason=str(error))
            work = partial(ask_worker, worker=self._worker, question=question)
            # There is nothing to show: the list of issued commands learns it from the log.
            self._tasks.latest("give up", work, done=lambda _: None, failed=self.failed.emit)
        self._tell(error)

    @Slot(Exception)
    def _tell(self, error: Exception) -> None:
        """Errors of fields go beside them; what the model did wrong becomes the result."""
        self._set_busy(False)
        if isinstance(error, WorkerError) and error.fields:
            self.invalid.emit(error.fields)
        elif isinstance(error, ModelFailed):
            self._show(failure_result(error))
        else:
            self.failed.emit(error)
