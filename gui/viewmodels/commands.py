"""The commands of the chosen stream: what can be issued, what it would do, what came of it."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.selection import Selection
from gui.viewmodels.acting import ActingViewModel
from gui.viewmodels.command_results import Result, but, last_events, result_of
from gui.viewmodels.counts import counted
from gui.viewmodels.inspector import InspectorViewModel
from gui.viewmodels.offered import Offered, first_of, offered_in
from gui.viewmodels.saved_cases import SavedCasesViewModel
from gui.viewmodels.seen_version import SeenVersion
from gui.viewmodels.worker_question import ask_worker
from gui.window_words import hint_of
from gui.work.tasks import Tasks
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
    ListChoices,
    ListOffers,
    OfferList,
    PreviewCommand,
    Previewed,
    Seen,
    Undo,
)
from replay.workers.worker_process import CommandWorker, WorkerError
from store.events import new_event_id

REFRESH_MS: Final = 150  # a drag asks for offers at most so often
IN_THE_PAST: Final = "The cursor is in the past: go to the end (End) to issue. Preview works here."

FieldErrors = Sequence[tuple[tuple[str | int, ...], str]]


class CommandsViewModel(QObject):
    """`offered()` when the list of commands differs, `chosen()` when a form is to be shown,
    `resulted()` after a preview or an issue, `reflected()` when the views have come nearer to
    what was recorded, `invalid(errors)` for errors of fields,
    `choices_arrived(kind, texts, note)`, `allowed_changed()`, `failed(error)`."""

    offered = Signal()
    chosen = Signal()
    resulted = Signal()
    invalid = Signal(object)
    reflected = Signal()
    choices_arrived = Signal(str, object, str)
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
        self.offer: Offered | None = None
        self.model_title = ""
        self.prefill: dict[str, Any] = {}
        self.result: Result | None = None
        self.is_busy = False
        self.acting = ActingViewModel()
        self._tasks = tasks
        self._selection = selection
        self._inspector = inspector
        self._worker = worker
        self._command_id = new_event_id()
        self._because: Because | None = None  # of an undo: the event that it takes back
        self.seen = SeenVersion()
        self._stood_at: int | None = None  # the head, when the command was sent from there
        self._own_last = 0  # the last event of one's own that the cursor has not gone to yet
        self._undoing: Undo | None = None  # to be opened when its stream is shown
        self._is_wanted = False
        self._shown_up_to = 0  # by every view that goes on
        self._last_data: dict[str, Any] | None = None  # of what was sent under this id
        self._standing: dict[str, int] = {}  # views that do not, and what they show
        self._asking = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._asking.timeout.connect(self._ask)
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
    def reflection(self) -> str:
        """Whether the views show what was recorded; empty while nothing was."""
        position = self.result.position if self.result else None
        if position is None:
            return ""
        behind = position - self._shown_up_to
        if behind <= 0:
            without = [name for name, shown in self._standing.items() if shown < position]
            return f"Every view{but(without)} shows it."
        return f"The views are {counted(behind)} short of it; what they show is older."

    def learn_views(self, checkpoint: int, standing: dict[str, int]) -> None:
        """The projector has told how far the slowest view is that goes on, and where those are
        that do not."""
        if (checkpoint, standing) != (self._shown_up_to, self._standing):
            self._shown_up_to, self._standing = checkpoint, standing
            self.reflected.emit()

    @property
    def why_not(self) -> str:
        """Why the chosen command cannot be issued now; empty when it can."""
        if self.is_busy:
            return "The last command is still being decided."
        if self._selection.as_of < self._selection.head:
            return IN_THE_PAST
        return self.offer.reason if self.offer else "No command is chosen."

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
        """Open the form of a command; its id is made now, so a resend is the same command."""
        self.offer = next((it for it in self.offers if it.name == name), None)
        self.prefill = dict(self.offer.given) if self.offer else {}
        self._because = None
        self.seen.look()
        self._new_form()

    def ask_choices(self, kind: str) -> None:
        """Ask for what a field of this kind can be."""
        work = partial(ask_worker, worker=self._worker, question=ListChoices(kind=kind))
        done = partial(self._learn_choices, kind)
        self._tasks.latest(f"choices {kind}", work, done=done, failed=self.failed.emit)

    def _learn_choices(self, kind: str, found: ChoiceList) -> None:
        shown, note = len(found.texts), ""
        if shown < found.count:
            note = f"The first {shown:,} of {found.count:,} are offered; type any other."
        self.choices_arrived.emit(kind, found.texts, note)

    def preview(self, data: dict[str, Any]) -> None:
        """What the command would lead to at the cursor; nothing is written."""
        if self.offer is not None:
            question = PreviewCommand(form=self._form(data), position=self._selection.as_of)
            work = partial(ask_worker, worker=self._worker, question=question)
            done = partial(self._show_preview, self._is_at_head)
            self._tasks.latest("preview", work, done=done, failed=self._tell)

    def issue(self, data: dict[str, Any]) -> None:
        """Send the command with the version that was seen when its form was opened."""
        if self.offer is None or self.why_not:
            return
        if self._last_data not in (None, data):  # filled in otherwise: it is another command
            self._command_id = new_event_id()
        self._last_data = data
        self._stood_at = self._selection.as_of
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
        seen = Seen(stream=self.seen.stream, version=self.seen.version)
        question = IssueCommand(form=form, seen=seen)
        work = partial(ask_worker, worker=self._worker, question=question)
        key, failed = f"issue {self._command_id}", partial(self._tell_failure, form)
        self._tasks.latest(key, work, done=self._show_answer, failed=failed)

    def undo(self, position: int) -> None:
        """Open the form of the command that compensates the event at a position, filled in."""
        work = partial(ask_worker, worker=self._worker, question=ComposeUndo(position=position))
        self._tasks.latest("undo", work, done=self._show_undo, failed=self._tell)

    def save_case(self, data: dict[str, Any]) -> None:
        """Keep the decision on the command as a test."""
        if self.offer is not None:
            self.cases.save(self._form(data))

    def close(self) -> None:
        """Ask nothing more."""
        self._asking.stop()

    def _form(self, data: dict[str, Any]) -> Form:
        because = self._because
        return Form(
            id=self._command_id,
            command=self.offer.name if self.offer else "",
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

    def _show_offers(self, is_head: bool, found: OfferList) -> None:
        self.acting.learn(found.roles, found.actor)
        version = found.version if found.model else None
        self.seen.show(found.stream, version, is_head=is_head)
        offers = offered_in(found)
        had = {it.name: it.given for it in self.offers}
        self.offers, self.model_title = offers, found.model
        self.offered.emit()
        name = self.offer.name if self.offer else ""
        kept = next((it for it in offers if it.name == name), None)
        if self._undoing and self._undoing.stream == found.stream:
            self._open_undo(self._undoing)
        elif kept is not None and kept.given == had.get(name):
            self.offer = kept
        else:
            self.choose(kept.name if kept else first_of(offers))
        self.allowed_changed.emit()

    @property
    def _is_at_head(self) -> bool:
        return self._selection.as_of >= self._selection.head

    @Slot()
    def _carry(self) -> None:
        """One's own events take the cursor along, from the head where it stood; nobody else's
        ever move it."""
        if not self._own_last or self._selection.head < self._own_last:
            return
        if self._selection.as_of == self._stood_at and not self._selection.is_following:
            self._selection.seek(self._own_last)
        self._own_last = 0

    def _new_form(self) -> None:
        self._command_id, self._last_data = new_event_id(), None
        self.result = None
        self.chosen.emit()
        self.resulted.emit()
        self.allowed_changed.emit()

    def _show_preview(self, is_head: bool, found: Previewed) -> None:
        if is_head:
            self.seen.learn(found.stream, found.version)
        if found.refusal is not None:
            self._show(
                Result(
                    kind="refused",
                    title=f"Would be refused: {found.refusal.rule}",
                    text=found.refusal.reason,
                    value=None,
                )
            )
            return
        count = len(found.events)
        words = [f"Decided on version {found.version}; nothing is written."]
        words += [f"{name} would be refused: {reason}" for name, _, reason in found.refused]
        self._show(
            Result(
                kind="preview",
                title=f"Would record {counted(count)} in {found.stream}",
                text=" ".join(words),
                value=_events(found.events) | {"state after": found.after},
                marks=tuple(("state after", *it.path) for it in found.changes),
            )
        )

    def _show_answer(self, found: tuple[CommandAnswer, ...]) -> None:
        """What came of each intent; of most forms there is one."""
        self._set_busy(False)
        conflict = next((it for it in found if isinstance(it, CommandConflict)), None)
        if conflict is not None:
            self.seen.learn(conflict.stream, conflict.version)
        else:
            self._command_id, self._last_data, self._because = new_event_id(), None, None
        for last in last_events(found):
            self.seen.learn(last.stream, last.stream_version)
            self._own_last = last.position
        self._carry()
        self._show(result_of(found))

    def _show_undo(self, found: Undo) -> None:
        """The form stays on its stream, wherever the cursor goes to issue it."""
        if found.stream == self.stream:
            self._open_undo(found)
        else:
            self._undoing = found
        self._selection.choose_stream(found.stream)

    def _open_undo(self, found: Undo) -> None:
        self._undoing, name = None, found.command
        self.offer = next((it for it in self.offers if it.name == name), None)
        self.prefill, self._because = found.data, found.because
        self.seen.learn(found.stream, found.version)
        self._new_form()

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
            self._tasks.latest("give up", work, done=_nothing, failed=self.failed.emit)
        self._tell(error)

    @Slot(Exception)
    def _tell(self, error: Exception) -> None:
        """Errors of fields go beside them; what the model did wrong becomes the result."""
        self._set_busy(False)
        if isinstance(error, WorkerError) and error.fields:
            self.invalid.emit(error.fields)
        elif isinstance(error, ModelFailed):
            self._show(
                Result(
                    kind="failed",
                    title="Could not be decided",
                    text=_said(error),
                    value=error.details or None,
                )
            )
        else:
            self.failed.emit(error)


def _events(events: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    if len(events) == 1:
        return dict(events)
    return {f"{number} {type_}": data for number, (type_, data) in enumerate(events, 1)}


def _said(error: ModelFailed) -> str:
    """What went wrong and what to do, as sentences."""
    what = str(error)
    has_hint = error.details or isinstance(error, WorkerError)
    hint = hint_of(error) if has_hint else "Correct the model and load it again."
    return f"{what[:1].upper()}{what[1:].removesuffix('.')}. {hint}".strip()


def _nothing(_answer: Any) -> None:
    """There is nothing to show: the list of issued commands learns it from the log."""
