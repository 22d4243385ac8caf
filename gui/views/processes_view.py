"""Processes: which instances there are, what one heard and sent, what waits to go out, and when."""

from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QInputDialog,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from gui.offers.spots import Spot, cells_spot
from gui.panel import Panel
from gui.selection import Selection
from gui.viewmodels.process_facts import (
    ClockFacts,
    EventFacts,
    InstanceFacts,
    InstanceStory,
    OutboxMessage,
    SentCommand,
)
from gui.viewmodels.processes import ProcessesViewModel
from gui.viewmodels.things import EventThing, StreamThing, TextThing, Thing
from gui.widgets.chart.state_diagram import StateDiagram
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.grid.grid_view import Column, GridView
from gui.widgets.grid.text_rows import TextRow, TextRows
from gui.widgets.underline_tabs import UnderlineTabs
from gui.widgets.words import Words
from gui.words import said

ADVANCES: Final = (
    (said("+1 min"), 60),
    (said("+28 min"), 28 * 60),
    (said("+1 h"), 3_600),
    (said("+1 day"), 86_400),
)
INSTANCES: Final = (
    Column(title=said("instance"), width=152, is_mono=True, is_flexible=True, tight=96),
    Column(title=said("state"), width=110, tight=76),
    Column(title=said("timers"), width=62, is_right=True, tight=56),
)
TRAFFIC: Final = (
    Column(title="", width=40),
    Column(title=said("what"), width=230, is_mono=True, is_flexible=True, tight=130),
    Column(title=said("when"), width=178, is_dim=True, tight=116),
    Column(title=said("outcome"), width=96, tight=68),
    Column(title=said("reason"), width=150, is_dim=True, is_flexible=True, tight=68),
)
MESSAGES: Final = (
    Column(title=said("status"), width=90, tight=72),
    Column(title=said("gateway"), width=90, tight=64),
    Column(title=said("event"), width=70, is_right=True),
    Column(title=said("payload"), width=240, is_mono=True, is_flexible=True, tight=120),
    Column(title=said("answer"), width=180, is_dim=True, tight=88),
)
WHAT_COLUMN: Final = 1  # of the traffic
WAITING: Final = ("held", "waiting", "failed")
NONE: Final = said(
    "There are no process manager instances yet. In the conference sample, each order creates one."
)


class ProcessesView(QFrame):
    """Asks for nothing while it is hidden."""

    def __init__(self, processes: ProcessesViewModel, selection: Selection) -> None:
        super().__init__()
        self.setAccessibleName(said("Processes"))
        self.setProperty("role", "panel")
        self._processes = processes
        self._selection = selection
        self.run = QPushButton(said("Run processes"))
        self.run.setCheckable(True)
        self.run.setToolTip(said("Run process managers, timers and the outbox"))
        self.clock = ElidedLabel(role="dim")
        self.advances = [QPushButton(text) for text, _ in ADVANCES]
        self.problem = Words("error")
        self.tabs = UnderlineTabs(said("Processes tabs"))
        self.instances, self._instance_rows = _grid(
            said("Instances"), INSTANCES, empty=said("Instances of processes are listed here.")
        )
        self.diagram = StateDiagram(said("State diagram"))
        self.title = Words()
        self.traffic, self._traffic_rows = _grid(
            said("Events in and commands out"),
            TRAFFIC,
            empty=said("Choose an instance to list what it received and sent."),
        )
        self.instances_part, self.messages_part = Words("dim"), Words("dim")
        self.messages, self._message_rows = _grid(
            said("Outbox"), MESSAGES, empty=said("Messages to external systems are listed here.")
        )
        self.withdraw = QPushButton(said("Withdraw"))
        self.correct = QPushButton(said("Correct…"))
        self._lay_out()
        self._connect()
        self._show()

    def spots(self) -> list[Spot]:
        """Instances, what came in and went out, and the outbox."""
        return [
            cells_spot(self.instances, self._instance_things),
            cells_spot(self.traffic, self._traffic_things),
            cells_spot(self.messages, self._message_things),
        ]

    def _instance_things(self, row: int, _column: int) -> list[Thing]:
        return [StreamThing(name=self._processes.instances[row].stream)]

    def _traffic_things(self, row: int, _column: int) -> list[Thing]:
        """An event that was heard; of a command its words."""
        story = self._processes.instance
        heard = None if story is None else _ordered(story)[row][2]
        if isinstance(heard, EventFacts):
            return [EventThing(position=heard.position)]
        return [TextThing(text=self._traffic_rows.text(row, WHAT_COLUMN))]

    def _message_things(self, row: int, _column: int) -> list[Thing]:
        message = self._processes.messages[row]
        return [TextThing(text=message.payload), EventThing(position=message.position)]

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._processes.want(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._processes.want(False)

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(12, 8, 12, 4)
        bar.setSpacing(6)
        bar.addWidget(self.run)
        bar.addWidget(self.problem)
        bar.addStretch(1)
        self.clock.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        bar.addWidget(self.clock)
        bar.addSpacing(8)
        for button in self.advances:
            button.setToolTip(said("Move the store's clock forward. It cannot be moved back"))
            bar.addWidget(button)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(_with_words(self.instances, self.instances_part))
        split.addWidget(self._instance_side())
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        split.setChildrenCollapsible(False)
        self.tabs.add("instances", said("Instances"), split)
        self.tabs.add("outbox", said("Outbox"), self._outbox_side())
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addLayout(bar)
        rows.addWidget(self.tabs, 1)

    def _instance_side(self) -> QWidget:
        side = QWidget()
        rows = QVBoxLayout(side)
        rows.setContentsMargins(12, 8, 0, 0)
        rows.addWidget(self.title)
        sight = QScrollArea()
        sight.setWidgetResizable(True)
        sight.setFrameShape(QFrame.Shape.NoFrame)
        sight.setWidget(self.diagram)
        sight.setProperty("role", "panel")
        self.diagram.setProperty("role", "panel")
        sight.setAccessibleName(said("State diagram, scrolled"))
        rows.addWidget(sight, 3)
        rows.addWidget(self.traffic, 2)
        return side

    def _outbox_side(self) -> QWidget:
        side = QWidget()
        rows = QVBoxLayout(side)
        rows.setContentsMargins(0, 0, 0, 8)
        rows.addWidget(_with_words(self.messages, self.messages_part), 1)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(12, 0, 12, 0)
        buttons.addStretch(1)
        buttons.addWidget(self.withdraw)
        buttons.addWidget(self.correct)
        rows.addLayout(buttons)
        return side

    def catch_up(self) -> None:
        """Show what there is by now: this was made later than what it shows."""
        self._show_instance()

    def _connect(self) -> None:
        processes = self._processes
        processes.changed.connect(self._show)
        processes.instance_changed.connect(self._show_instance)
        self.run.clicked.connect(self._run)
        for button, (_, seconds) in zip(self.advances, ADVANCES, strict=True):
            button.setProperty("seconds", seconds)
            button.clicked.connect(self._advance)
        self.instances.row_chosen.connect(self._choose)
        self.instances.row_activated.connect(self._go_to_instance)
        self.messages.row_chosen.connect(self._allow)
        self.messages.row_activated.connect(self._go_to_message)
        self.withdraw.clicked.connect(self._withdraw)
        self.correct.clicked.connect(self._correct)

    @Slot()
    def _show(self) -> None:
        processes = self._processes
        self.run.setChecked(processes.dispatching.is_running)
        self.problem.say(processes.dispatching.problem)
        self.clock.set_text(_clock_words(processes.clock))
        self._instance_rows.show_rows([_instance_row(it) for it in processes.instances])
        self._message_rows.show_rows([_message_row(it) for it in processes.messages])
        self.instances_part.say(processes.part_of("instances"))
        self.messages_part.say(processes.part_of("messages"))
        waiting = sum(it.status in WAITING for it in processes.messages)
        self.tabs.set_title(
            "outbox",
            said("Outbox ({waiting:,})", waiting=waiting) if waiting else said("Outbox"),
        )
        if not processes.instances:
            self.title.say(NONE, role="dim")
        self._allow()

    @Slot()
    def _show_instance(self) -> None:
        found = self._processes.instance
        if found is None:
            return
        state, part = (
            said("{stream} is in the state {state}", stream=found.stream, state=found.state),
            self._processes.story_part,
        )
        self.title.say(f"{state}. {part}" if part else state, role="")
        streams = [it.stream for it in self._processes.instances]
        if found.stream in streams:
            self.instances.go_to_row(streams.index(found.stream))
        self.diagram.show_states(found.states, found.moves, current=found.state)
        self._traffic_rows.show_rows(_traffic(found))

    @Slot(bool)
    def _run(self, is_on: bool) -> None:
        if is_on:
            self._processes.dispatching.start()
        else:
            self._processes.dispatching.stop()

    @Slot()
    def _advance(self) -> None:
        self._processes.advance(float(self.sender().property("seconds")))

    @Slot(int)
    def _choose(self, row: int) -> None:
        self._processes.choose(self._processes.instances[row].stream)

    @Slot(int)
    def _go_to_instance(self, row: int) -> None:
        found = self._processes.instances[row]
        self._selection.choose_stream(found.stream)
        self._selection.seek(found.position)

    @Slot(int)
    def _go_to_message(self, row: int) -> None:
        self._selection.seek(self._processes.messages[row].position)

    @Slot()
    def _allow(self) -> None:
        message = self._message()
        is_waiting = message is not None and message.status in WAITING
        self.withdraw.setEnabled(is_waiting)
        self.correct.setEnabled(is_waiting)

    def _message(self) -> OutboxMessage | None:
        row, messages = self.messages.current_row(), self._processes.messages
        return messages[row] if 0 <= row < len(messages) else None

    @Slot()
    def _withdraw(self) -> None:
        if message := self._message():
            self._processes.withdraw(message.id)

    @Slot()
    def _correct(self) -> None:
        message = self._message()
        if message is None:
            return
        text, is_wanted = QInputDialog.getMultiLineText(
            self,
            said("Correct the message"),
            said("Sent to {gateway} instead:", gateway=message.gateway),
            message.payload,
        )
        if is_wanted:
            self._processes.correct(message.id, text)


def _grid(name: str, columns: tuple[Column, ...], *, empty: str) -> tuple[GridView, TextRows]:
    grid, rows = (
        GridView(name, columns, fits=True, empty=empty),
        TextRows([it.title for it in columns]),
    )
    grid.setModel(rows)
    return grid, rows


def _with_words(grid: GridView, words: Words) -> QWidget:
    side = QWidget()
    rows = QVBoxLayout(side)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setSpacing(0)
    rows.addWidget(grid, 1)
    rows.addWidget(words)
    return side


def _clock_words(clock: ClockFacts | None) -> str:
    if not clock:
        return ""
    ahead = int(clock.ahead_s)
    words = said("Clock {now}", now=_time(clock.now))
    if ahead:
        hours, minutes = divmod(ahead // 60, 60)
        words += (
            said(", {hours} h {minutes} min ahead", hours=hours, minutes=minutes)
            if hours
            else said(", {minutes} min ahead", minutes=minutes)
        )
    return words + (
        said(" · next due {next_due}", next_due=_time(clock.next_due)) if clock.next_due else ""
    )


def _instance_row(it: InstanceFacts) -> TextRow:
    sign = "✓" if it.is_over else "▸"
    return TextRow(texts=(it.stream, f"{sign} {it.state}", str(it.pending or "")))


def _message_row(it: OutboxMessage) -> TextRow:
    return TextRow(
        texts=(it.status, it.gateway, f"{it.position:,}", it.payload, it.answer),
        is_warning=it.status == "failed",
    )


def _traffic(found: InstanceStory) -> list[TextRow]:
    """What came in and what went out, in the order of time."""
    return [
        _heard_row(it) if isinstance(it, EventFacts) else _sent_row(it)
        for *_, it in _ordered(found)
    ]


def _ordered(found: InstanceStory) -> list[tuple[str, int, EventFacts | SentCommand]]:
    rows: list[tuple[str, int, EventFacts | SentCommand]] = [(it.at, 0, it) for it in found.heard]
    rows += [(it.issued_at, 1, it) for it in found.sent]
    return sorted(rows, key=lambda it: it[:2])


def _heard_row(it: EventFacts) -> TextRow:
    texts = (
        "in",
        f"{it.type}  {it.stream}",
        _time(it.at),
        said("at {position:,}", position=it.position),
        "",
    )
    return TextRow(texts=texts)


def _sent_row(it: SentCommand) -> TextRow:
    is_timer = it.status == "pending" and it.due_at > it.issued_at
    outcome = said("due {due_at}", due_at=_time(it.due_at)[11:]) if is_timer else it.status
    texts = ("out", f"{it.command}  {it.stream}", _time(it.issued_at), outcome, it.why)
    is_odd = it.status in ("refused", "failed", "expired")
    return TextRow(texts=texts, is_warning=is_odd)


def _time(moment: str) -> str:
    return moment[:19].replace("T", " ")


PANEL: Final = Panel(
    id="processes",
    title=said("Processes"),
    area="tab",
    order=5,
    make=lambda it: ProcessesView(it.processes, it.selection),
    begin=lambda it: it.instances.setFocus(),
)
