"""Engines: the picture of what flows from the event store to the query stores, alive."""

from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
)

from gui.panel import Panel
from gui.viewmodels.engines import LOCAL, EnginesViewModel
from gui.viewmodels.flow_parts import Flow, Role
from gui.widgets.chart.flow_picture import FlowArrow, FlowBox, FlowPicture
from gui.widgets.disabling import disable
from gui.widgets.grid.grid_view import Column, GridView
from gui.widgets.grid.text_rows import TextRow, TextRows
from gui.widgets.lettered_menu import LetteredMenu
from gui.widgets.tips import set_tip
from gui.widgets.words import Words
from gui.widgets.wrapping_row import WrappingRow
from gui.words import said

COLUMNS: Final = (
    Column(title=said("flow"), width=82),
    Column(title=said("server"), width=132, is_flexible=True, tight=92),
    Column(title=said("state"), width=110, is_flexible=True, tight=84),
    Column(title=said("position"), width=72, is_right=True),
    Column(title=said("head"), width=66, is_right=True),
    Column(title=said("behind"), width=66, is_right=True),
    Column(title=said("seconds"), width=68, is_right=True),
    Column(title=said("rate"), width=60, is_right=True),
    Column(title=said("dropped"), width=72, is_right=True, tight=66),
)
STATE_COLUMN: Final = 2
WAYS: Final = {
    "mirror": said("mirror"),
    "fold": said("fold views"),
    "publish": said("publish"),
    "sink": said("write rows"),
    "rebuild": said("rebuild"),
}
EMPTY: Final = said("Each flow of events is listed here with its figures.")
EXAMPLE: Final = said("kafka://host:9092/topic or opensearch://host:9200/name")
MARGIN_PX: Final = 12
PICTURE_PX: Final = 90  # of the picture, at least; then it is scrolled


class EnginesView(QFrame):
    """Asks no server while it is hidden. A click on the figures of an arrow, or Enter on a row,
    lists the events that are missing there. `events_wanted()`: show that list."""

    events_wanted = Signal()

    def __init__(self, engines: EnginesViewModel) -> None:
        super().__init__()
        self.setAccessibleName(said("Engines"))
        self.setProperty("role", "panel")
        self._engines = engines
        self.picture = FlowPicture(said("Picture of the engines"))
        self.grid = GridView(
            said("Flows of events"), COLUMNS, warning_column=STATE_COLUMN, empty=EMPTY
        )
        self._rows = TextRows([it.title for it in COLUMNS])
        self.grid.setModel(self._rows)
        self.message = Words("dim")
        self.start = QPushButton(said("Start"))
        self.stop = QPushButton(said("Stop"))
        self.missing = QPushButton(said("List missing events"))
        self.remove = QPushButton(said("Remove"))
        self.local = QToolButton()
        self.address, self.password = QLineEdit(), QLineEdit()
        self.add = QPushButton(said("Add a server"))
        self.keep = QCheckBox(said("Keep in the system's keyring"))
        self._set_up()
        self._lay_out()
        self._connect()
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._engines.want(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._engines.want(False)

    def catch_up(self) -> None:
        """Show what there is by now: this was made later than what it shows."""
        self._show()

    def _set_up(self) -> None:
        menu = LetteredMenu(parent=self.local)
        for name, title in LOCAL:
            menu.addAction(title).setData(name)
        menu.triggered.connect(self._start_here)
        menu.aboutToShow.connect(self._engines.look_for_engines)
        self.local.setText(said("Start a server here"))
        self.local.setMenu(menu)
        self.local.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.local.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.local.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        set_tip(
            self.local,
            said("Start a server on this machine for trying out. Nobody else can reach it."),
        )
        self.address.setPlaceholderText(EXAMPLE)
        self.address.setAccessibleName(said("Address of a server"))
        self.password.setPlaceholderText(said("password"))
        self.password.setAccessibleName(said("Password of the server"))
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        set_tip(self.password, said("It is held until you quit, and stored in no file."))
        set_tip(self.keep, said("The system stores the password for this user and server."))
        self.keep.hide()  # until there is a keyring

    def _lay_out(self) -> None:
        sight = QScrollArea()
        sight.setWidgetResizable(True)
        sight.setSizeAdjustPolicy(QScrollArea.SizeAdjustPolicy.AdjustToContents)
        sight.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        sight.setMinimumHeight(PICTURE_PX)
        sight.setFrameShape(QFrame.Shape.NoFrame)
        sight.setWidget(self.picture)
        sight.setProperty("role", "panel")
        self.picture.setProperty("role", "panel")
        sight.setAccessibleName(said("Picture of the engines, scrolled"))
        bar = WrappingRow(self.start, self.stop, self.missing, self.remove, self.local)
        form = QHBoxLayout()
        form.setSpacing(6)
        form.addWidget(self.address, 3)
        form.addWidget(self.password, 1)
        form.addWidget(self.keep)
        form.addWidget(self.add)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(MARGIN_PX, 8, MARGIN_PX, 8)
        rows.setSpacing(6)
        rows.addLayout(bar)
        rows.addWidget(sight)
        rows.addWidget(self.message)
        rows.addWidget(self.grid, 1)
        rows.addLayout(form)

    def _connect(self) -> None:
        self._engines.changed.connect(self._show)
        self._engines.events_wanted.connect(self.events_wanted)
        self._engines.keyring_found.connect(self.keep.show)
        self.password.textEdited.connect(self._engines.look_for_keyring)
        self.picture.chosen.connect(self._engines.choose)
        self.picture.opened.connect(self._open)
        self.grid.row_chosen.connect(self._choose_row)
        self.grid.row_activated.connect(self._open_row)
        self.start.clicked.connect(self._start)
        self.stop.clicked.connect(self._stop)
        self.missing.clicked.connect(self._list_missing)
        self.remove.clicked.connect(self._remove)
        self.add.clicked.connect(self._add)
        self.address.returnPressed.connect(self._add)
        self.password.returnPressed.connect(self._add)

    @Slot()
    def _show(self) -> None:
        engines = self._engines
        self.picture.show_flow(
            [_box(it) for it in engines.picture.roles], [_arrow(it) for it in engines.picture.flows]
        )
        self.picture.choose(engines.chosen)
        self._rows.show_rows([self._row(it) for it in engines.ways])
        ids = [it.id for it in engines.ways]
        if engines.chosen in ids:
            self.grid.go_to_row(ids.index(engines.chosen))
        self.message.say(engines.said.text, role=engines.said.role)
        self.local.setEnabled(not engines.is_starting)
        self._name_local()
        self._allow()

    def _name_local(self) -> None:
        """Those that need to be installed say so in the menu, before they are chosen."""
        menu = self.local.menu()
        if menu is None:
            return
        for action, (name, title) in zip(menu.actions(), LOCAL, strict=True):
            needed = self._engines.not_installed.get(name, "")
            text = said("{title}: not installed", title=title) if needed else title
            if action.toolTip() != (needed or title):
                action.setText(text)
                action.setToolTip(needed or title)

    def _allow(self) -> None:
        engines, flow = self._engines, self._chosen()
        has_failed = flow is not None and bool(engines.work_of(flow).problem)
        is_left = flow is not None and flow.way is not None and bool(flow.way.parts)
        begin = said("Continue") if is_left else said("Start")
        self.start.setText(said("Retry") if has_failed else begin)
        for button, why_not in (
            (self.start, engines.why_not_start(flow)),
            (self.stop, engines.why_not_stop(flow)),
            (self.remove, engines.why_not_remove(flow)),
        ):
            if why_not:
                disable([button], keyboard_to=self.picture)
            else:
                button.setEnabled(True)
            set_tip(button, why_not)
        self.missing.setEnabled(flow is not None and flow.way is not None)

    def _chosen(self) -> Flow | None:
        return self._engines.picture.flow(self._engines.chosen)

    def _row(self, flow: Flow) -> TextRow:
        way, work = flow.way, self._engines.work_of(flow)
        if way is None:
            return TextRow(texts=("",) * len(COLUMNS))
        dropped = work.dropped or way.dropped
        texts = (
            WAYS[way.way],
            way.address or said("this machine"),
            flow.state,
            _number(way.position),
            _number(way.head),
            _number(way.behind),
            f"{way.seconds:.1f}" if way.behind else "",
            f"{way.rate:,.0f}/s" if way.rate else "",
            _number(dropped),
        )
        return TextRow(texts=texts, is_warning=bool(flow.tone), tone=flow.tone or "warn")

    @Slot(int)
    def _choose_row(self, row: int) -> None:
        self._engines.choose(self._engines.ways[row].id)

    @Slot(int)
    def _open_row(self, row: int) -> None:
        self._open(self._engines.ways[row].id)

    @Slot(str)
    def _open(self, item: str) -> None:
        if (flow := self._engines.picture.flow(item)) is not None:
            self._engines.choose(item)
            self._engines.list_missing(flow)

    @Slot()
    def _start(self) -> None:
        if (flow := self._chosen()) is not None:
            self._engines.start(flow)

    @Slot()
    def _stop(self) -> None:
        if (flow := self._chosen()) is not None:
            self._engines.stop(flow)

    @Slot()
    def _remove(self) -> None:
        if (flow := self._chosen()) is not None:
            self._engines.remove(flow)

    @Slot()
    def _list_missing(self) -> None:
        if (flow := self._chosen()) is not None:
            self._engines.list_missing(flow)

    @Slot()
    def _add(self) -> None:
        text, password = self.address.text(), self.password.text()
        if self._engines.add(text, password, has_to_be_kept=self.keep.isChecked()):
            self.address.clear()
            self.password.clear()

    @Slot(object)
    def _start_here(self, action: object) -> None:
        name = getattr(action, "data", str)()
        self._engines.start_here(str(name))


def _box(it: Role) -> FlowBox:
    return FlowBox(
        id=it.id,
        column=it.column,
        row=it.row,
        caption=it.caption,
        title=it.title,
        note=it.note,
        tone=it.tone,
        tip=it.tip,
        is_dashed=it.is_missing,
    )


def _arrow(it: Flow) -> FlowArrow:
    return FlowArrow(
        id=it.id,
        here=it.here,
        there=it.there,
        label=it.label,
        note=it.note,
        tone=it.tone,
        tip=it.tip,
        is_dashed=it.is_still,
    )


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


PANEL: Final = Panel(
    id="engines",
    title=said("Engines"),
    area="tab",
    order=7,
    make=lambda it: EnginesView(it.engines),
    begin=lambda it: it.picture.setFocus(),
)
