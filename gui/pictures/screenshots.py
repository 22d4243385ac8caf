"""Draw the documentation's pictures without a screen: python -m gui.pictures.screenshots FOLDER."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from gui.app import make_app
from gui.look.theme import themes
from gui.main_window import MainWindow
from gui.pictures.answer_pictures import draw_answers, draw_find
from gui.pictures.branch_pictures import draw_branches
from gui.pictures.clock import put_clock, put_pace
from gui.pictures.command_pictures import draw_command_pictures
from gui.pictures.correct_pictures import draw_correct
from gui.pictures.dialog_pictures import draw_snapshots, draw_trust, draw_wizard
from gui.pictures.engine_pictures import draw_engines
from gui.pictures.import_pictures import draw_imports
from gui.pictures.line_pictures import draw_consequences, draw_decided, draw_two_times
from gui.pictures.made_folder import made_folder
from gui.pictures.query_store_pictures import PART as PANES_THERE
from gui.pictures.query_store_pictures import draw_panes_there
from gui.pictures.rest import is_at_rest, keep_still
from gui.pictures.stage import Stage
from gui.pictures.teach_pictures import draw_teach
from gui.pictures.trouble_pictures import draw_lab, draw_parked
from gui.qt_messages import keep_harmless_messages_off_the_terminal, tell_every_message
from gui.settings import Settings
from gui.viewmodels.pane_side import Side
from gui.views.build_view import BuildView
from gui.views.commands_view import CommandsView
from gui.views.inspector_view import InspectorView
from gui.views.panes_view import PanesView
from gui.views.processes_view import ProcessesView
from gui.work.garbage import GuiThreadCollector
from resources.samples.catalog import SAMPLES
from store.opening import open_store
from store.times import format_moment, parse_moment
from store.transfer.ingest import ingest

PARTS: Final = (
    *("windows", "import", "warnings", "schemes", "commands", "trust", "build"),
    *("snapshots", "answers", "find", "wizard", "lab", "parked", "teach", "engines", "correct"),
    *("branches", "consequences", "decided", "two-times"),
)
WITH_SERVER: Final = (PANES_THERE,)  # drawn only when they are named
PATIENCE_MS: Final = 900_000  # with what hangs: a busy machine is ten times slower than a quiet one
SETTLED_MS: Final = 300  # the picture has stood still for so long
BUSY_DAY: Final = 4_100  # of the conference: seats run out
APART_US: Final = 36 * 86_400_000_000  # between two copies
COPIES: Final = 40  # of the conference, for a big store


def main() -> int:
    """Draw the pictures into the folder that is named: all, or those of some parts. Returns the
    exit code."""
    if len(sys.argv) < 2 or not set(sys.argv[2:]) <= {*PARTS, *WITH_SERVER}:
        sys.stderr.write("usage: python -m gui.pictures.screenshots FOLDER [PART…]\n")
        sys.stderr.write(f"parts: {', '.join((*PARTS, *WITH_SERVER))}\n")
        return 2
    folder, parts = Path(sys.argv[1]), sys.argv[2:] or PARTS
    folder.mkdir(parents=True, exist_ok=True)
    return _draw_here(folder, *parts) if len(parts) == 1 else _draw_each(folder, parts)


def _draw_each(folder: Path, parts: Sequence[str]) -> int:
    """Each by a process of its own: no setting, store or memory of one part reaches the next, so a
    picture is the same whatever is drawn before it."""
    for part in parts:
        command = [sys.executable, "-m", "gui.pictures.screenshots", str(folder), part]
        if code := subprocess.run(command, check=False).returncode:
            return code
    return 0


def _draw_here(folder: Path, part: str) -> int:
    keep_harmless_messages_off_the_terminal()
    app = make_app(sys.argv[:1])
    keep_still(app)
    collector = GuiThreadCollector(app)
    put_clock(minutes=0)
    put_pace()
    with made_folder() as made:
        os.environ["XDG_CONFIG_HOME"] = str(made)  # what is trusted for a picture is not for longer
        try:
            return Artist(app, made, folder).draw(part)
        finally:
            for it in app.topLevelWidgets():
                it.close()  # or the threads of an open store keep the process
            collector.stop()
            tell_every_message()


class Artist:
    """Opens windows on stores of its own and keeps their pictures."""

    def __init__(self, app: QApplication, made: Path, folder: Path) -> None:
        self._app = app
        self._made = made
        self._folder = folder

    def draw(self, part: str) -> int:
        """The pictures of a part of the documentation. Returns the exit code."""
        conference = self._made / "conference.foldline"
        ingest(next(it.path for it in SAMPLES if it.name == "conference"), into=conference)
        try:
            self._draw_part(part, conference)
        except TimeoutError as error:
            sys.stderr.write(f"{part}: {error}\n")
            return 1
        return 0

    def _draw_part(self, part: str, conference: Path) -> None:
        stage = Stage(
            made=self._made,
            window=self._window,
            open=self._open,
            wait=self._wait,
            keep=self._keep,
        )
        draws: dict[str, Callable[[], None]] = {
            "windows": lambda: self._draw_windows(conference),
            "import": lambda: self._draw_import(conference),
            "warnings": lambda: draw_imports(stage, conference),
            "schemes": lambda: self._draw_schemes(conference),
            "commands": lambda: draw_command_pictures(stage),
            "trust": lambda: draw_trust(stage, conference),
            "build": lambda: self._draw_build(conference),
            "snapshots": lambda: draw_snapshots(stage, conference),
            "answers": lambda: draw_answers(stage, conference),
            "find": lambda: draw_find(stage, conference),
            "wizard": lambda: draw_wizard(stage, conference),
            "lab": lambda: draw_lab(stage, conference),
            "parked": lambda: draw_parked(stage, self._made),
            "teach": lambda: draw_teach(stage),
            "engines": lambda: draw_engines(stage, conference),
            "correct": lambda: draw_correct(stage),
            "branches": lambda: draw_branches(stage),
            "consequences": lambda: draw_consequences(stage),
            "decided": lambda: draw_decided(stage),
            "two-times": lambda: draw_two_times(stage),
            PANES_THERE: lambda: draw_panes_there(stage, conference),
        }
        draws[part]()

    def _draw_windows(self, conference: Path) -> None:
        """Whole windows: the start page, both themes, a small one, an empty and a big store."""
        empty = self._made / "empty.foldline"
        open_store(empty, create=True).close()
        self._draw("start", "light", None)
        self._draw("main-light", "light", conference)
        self._draw("main-dark", "dark", conference)
        self._draw("main-1280x800", "light", conference, size=(1280, 800))
        self._draw("event-tab", "light", conference, tab="event")
        self._draw("diff-tab", "dark", conference, tab="diff")
        self._draw("empty-store", "light", empty)
        self._draw("big-store", "light", self._big_store())

    def _draw_schemes(self, conference: Path) -> None:
        for scheme in ("light", "dark"):
            self._draw_commands(conference, scheme)
            self._draw_processes(conference, scheme)
            self._draw_views(conference, scheme)

    def _draw_commands(self, store: Path, scheme: str) -> None:
        """More seats, previewed."""
        window = self._window(scheme, (1600, 1000))
        self._open(window, store)
        session, workspace = window.session, window.workspace
        if session is not None and workspace is not None:
            session.selection.choose_stream("seats-gophercon")
            session.selection.seek(session.selection.head)
            workspace.show_panel(CommandsView)
            commands = session.commands
            self._wait(lambda: commands.model_title == "Seats availability")
            commands.choose("AddSeats")
            schema = commands.offer.schema if commands.offer else {}
            seats = {"conferenceId": "gophercon", "seatType": "cqrs-workshop", "quantity": 20}
            workspace.of(CommandsView).form.show_schema(schema, value=seats)
            commands.preview(seats)
            self._wait(lambda: commands.result is not None)
        self._keep(window, f"commands-{scheme}")
        window.close()

    def _draw_processes(self, store: Path, scheme: str) -> None:
        """An instance that waits for its money."""
        window = self._window(scheme, (1600, 1000))
        self._open(window, store)
        if window.session is not None and window.workspace is not None:
            processes = window.session.processes
            window.workspace.show_panel(ProcessesView)
            self._wait(lambda: processes.instance is not None)
        self._keep(window, f"processes-{scheme}")
        window.close()

    def _draw_views(self, store: Path, scheme: str) -> None:
        """Two read models that disagree, and where they first differ."""
        window = self._window(scheme, (1600, 1000))
        self._open(window, store)
        if window.session is not None and window.workspace is not None:
            panes = window.session.panes
            window.workspace.show_panel(PanesView)
            self._wait(lambda: bool(panes.views))
            panes.set_side("left", Side(view="draft_orders", moment="now"))
            panes.set_side("right", Side(view="priced_orders", moment="now"))
            panes.listed.emit()
            panes.find_parting()
            self._wait(lambda: panes.parting.position is not None)
        self._keep(window, f"views-{scheme}")
        window.close()

    def _draw_build(self, store: Path) -> None:
        """A view of who registered, tried out."""
        window = self._window("light", (1600, 1000))
        self._open(window, store)
        if window.workspace is not None:
            window.workspace.show_panel(PanesView)
            window.workspace.of(PanesView).tabs.choose("build")
            build = window.workspace.of(BuildView)
            build.name.setText("orders_by_state")
            build.group.setText("stream")
            build.types.setText("OrderPlaced, OrderTotalsCalculated, OrderConfirmed")
            columns = (
                ("events", "count", ""),
                ("total", "last", "total"),
                ("since", "first_time", ""),
            )
            for (name, fold, field), (of, by, at) in zip(build.columns, columns, strict=False):
                name.setText(of)
                fold.setCurrentIndex(fold.findData(by))
                field.setText(at)
            build.preview.click()
            self._wait(lambda: build.save.isEnabled() and bool(build.message.text()))
        self._keep(window, "build-view")
        window.close()

    def _draw(
        self,
        name: str,
        scheme: str,
        store: Path | None,
        *,
        size: tuple[int, int] = (1600, 1000),
        tab: str = "state",
    ) -> None:
        window = self._window(scheme, size)
        if store is not None:
            self._open(window, store)
            self._go_to(window, BUSY_DAY, tab)
        self._keep(window, name)
        window.close()

    def _draw_import(self, store: Path) -> None:
        """The import dialog over an open store, with a line that is no event in the file."""
        source = self._made / "shop.jsonl"
        lines = [
            f'{{"specversion":"1.0","id":"{n}","source":"/shop","type":"order.{kind}",'
            f'"subject":"order-{n // 3}","time":"2026-03-14T09:{n:02}:00Z","data":{{"n":{n}}}}}'
            for n, kind in enumerate(["placed", "paid", "shipped"] * 8)
        ]
        lines.insert(5, '{"specversion":"1.0","id":"x","source":"/shop","data":{}}')
        source.write_text("\n".join(lines) + "\n", encoding="utf-8")
        window = self._window("light", (1600, 1000))
        self._open(window, store)
        dialog = window.import_file(source)
        self._wait(dialog.run_button.isEnabled)
        dialog.run()
        self._wait(lambda: bool(dialog.report.text()))
        self._keep(dialog, "import-dialog")
        self._wait(lambda: window.session is not None and window.session.path.stem == "shop")
        dialog.close()
        window.close()

    def _big_store(self) -> Path:
        """The conference many times over: some two hundred thousand events."""
        store, source = self._made / "big.foldline", self._made / "big.jsonl"
        sample = next(it.path for it in SAMPLES if it.name == "conference")
        lines = gzip.decompress(sample.read_bytes()).decode("utf-8").splitlines()
        with source.open("w", encoding="utf-8") as file:
            for copy in range(COPIES):
                for line in lines:
                    file.write(_renamed(line, copy) + "\n")
        ingest(source, into=store)
        return store

    def _window(self, scheme: str, size: tuple[int, int]) -> MainWindow:
        themes().apply(scheme)
        window = MainWindow(Settings(self._made / f"settings-{size[0]}.ini"))
        window.resize(*size)
        window.status.query.hide()  # it is another at each drawing
        window.show()
        return window

    def _open(self, window: MainWindow, store: Path) -> None:
        window.open_store(store)
        self._wait(lambda: window.session is not None and window.session.path == store)
        session = window.session
        if session is not None:
            session.worker.patience_s = PATIENCE_MS / 1_000
            self._wait(lambda: bool(session.status.views) and session.status.lag == 0)

    def _go_to(self, window: MainWindow, position: int, tab: str) -> None:
        session, workspace = window.session, window.workspace
        if session is None or workspace is None:
            return
        session.selection.seek(max(position // 4, 1))
        self._settle(window)
        workspace.of(InspectorView).tabs.choose(tab)
        if tab == "diff":
            session.selection.choose_stream("seats-gophercon")
            session.selection.anchor_here()
        session.selection.seek(position)

    def _keep(self, widget: QWidget, name: str) -> None:
        self._settle(widget)
        widget.grab().save(str(self._folder / f"{name}.png"))

    def _settle(self, widget: QWidget) -> None:
        """Until every question has its answer, and the picture has not changed for a while."""
        before = None
        deadline = QDeadlineTimer(PATIENCE_MS)
        while not deadline.hasExpired():
            self._pause(SETTLED_MS)
            after = widget.grab().toImage() if is_at_rest(self._app) else None
            if after is not None and before == after:
                return
            before = after
        raise TimeoutError("the window did not come to rest")

    def _wait(self, is_so: Callable[[], bool]) -> None:
        deadline = QDeadlineTimer(PATIENCE_MS)
        while not is_so():
            if deadline.hasExpired():
                raise TimeoutError("the window did not come to what was to be drawn")
            self._pause(20)

    def _pause(self, milliseconds: int) -> None:
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()


def _renamed(line: str, copy: int) -> str:
    """The same event some weeks later, with an id and a stream of its own."""
    event = json.loads(line)
    event["id"] = str(uuid5(NAMESPACE_URL, f"{event['id']}/{copy}"))
    event["stream"] = f"{event['stream']}-{copy:02}"
    for key in ("occurred_at", "recorded_at"):
        moment = parse_moment(event[key])
        event[key] = format_moment(moment.at_us + copy * APART_US, moment.offset_min)
    del event["position"]
    return json.dumps(event, ensure_ascii=False)


if __name__ == "__main__":
    sys.exit(main())
