"""The process in which models run for the window:
python -P -m replay.workers.command_worker STORE [FILE].

It reads requests as JSON lines and answers each with one. Whatever a model does here (loops,
crashes, eats memory) is this process's loss: its parent ends it and starts another.
"""

import getpass
import json
import os
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, Final

from msgspec import structs

from replay.commands import cases
from replay.commands.command_form import InvalidCommand, command_of
from replay.commands.decide import CommandHandler
from replay.commands.declared_rows import DeclaredRows
from replay.commands.gateways import gateways_of
from replay.commands.intents import intents_of, issue_each
from replay.commands.offers import Acting, Offers
from replay.commands.roles import declared_roles, usual_roles
from replay.commands.saved_states import SavedStates
from replay.commands.sent_commands import answer_facts
from replay.commands.undo import undo_of
from replay.history.causality import correlation_of, event_at
from replay.own.installed_models import Installed, installed_models, with_installed
from replay.own.memory_limit import MEMORY_BYTES, limit_memory
from replay.own.own_code import Watch, held
from replay.own.own_snapshots import OwnSnapshots
from replay.own.user_models import ModelFailed, load_module
from replay.printing import plain
from replay.processes.process_desk import ProcessDesk
from replay.processes.store_clock import StoreClock
from replay.states.model_set import AnyModel, ModelSet, bundled_models, models_in, processes_in
from replay.states.stream_states import StreamStates
from store import json_text
from store.beside.commands import IssuedCommand
from store.errors import StoreError
from store.interface import CommandStore
from store.opening import open_store
from store.place import Place, place_of
from store.times import now_us

CHOICES_SHOWN: Final = 5_000
LOADING_S: Final = 15.0  # less than the parent waits for the start, more than for an answer


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
        self._handler = CommandHandler(
            store,
            models,
            gateways=gateways_of(place),
            clock_us=self._clock.now_us,
            read_row=rows,
            saved=self._saved,
        )
        self._states = StreamStates(models=models, snapshot_before=self._saved)
        self._own_snapshots = OwnSnapshots(place, [it for it in models.models if _is_own(it)])
        desk = ProcessDesk(
            store,
            self._handler,
            models.processes,
            gateways=gateways_of(place),
            clock=self._clock,
        )
        self._verbs = {**self._own_verbs(), **desk.verbs()}

    def close(self) -> None:
        """Close what it has opened beside the store."""
        self._saved.close()
        self._own_snapshots.close()

    def _own_verbs(self) -> dict[str, Callable[[dict[str, Any]], Any]]:
        return {
            "offers": self._list_offers,
            "preview": self._preview,
            "issue": self._issue,
            "give up": self._give_up,
            "choices": self._list_choices,
            "undo": self._undo,
            "models": self._list_models,
            "save case": self._save_case,
            "cases": self._run_cases,
            "export cases": self._export_cases,
            "state": self._tell_state,
            "history": self._tell_history,
            "keep snapshots": lambda _request: self._own_snapshots.advance(),
        }

    def answer(self, line: str) -> str:
        """The answer to one request, as a line."""
        request = json_text.decode(line)
        try:
            done = {"ok": plain(self._verbs[request["do"]](request))}
        except InvalidCommand as error:
            fields = [{"path": list(it.path), "message": it.message} for it in error.errors]
            done = {"error": {"reason": str(error), "hint": error.hint, "fields": fields}}
        except StoreError as error:
            done = {"error": {"reason": str(error), "hint": error.hint}}
            if isinstance(error, ModelFailed):
                done["error"]["details"] = error.details
        except MemoryError:
            reason = f"the model took more than {MEMORY_BYTES // 2**20:,} MB of memory"
            done = {"error": {"reason": reason, "hint": "Correct the model and reload it."}}
        except Exception as error:  # the edge: a model may raise anything
            reason = f"the model failed: {type(error).__name__}: {error}"
            done = {
                "error": {
                    "reason": reason,
                    "hint": "Correct the model and reload it.",
                    "details": traceback.format_exc(),
                }
            }
        return json_text.encode({"n": request["n"], **done})

    def _list_offers(self, request: dict[str, Any]) -> Any:
        stream, by = request["stream"], self._acting(request)
        found = self._offers.of_stream(stream, request["position"], by=by) if stream else []
        model = self._models.of_stream(stream) if stream else None
        return {
            "stream": stream,
            "model": model.title if model else "",
            "offers": found or self._offers.all(by=by),
            "actor": getpass.getuser(),
            "roles": declared_roles(self._models),
            "version": self._store.stream_version(stream, until=request["position"]),
        }

    def _acting(self, request: dict[str, Any]) -> Acting:
        """Whoever asks; one who names no roles has the usual ones."""
        roles = request.get("roles")
        return Acting(
            actor=request.get("actor") or getpass.getuser(),
            roles=tuple(usual_roles(declared_roles(self._models)) if roles is None else roles),
        )

    def _preview(self, request: dict[str, Any]) -> Any:
        preview = self._offers.preview(self._command(request), request["position"])
        changes = [{"path": list(it.path), "kind": it.kind} for it in preview.changes]
        refusal = preview.refusal
        facts = plain(replace(preview, refusal=None))
        del facts["refusal"]
        return {
            **facts,
            "changes": changes,
            "rule": refusal.rule if refusal else "",
            "reason": refusal.reason if refusal else "",
        }

    def _issue(self, request: dict[str, Any]) -> Any:
        command = self._command(request)
        if "seen" in request:
            command = self._as_seen(command, request["seen"])
        answers = issue_each(self._handler, command)
        return [answer_facts(it, self._handler.events_of(it)) for it in answers]

    def _give_up(self, request: dict[str, Any]) -> Any:
        """The process that was to decide on a command was ended: keep that it was sent."""
        for it in intents_of(self._models, self._command(request)):
            model, type_ = self._models.of_command(it.type)
            stream = model.stream_of(command_of(type_, it.data_json))
            self._handler.give_up(structs.replace(it, stream=stream), request["reason"])

    def _as_seen(self, command: IssuedCommand, seen: dict[str, Any]) -> IssuedCommand:
        """With the version that was seen, if it was of the stream that the command is for."""
        model, type_ = self._models.of_command(command.type)
        is_of_it = model.stream_of(command_of(type_, command.data_json)) == seen["stream"]
        return structs.replace(command, expected=seen["version"] if is_of_it else None)

    def _list_choices(self, request: dict[str, Any]) -> Any:
        start = f"{request['kind']}-"
        names = sorted(it for it in self._store.stream_names() if it.startswith(start))
        return [it.removeprefix(start) for it in names[:CHOICES_SHOWN]]

    def _undo(self, request: dict[str, Any]) -> Any:
        found = undo_of(self._store, self._models, request["position"], saved=self._saved)
        event = event_at(self._store, request["position"])
        because = {"causation": event.id, "correlation": correlation_of(event)}
        model, _ = self._models.of_command(type(found).__name__)
        stream = model.stream_of(found)
        return {
            "command": type(found).__name__,
            "data": found,
            "because": because,
            "stream": stream,
            "version": self._store.stream_version(stream),
        }

    def _list_models(self, _request: dict[str, Any]) -> Any:
        packaged = {it.name for it in self._installed.models}
        models = [
            {
                "name": it.name,
                "title": it.title,
                "version": it.version,
                "category": it.category,
                "is_own": _is_own(it),
                "is_installed": it.name in packaged,
                "definition": self._models.fold(it).definition,
            }
            for it in self._models.models
        ]
        return {"models": models, "problems": self._installed.problems}

    def _save_case(self, request: dict[str, Any]) -> Any:
        case = cases.case_of(
            self._store,
            self._models,
            self._command(request),
            position=request["position"],
            now_us=self._clock.now_us(),
            selected=request.get("selected"),
            row=self._rows,
        )
        cases.add(cases.cases_file(self._place), case)
        return {"name": case.name, "given": len(case.given)}

    def _export_cases(self, request: dict[str, Any]) -> Any:
        found = cases.load(cases.cases_file(self._place))
        text = cases.as_pytest(found, source=self._place.name, model_files=self._files)
        Path(request["path"]).write_text(text, "utf-8")
        return {"count": len(found)}

    def _run_cases(self, _request: dict[str, Any]) -> Any:
        found = cases.load(cases.cases_file(self._place))
        return [{"name": it.name, "difference": cases.run(it, self._models)} for it in found]

    def _tell_state(self, request: dict[str, Any]) -> Any:
        """The state of a stream by its model; whoever asks reads the events themselves."""
        stream = request["stream"]
        if "until_us" in request:
            found = self._states.as_occurred(self._store, stream, request["until_us"])
        else:
            found = self._states.at(self._store, stream, request["position"])
        return {
            "state": found.state,
            "previous": found.previous,
            "basis": found.basis,
            "folded": found.folded,
            "version": found.version,
            "events": found.events,
        }

    def _tell_history(self, request: dict[str, Any]) -> Any:
        path = tuple(request["path"])
        found = self._states.history(self._store, request["stream"], path, request["until"])
        return {"positions": found.positions, "values": found.values}

    def _command(self, request: dict[str, Any]) -> IssuedCommand:
        id_ = request["id"]
        return IssuedCommand(
            id=id_,
            type=request["command"],
            stream="",
            data_json=json_text.encode(request["data"]),
            actor=request.get("actor") or getpass.getuser(),
            roles=tuple(request.get("roles", ())),
            expected=request.get("expected"),
            issued_at_us=now_us(),
            due_at_us=self._clock.now_us(),
            expires_at_us=None,
            causation_id=request.get("causation"),
            correlation_id=request.get("correlation", id_),
        )


def _is_own(model: AnyModel) -> bool:
    """Whether its code is a person's or a package's, whatever its name."""
    return all(it is not model for it in bundled_models().models)


def main(arguments: list[str]) -> int:
    """Serve until the input ends."""
    limit_memory()
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a model prints is no answer
    place = place_of(arguments[0])

    def stop(sentence: str) -> None:
        _say_failure(answers, sentence, "")
        os._exit(1)

    watch = Watch(stop, limit_s=LOADING_S)
    try:
        files = _given_files(arguments[1:])
        installed = installed_models(watch)
        models = with_installed(_own_models(files, watch), installed)
    except StoreError as error:
        details = getattr(error, "details", "")
        _say_failure(answers, f"the model file cannot be loaded: {error}", details)
        return 1
    store = open_store(place.path)
    own = tuple(map(Path, files))
    worker = Worker(store, models, place, installed=installed, model_files=own)
    try:
        answers.write('{"n":0,"ok":null}\n')
        answers.flush()
        for line in sys.stdin:
            answers.write(worker.answer(line) + "\n")
            answers.flush()
    finally:
        worker.close()
        store.close()
    return 0


def _say_failure(answers: IO[str], reason: str, details: str) -> None:
    failure = {"reason": reason, "hint": "Correct the file and load it again.", "details": details}
    answers.write(json.dumps({"n": 0, "error": failure}) + "\n")
    answers.flush()


def _given_files(arguments: list[str]) -> dict[str, str]:
    """Model files given as PATH=SHA256."""
    return dict(it.rsplit("=", 1) for it in arguments)


def _own_models(files: Mapping[str, str], watch: Watch) -> ModelSet:
    """The models and process managers of files, by path and digest."""
    modules = []
    for path, digest in files.items():
        with watch.holding(f"the import of {Path(path).name}"):
            modules.append(load_module(Path(path), expected_digest=digest))
    models = [model for it in modules for model in models_in(it)]
    processes = [process for it in modules for process in processes_in(it)]
    return ModelSet(held(tuple(models), watch), held(tuple(processes), watch))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
