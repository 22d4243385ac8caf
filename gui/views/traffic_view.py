"""Commands under way by type, and the circles of rules that fed each other until stopped."""

from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QSplitter, QVBoxLayout, QWidget

from gui.panel import TabPanel
from gui.selection import Selection
from gui.viewmodels.process_facts import Loop, Queue
from gui.viewmodels.processes import ProcessesViewModel
from gui.widgets.chart.state_diagram import StateDiagram
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.words import Words
from gui.words import counted, said

QUEUE_TITLES: Final = (
    said("command"),
    said("waiting"),
    said("last minute"),
    said("longest"),
    said("timers"),
    said("handled"),
    said("conflicts"),
)
ABOUT: Final = said(
    "Each command type has a lane. {most} at a time, and the commands of a stream keep their "
    "order. Select a type to see its streams."
)
RACING: Final = said(
    "Without lanes, commands race for their stream. The losers are re-decided "
    "and counted as conflicts. Select a type to see its streams."
)
LOOP_TITLES: Final = (said("loop"), said("events"), said("not handled"), said("by"))
LIST_PX: Final = 120
NO_LOOPS: Final = said("No loops: every chain of events ended on its own.")


class TrafficView(QWidget):
    """Shows what the processes view model has learnt. Choosing a type shows its queues by stream;
    Enter goes to a stream, or to the last event of a circle."""

    def __init__(self, processes: ProcessesViewModel, selection: Selection) -> None:
        super().__init__()
        self.setAccessibleName(said("Queues and loops"))
        self._processes, self._selection = processes, selection
        self.about = Words("dim")
        self.lanes = QCheckBox(said("One command per type and stream at a time"))
        self.lanes.setChecked(True)
        self.lanes.setToolTip(
            said(
                "Without lanes, commands race for their stream. The losers are re-decided "
                "and counted"
            )
        )
        self.queues = TextGrid(
            said("Commands by type"),
            empty=said(
                "Commands of process managers are counted here by type. Run processes to send them."
            ),
        )
        self.streams = TextGrid(
            said("Commands of the selected type by stream"),
            empty=said("Choose a type to count its commands by stream."),
        )
        self.loops = TextGrid(
            said("Stopped loops"),
            empty=said("Stopped loops are listed here."),
        )
        self.streams_part, self.loops_part = Words("dim"), Words("dim")
        self.loops.setMaximumHeight(LIST_PX)
        self.reason = Words("dim")
        self.diagram = StateDiagram(said("Loop of events"))
        self._lay_out()
        processes.changed.connect(self._show)
        self.lanes.toggled.connect(processes.dispatching.use_lanes)
        self.lanes.toggled.connect(self._tell_lanes)
        self.queues.row_chosen.connect(self._choose_lane)
        self.streams.row_activated.connect(self._go_to_stream)
        self.loops.row_chosen.connect(self._draw)
        self.loops.row_activated.connect(self._go)
        self._tell_lanes(True)
        self._show()

    def _lay_out(self) -> None:
        circle = QWidget()
        rows = QVBoxLayout(circle)
        rows.setContentsMargins(12, 8, 12, 8)
        rows.addWidget(self.reason)
        rows.addWidget(self.loops)
        rows.addWidget(self.loops_part)
        rows.addWidget(self.diagram)
        rows.addStretch(1)
        lanes = QWidget()
        queues = QVBoxLayout(lanes)
        queues.setContentsMargins(12, 8, 0, 8)
        queues.addWidget(self.about)
        queues.addWidget(self.lanes)
        queues.addWidget(self.queues, 2)
        queues.addWidget(self.streams, 1)
        queues.addWidget(self.streams_part)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(lanes)
        split.addWidget(circle)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(split)

    @Slot(bool)
    def _tell_lanes(self, has_lanes: bool) -> None:
        self.about.say(_about(self._processes.most_lanes) if has_lanes else RACING)

    @Slot()
    def _show(self) -> None:
        self.queues.show_rows(QUEUE_TITLES, [_queue_row(it) for it in self._processes.queues])
        titles = (said("{lane_of} by stream", lane_of=self._processes.lane_of), *QUEUE_TITLES[1:])
        self.streams_part.say(self._processes.part_of("lane"))
        self.loops_part.say(self._processes.part_of("loops"))
        self.streams.show_rows(titles, [_queue_row(it) for it in self._processes.lane])
        self.streams.setVisible(bool(self._processes.lane))
        loops = self._processes.loops
        self.loops.show_rows(LOOP_TITLES, [_loop_row(it) for it in loops])
        self.loops.setVisible(bool(loops))
        self.diagram.setVisible(bool(loops))
        if not loops:
            self.reason.say(NO_LOOPS, role="dim")
        elif self.loops.grid.current_row() < 0:
            self.loops.go_to_row(0)
            self._draw(0)

    @Slot(int)
    def _choose_lane(self, row: int) -> None:
        self._processes.choose_lane(self._processes.queues[row].of)

    @Slot(int)
    def _go_to_stream(self, row: int) -> None:
        self._selection.choose_stream(self._processes.lane[row].of)

    @Slot(int)
    def _draw(self, row: int) -> None:
        loop = self._processes.loops[row]
        self.reason.say(f"{loop.by}: {loop.reason}", role="warn")
        links = loop.circle
        moves = [
            (it.event, said("{command} by {by}", command=it.command, by=it.by), it.leads_to)
            for it in links
        ]
        events = list(dict.fromkeys(it.event for it in links))
        self.diagram.show_states(events, moves, current=events[0] if events else "")

    @Slot(int)
    def _go(self, row: int) -> None:
        self._selection.seek(self._processes.loops[row].position)


def _about(most: int) -> str:
    running = counted("{count:,} lane runs", "Up to {count:,} lanes run", most)
    return ABOUT.format(most=running)


def _queue_row(it: Queue) -> TextRow:
    longest = f"{it.longest_us / 1_000_000:,.0f} s" if it.waiting else ""
    texts = (
        it.of,
        f"{it.waiting:,}",
        f"{it.recently:,}",
        longest,
        f"{it.timers:,}",
        f"{it.handled:,}",
        f"{it.conflicts:,}",
    )
    return TextRow(texts=texts, is_warning=bool(it.waiting))


def _loop_row(it: Loop) -> TextRow:
    types = [link.event for link in it.circle]
    circle = " → ".join([*types, types[0]] if types else [])
    return TextRow(texts=(circle, f"{it.events:,}", it.command, it.by), is_warning=True)


PANEL: Final = TabPanel(
    id="traffic",
    title=said("Queues and loops"),
    parent="processes",
    order=3,
    make=lambda it: TrafficView(it.processes, it.selection),
)
