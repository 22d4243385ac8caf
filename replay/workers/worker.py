"""What the process of the models answers to questions of the window."""

import getpass
import traceback
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from msgspec import structs

from replay.children.questions import (
    Malformed,
    Question,
    Troubled,
    WrongField,
    answer_line,
    read_question,
    trouble_line,
)
from replay.commands import cases
from replay.commands.answered import Answered, Conflict, Settled
from replay.commands.command_form import InvalidCommand, command_of
from replay.commands.decide import CommandHandler
from replay.commands.decision import Refusal
from replay.commands.declared_rows import DeclaredRows
from replay.commands.gateways import gateways_of
from replay.commands.intents import intents_of, issue_each
from replay.commands.offers import Acting, Judged, Offers
from replay.commands.recorder import recorder_of
from replay.commands.roles import declared_roles, usual_roles
from replay.commands.saved_states import SavedStates
from replay.commands.undo import NoUndo, undo_of
from replay.history.causality import correlation_of, event_at
from replay.own.installed_models import Installed
from replay.own.memory_limit import MEMORY_BYTES
from replay.own.own_snapshots import OwnSnapshots
from replay.own.user_models import ModelFailed
from replay.processes.process_desk import ProcessDesk
from replay.processes.store_clock import StoreClock
from replay.states.condition_moments import FoundMoments
from replay.states.model_set import AnyModel, ModelSet, bundled_models
from replay.states.stream_states import StreamStates
from replay.words import said
from replay.workers import worker_messages as told
from replay.workers.correcting import corrected
from replay.workers.field_answers import answer_of
from store import json_text
from store.beside.commands import IssuedCommand
from store.errors import StoreError
from store.events import RecordedEvent
from store.interface import CommandStore
from store.place import Place
from store.times import now_us
from store.whole_file import write_whole

CHOICES_SHOWN: Final = 5_000  # a form's field says how many there are
CORRECT_IT: Final = said("Correct the model and reload it.")


class Worker:
    """Answers one request at a time."""

    def __init__(
        self,
        store: CommandStore,
        models: ModelSet,
        place: Place,
        *,
        installed: Installed,
        model_files: Sequence[Path] = (),
    ) -> None:
        self._store = store
        self._files = model_files
        self._place = place
        self._models = models
        self._installed = installed
        self._clock = StoreClock(store)
        self._saved = SavedStates(place)
        self._rows = rows = DeclaredRows(place)
        self._offers = Offers(
            store, models, clock_us=self._clock.now_us, row=rows, saved=self._saved
        )
        self._recorder = recorder_of(store, models, clock_us=self._clock.now_us)
        self._handler = CommandHandler(
            store,
            models,
            gateways=gateways_of(place),
            clock_us=self._clock.now_us,
            read_row=rows,
            saved=self._saved,
            recorder=self._recorder,
        )
        self._states = StreamStates(models=models, snapshot_before=self._saved)
        self._own_snapshots = OwnSnapshots(place, [it for it in models.models if is_own(it)])
        desk = ProcessDesk(
            store, self._handler, models.processes, gateways=gateways_of(place), clock=self._clock
        )
        self._answers = {**self._own_answers(), **desk.answers()}

    def close(self) -> None:
        """Close what it has opened beside the store."""
        self._saved.close()
        self._own_snapshots.close()
        self._recorder.close()

    def _own_answers(self) -> Mapping[type[Question[Any]], Callable[[Any], Any]]:
        return {
            told.ListOffers: self._list_offers,
            told.JudgeForm: self._judge,
            told.PreviewCommand: self._preview,
            told.IssueCommand: self._issue,
            told.GiveUp: self._give_up,
            told.ListChoices: self._list_choices,
            told.ComposeUndo: self._undo,
            told.ListModels: self._list_models,
            told.SaveCase: self._save_case,
            told.RunCases: self._run_cases,
            told.ExportCases: self._export_cases,
            told.TellState: self._tell_state,
            told.TellHistory: self._tell_history,
            told.TellSentences: self._tell_sentences,
            told.TellMoments: self._tell_moments,
            told.CorrectEvent: partial(corrected, self._store, self._models),
            told.KeepSnapshots: lambda _question: self._own_snapshots.advance(),
        }

    def answer(self, line: bytes) -> bytes:
        """The answer to a line, as a line; to one that is no question, too."""
        try:
            n, question = read_question(line, told.WorkerQuestion)
        except Malformed as error:
            return trouble_line(Troubled(n=error.n, reason=str(error)))
        try:
            return answer_line(n, self._answers[type(question)](question))
        except Exception as error:  # the edge: a model may raise anything
            return trouble_line(trouble_of(error, n=n))

    def _list_offers(self, question: told.ListOffers) -> told.OfferList:
        stream, position = question.stream, question.position
        by = self._acting(question.actor, question.roles)
        found = self._offers.of_stream(stream, position, by=by) if stream else []
        model = self._offers.model_of(stream, position) if stream else None
        return told.OfferList(
            stream=stream,
            model=model.title if model else "",
            offers=tuple(found or self._offers.all(by=by)),
            actor=getpass.getuser(),
            roles=tuple(declared_roles(self._models)),
            version=self._store.stream_version(stream, until=position),
        )

    def _acting(self, actor: str, roles: tuple[str, ...] | None) -> Acting:
        """Whoever asks; one who names no roles has the usual ones."""
        usual = tuple(usual_roles(declared_roles(self._models)))
        return Acting(actor=actor or getpass.getuser(), roles=usual if roles is None else roles)

    def _judge(self, question: told.JudgeForm) -> Judged:
        form = question.form
        by = self._acting(form.actor, form.roles)
        return self._offers.judge(form.command, form.data, question.position, by=by)

    def _preview(self, question: told.PreviewCommand) -> told.Previewed:
        found = self._offers.preview(self._command(question.form), question.position)
        return told.Previewed(
            stream=found.stream,
            version=found.version,
            events=found.events,
            before=found.before,
            after=found.after,
            changes=tuple(told.ChangedField(path=it.path, kind=it.kind) for it in found.changes),
            refusal=_refused_by(found.refusal),
            read=found.read,
            refused=found.refused,
        )

    def _issue(self, question: told.IssueCommand) -> tuple[told.CommandAnswer, ...]:
        command = self._command(question.form)
        if question.seen is not None:
            command = self._as_seen(command, question.seen)
        answers = issue_each(self._handler, command)
        return tuple(_answer(it, self._handler.events_of(it)) for it in answers)

    def _give_up(self, question: told.GiveUp) -> None:
        for it in intents_of(self._models, self._command(question.form)):
            model, type_ = self._models.of_command(it.type)
            stream = model.stream_of(command_of(type_, it.data_json))
            self._handler.give_up(structs.replace(it, stream=stream), question.reason)

    def _as_seen(self, command: IssuedCommand, seen: told.Seen) -> IssuedCommand:
        """With the version that was seen, if it was of the stream that the command is for."""
        model, type_ = self._models.of_command(command.type)
        is_of_it = model.stream_of(command_of(type_, command.data_json)) == seen.stream
        return structs.replace(command, expected=seen.version if is_of_it else None)

    def _list_choices(self, question: told.ListChoices) -> told.ChoiceList:
        start = f"{question.kind}-"
        names = sorted(it for it in self._store.stream_names() if it.startswith(start))
        shown = tuple(it.removeprefix(start) for it in names[:CHOICES_SHOWN])
        return told.ChoiceList(texts=shown, count=len(names))

    def _undo(self, question: told.ComposeUndo) -> told.Undo | told.NotUndone:
        position, *earlier = reversed(question.positions)
        try:
            found = undo_of(self._store, self._models, position, saved=self._saved)
        except NoUndo as error:
            if earlier:
                rest = structs.replace(question, positions=tuple(reversed(earlier)))
                if isinstance(other := self._undo(rest), told.Undo):
                    return other
            return told.NotUndone(reason=str(error), hint=error.hint)
        event, data = event_at(self._store, position), json_text.encode(found)
        offer = self._offers.offer(
            type(found).__name__,
            json_text.decode(data),
            self._store.head(),
            by=self._acting(question.actor, question.roles),
        )
        return told.Undo(
            offer=offer,
            because=told.Because(causation=event.id, correlation=correlation_of(event)),
            version=self._store.stream_version(offer.stream),
            event=_event(event),
        )

    def _list_models(self, _question: told.ListModels) -> told.ModelList:
        packaged = {it.name for it in self._installed.models}
        models = tuple(
            told.ModelFacts(
                name=it.name,
                title=it.title,
                version=it.version,
                category=it.category,
                is_own=is_own(it),
                is_installed=it.name in packaged,
                definition=self._models.fold(it).definition,
                has_sentences=bool(it.sentences),
            )
            for it in self._models.models
        )
        return told.ModelList(models=models, problems=dict(self._installed.problems))

    def _save_case(self, question: told.SaveCase) -> told.SavedCase:
        case = cases.case_of(
            self._store,
            self._models,
            self._command(question.form),
            position=question.position,
            now_us=self._clock.now_us(),
            selected=question.selected,
            row=self._rows,
        )
        cases.add(self._place, case)
        return told.SavedCase(name=case.name, given=len(case.given))

    def _export_cases(self, question: told.ExportCases) -> int:
        found = cases.load(cases.cases_file(self._place))
        text = cases.as_pytest(found, source=self._place.name, model_files=self._files)
        write_whole(Path(question.path), text.encode(), overwrite=True)
        return len(found)

    def _run_cases(self, _question: told.RunCases) -> tuple[told.CaseResult, ...]:
        found = cases.load(cases.cases_file(self._place))
        return tuple(
            told.CaseResult(name=it.name, difference=cases.run(it, self._models)) for it in found
        )

    def _tell_state(self, question: told.TellState) -> told.StateFound:
        """The state of a stream by its model; whoever asks reads the events themselves."""
        if question.until_us is not None:
            found = self._states.as_occurred(
                self._store,
                question.stream,
                question.until_us,
                question.position,
                known=question.known,
            )
        else:
            found = self._states.at(self._store, question.stream, question.position or 0)
        return told.StateFound(
            state=found.state,
            previous=found.previous,
            basis=found.basis,
            folded=found.folded,
            version=found.version,
            events=found.events,
            position=found.position,
            last=found.last.position if found.last else 0,
        )

    def _tell_history(self, question: told.TellHistory) -> told.HistoryFound:
        found = self._states.field(
            self._store,
            question.stream,
            question.path,
            position=question.position,
            axis=question.axis,
            known=question.known_at,
        )
        return answer_of(question, found)

    def _tell_sentences(self, question: told.TellSentences) -> dict[str, str]:
        events = self._store.at_positions(question.positions)
        return {str(at): stated for at, stated in self._states.sentences(events).items()}

    def _tell_moments(self, question: told.TellMoments) -> FoundMoments:
        return self._states.moments(
            self._store,
            question.stream,
            question.condition,
            which=question.which,
            position=question.position,
            axis=question.axis,
        )

    def _command(self, form: told.Form) -> IssuedCommand:
        return IssuedCommand(
            id=form.id,
            type=form.command,
            stream="",
            data_json=json_text.encode(form.data),
            actor=form.actor or getpass.getuser(),
            roles=form.roles or (),
            expected=form.expected,
            issued_at_us=now_us(),
            due_at_us=self._clock.now_us(),
            expires_at_us=None,
            causation_id=form.causation,
            correlation_id=form.id if form.correlation is None else form.correlation,
        )


def trouble_of(error: Exception, *, n: int) -> Troubled:
    """What went wrong with a question, in words."""
    if isinstance(error, InvalidCommand):
        fields = tuple(WrongField(path=it.path, message=it.message) for it in error.errors)
        return Troubled(n=n, reason=str(error), hint=error.hint, fields=fields)
    if isinstance(error, StoreError):
        details = error.details if isinstance(error, ModelFailed) else ""
        return Troubled(n=n, reason=str(error), hint=error.hint, details=details)
    if isinstance(error, MemoryError):
        reason = said(
            "the model used more than {memory_bytes:,} MB of memory",
            memory_bytes=MEMORY_BYTES // 2**20,
        )
        return Troubled(n=n, reason=reason, hint=CORRECT_IT)
    reason = said("the model failed: {name__}: {error}", name__=type(error).__name__, error=error)
    return Troubled(n=n, reason=reason, hint=CORRECT_IT, details=traceback.format_exc())


def _refused_by(refusal: Refusal | None) -> told.RefusedBy | None:
    return told.RefusedBy(rule=refusal.rule, reason=refusal.reason) if refusal else None


def _answer(answered: Answered, events: Sequence[RecordedEvent]) -> told.CommandAnswer:
    command, stream = answered.command.type, answered.command.stream
    match answered:
        case Conflict(reason=reason, version=moved, between=between):
            return told.CommandConflict(
                command=command,
                stream=stream,
                reason=reason,
                version=moved,
                between=tuple(map(_event, between)),
            )
        case Settled(outcome=outcome, version=version):
            return told.CommandSettled(
                command=command,
                stream=stream,
                outcome=outcome,
                version=version,
                events=tuple(map(_event, events)),
            )


def _event(event: RecordedEvent) -> told.EventTold:
    return told.EventTold(
        position=event.position,
        stream=event.stream,
        stream_version=event.version,
        type=event.type,
        data=event.data,
    )


def is_own(model: AnyModel) -> bool:
    """Whether its code is a person's or a package's, whatever its name."""
    return all(it is not model for it in bundled_models().models)
