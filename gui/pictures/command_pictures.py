"""Pictures of commands that go wrong: a field, another writer, a model of one's own, one issued."""

from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from gui.main_window import MainWindow
from gui.pictures.clock import put_clock
from gui.pictures.stage import Stage
from gui.session import Session
from gui.views.commands_view import CommandsView
from replay.commands.decide import CommandHandler
from replay.own.user_models import digest
from replay.states.model_set import bundled_models
from store import json_text
from store.beside.commands import IssuedCommand
from store.interface import CommandStore
from store.opening import open_store
from store.times import now_us

SIZE: Final = (1600, 1000)
PATIENCE_S: Final = 2.0  # with the model that never answers
ENDLESS: Final = '''"""A till that counts for ever."""

from replay.typed_model import Command, Event, State, TypedModel


class Counted(Event, frozen=True):
    """Coins were counted."""

    coins: int


class Till(State, frozen=True):
    """What is in it."""

    coins: int = 0


class CountCoins(Command, frozen=True):
    """Count the coins in the till."""

    coins: int


def decide(till, command, situation):
    while True:
        pass


MODEL = TypedModel(
    name="till", title="Till", version=1, category="till", state=Till, events=(Counted,),
    commands=(CountCoins,), evolve=lambda till, event: Till(coins=event.coins), decide=decide,
    stream_of=lambda command: "till-1",
)
'''


def draw_command_pictures(stage: Stage) -> None:
    """Each from a bank of its own."""
    store = open_store(stage.made / "bank.foldline", create=True)
    try:
        issue(store, "OpenAccount", {"id": "7", "owner": "Ada"})
        put_clock(minutes=2)
        issue(store, "PerformDeposit", {"accountNumber": "7", "amount": 100})
        put_clock(minutes=5)
        _draw_error(stage, store.place.path)
        _draw_conflict(stage, store)
        _draw_issued(stage, store)
    finally:
        store.close()
    _draw_trouble(stage)


def _draw_error(stage: Stage, path: Path) -> None:
    """A deposit of less than nothing."""
    window, session = _shown(stage, path, "account-7", "Bank account")
    _fill(window, session, "PerformDeposit", {"accountNumber": "7", "amount": -5})
    form = window.workspace.of(CommandsView).form if window.workspace else None
    session.commands.preview({"accountNumber": "7", "amount": -5})
    stage.wait(lambda: form is not None and any(part.error.full_text() for _, part in form.parts()))
    stage.keep(window, "command-error")
    window.close()


def _draw_conflict(stage: Stage, store: CommandStore) -> None:
    """The form was open while somebody paid in."""
    put_clock(minutes=6)
    window, session = _shown(stage, store.place.path, "account-7", "Bank account")
    change = {"accountId": "7", "newOwner": "Grace"}
    _fill(window, session, "ChangeOwner", change)
    issue(store, "PerformDeposit", {"accountNumber": "7", "amount": 25, "reference": "rent"})
    session.commands.issue(change)
    stage.wait(lambda: _kind(session) == "conflict")
    stage.keep(window, "conflict")
    window.close()


def _draw_issued(stage: Stage, store: CommandStore) -> None:
    """What was sent and what came of it, a refusal chosen."""
    put_clock(minutes=9)
    issue(store, "PerformWithdrawal", {"accountNumber": "7", "amount": 5_000})
    window, session = _shown(stage, store.place.path, "account-7", "Bank account")
    if window.workspace is not None:
        window.workspace.of(CommandsView).tabs.choose("issued")
    stage.wait(lambda: bool(session.issued.rows))
    session.issued.choose(session.issued.rows[0].id)
    stage.wait(lambda: session.issued.story is not None)
    stage.keep(window, "issued")
    window.close()


def _draw_trouble(stage: Stage) -> None:
    """A model of one's own that never answers: the window says so and lives."""
    file, path = stage.made / "till.py", stage.made / "till.foldline"
    file.write_text(ENDLESS, "utf-8")
    open_store(path, create=True).close()
    window = stage.window("light", SIZE)
    stage.open(window, path)
    session = _session(window)
    session.worker.patience_s = PATIENCE_S
    session.model_file.trust(file, digest(file))
    stage.wait(lambda: bool(session.model_file.titles))
    session.selection.choose_stream("till-1")
    if window.workspace is not None:
        window.workspace.show_panel(CommandsView)
    stage.wait(lambda: session.commands.model_title == "Till")
    _fill(window, session, "CountCoins", {"coins": 12})
    session.commands.issue({"coins": 12})
    stage.wait(lambda: _kind(session) == "failed" and bool(session.issued.rows))
    stage.keep(window, "model-trouble")
    window.close()


def _shown(stage: Stage, path: Path, stream: str, model: str) -> tuple[MainWindow, Session]:
    window = stage.window("light", SIZE)
    stage.open(window, path)
    session = _session(window)
    session.selection.choose_stream(stream)
    session.selection.seek(session.selection.head)
    if window.workspace is not None:
        window.workspace.show_panel(CommandsView)
    stage.wait(lambda: session.commands.model_title == model)
    return window, session


def _session(window: MainWindow) -> Session:
    if window.session is None:
        raise RuntimeError("the window has no store open")
    return window.session


def _fill(window: MainWindow, session: Session, command: str, data: dict[str, Any]) -> None:
    session.commands.choose(command)
    offer = session.commands.offer
    if window.workspace is not None and offer is not None:
        window.workspace.of(CommandsView).form.show_schema(offer.schema, value=data)


def _kind(session: Session) -> str:
    return session.commands.result.kind if session.commands.result else ""


def issue(store: CommandStore, command: str, data: dict[str, Any]) -> None:
    """By somebody at another desk."""
    id_, at_us = str(uuid5(NAMESPACE_URL, f"{command} {data}")), now_us()
    CommandHandler(store, bundled_models()).issue(
        IssuedCommand(
            id=id_,
            type=command,
            stream="",
            data_json=json_text.encode(data),
            actor="bo",
            roles=(),
            expected=None,
            issued_at_us=at_us,
            due_at_us=at_us,
            expires_at_us=None,
            causation_id=None,
            correlation_id=id_,
        )
    )
