"""Play, step, speed, pace, axis, A and follow; and where the playhead stands.

The bar shows what it is told and says what a person wants; nothing changes by itself.
"""

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from gui.look.icons import icon
from gui.look.theme import themes
from gui.widgets.choice_button import ChoiceButton
from gui.widgets.lettered_menu import LetteredMenu
from gui.widgets.time.known_button import KnownButton
from gui.widgets.time.speed_field import SpeedField
from gui.widgets.time.ticks import count_text
from gui.widgets.tips import set_action_tip
from gui.words import said

PACES: Final = {"event": said("by event"), "recorded": said("by time")}
AXES: Final = {
    "position": "position",
    "recorded": "recorded",
    "occurred": "occurred",
    "both": said("two times"),
}
ICON_PX: Final = 16
LONGEST_TIME: Final = "0000-00-00 00:00:00.000000"
PUT: Final = (said("Set A here"), "set anchor")
SWAP: Final = (said("Swap cursor and A"), "swap")
FEWEST_DIGITS: Final = 6  # the readouts have room for so many before they grow


class TransportBar(QFrame):
    """Signals say what a person asks for:

    `first_wanted()`, `previous_wanted()`, `play_wanted()` (play or pause), `next_wanted()`,
    `end_wanted()`, `speed_wanted(number)` (never 0, negative is backwards),
    `pace_wanted("event" | "recorded")`, `axis_wanted("position" | "recorded" | "occurred" |
    "both")`, `known_wanted("cursor" | "anchor" | "all" | "typed")` (how much was known),
    `follow_wanted(bool)`, `anchor_wanted()` (put A here), `swap_wanted()`, `no_anchor_wanted()`.
    """

    first_wanted = Signal()
    previous_wanted = Signal()
    play_wanted = Signal()
    next_wanted = Signal()
    end_wanted = Signal()
    speed_wanted = Signal(float)
    pace_wanted = Signal(str)
    axis_wanted = Signal(str)
    known_wanted = Signal(str)
    follow_wanted = Signal(bool)
    anchor_wanted = Signal()
    swap_wanted = Signal()
    no_anchor_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(said("Transport"))
        self.setProperty("role", "foot")
        self._is_playing = False
        self._has_anchor = False
        self._digits = 0
        self._make_buttons()
        self._make_choices()
        self._make_readouts()
        self._lay_out()
        self._connect()
        themes().changed.connect(self._restyle)
        self._restyle()
        self.set_anchor(False)

    # What the owner says.

    def set_playing(self, is_playing: bool) -> None:
        """Show pause while playing, play while paused."""
        self._is_playing = is_playing
        self._dress_play()

    def set_speed(self, speed: float) -> None:
        """Show the speed in force."""
        self.speed.set_value(speed)

    def set_pace(self, pace: str) -> None:
        """Show the pace in force: `event` or `recorded`."""
        self.pace.set_current(pace)

    def set_axis(self, axis: str) -> None:
        """Show the axis in force: `position`, `recorded`, `occurred`, or `both` its times."""
        self.axis.set_current(axis)

    def set_following(self, is_following: bool) -> None:
        """Show whether the playhead goes to the newest event as it arrives."""
        self.follow.setChecked(is_following)

    def set_anchor(self, has_anchor: bool) -> None:
        """Whether A stands somewhere: then its button swaps, else it puts A here."""
        self._has_anchor = has_anchor
        self.anchor.setChecked(has_anchor)
        _name(self.anchor, *(SWAP if has_anchor else PUT))
        for action in (self._swap_action, self._remove_action, self.known.anchor_action):
            action.setEnabled(has_anchor)

    def set_position(self, position: int, head: int) -> None:
        """Where the playhead is and how many events there are."""
        self._reserve(max(len(str(head)), FEWEST_DIGITS))
        self.position.setText(count_text(position))
        self.head.setText(said("of {head}", head=count_text(head)))

    def set_time(self, text: str) -> None:
        """The moment of the playhead, written as the owner likes; empty when there is none."""
        self.time.setText(text)
        self.time.setToolTip(text)

    def set_known(self, text: str) -> None:
        """How much was known; empty: the second time is off. Both times stand in a row of their
        own, where there is always room for both."""
        self.known.set_text(text)
        if bool(text) == self._second.isHidden():
            (self._second_row if text else self._row).insertWidget(
                1 if text else self._at, self.time
            )
            self._second.setVisible(bool(text))
        self._give_way()

    # How it is made.

    def _make_buttons(self) -> None:
        self.first = _button(said("First event"), "first")
        self.previous = _button(said("Previous event"), "previous")
        self.play = _button(said("Play"), "play")
        self.play.setProperty("primary", "true")
        self.next = _button(said("Next event"), "next")
        self.end = _button(said("Newest event, and follow"), "end")
        self.follow = _button(said("Keep the cursor on the newest event"), "")
        self.follow.setText(said("Follow"))
        self.follow.setAccessibleName(said("Follow"))
        self.follow.setCheckable(True)
        self.anchor = _button(*PUT)
        self.anchor.setText("A")
        self.anchor.setCheckable(True)
        self.anchor.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        menu = LetteredMenu(parent=self.anchor)
        self._put_action = menu.addAction(said("Set A here"))
        self._swap_action = menu.addAction(said("Swap cursor and A"))
        self._remove_action = menu.addAction(said("Remove A"))
        self.anchor.setMenu(menu)

    def _make_choices(self) -> None:
        self.speed = SpeedField(self)
        self.pace = ChoiceButton(said("Pace"), PACES, self)
        self.axis = ChoiceButton(said("Axis"), AXES, self)
        self._second = QWidget(self)
        self.known = KnownButton(self._second)
        self.occurred = QLabel(said("occurred by"), self._second)
        self.occurred.setProperty("role", "dim")

    def _make_readouts(self) -> None:
        self.position, self.head, self.time = QLabel(self), QLabel(self), QLabel(self)
        self.position.setAccessibleName(said("Position of the cursor"))
        self.head.setAccessibleName(said("Number of events"))
        self.time.setAccessibleName(said("Time of the cursor"))
        self.head.setProperty("role", "dim")
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        self.position.setAlignment(right)
        self.time.setAlignment(right)

    def _lay_out(self) -> None:
        row = self._row = QHBoxLayout()
        unit = themes().current.unit_px
        rows = QVBoxLayout(self)
        rows.setContentsMargins(2 * unit, unit, 2 * unit, unit)
        rows.setSpacing(unit)
        rows.addLayout(row)
        rows.addWidget(self._second)
        row.setSpacing(unit)
        for button in (self.first, self.previous, self.play, self.next, self.end):
            row.addWidget(button)
        row.addSpacing(unit)
        for choice in (self.speed, self.pace, self.axis, self.anchor):
            row.addWidget(choice)
        row.addStretch(1)
        for readout in (self.position, self.head):
            row.addWidget(readout)
        self._at = row.count()  # of the time, while it is the only one
        row.addWidget(self.time)
        row.addSpacing(unit)
        row.addWidget(self.follow)
        second = self._second_row = QHBoxLayout(self._second)
        second.setContentsMargins(0, 0, 0, 0)
        second.setSpacing(2 * unit)
        second.addWidget(self.occurred)
        second.addStretch(1)
        second.addWidget(self.known)
        self._second.hide()

    def _connect(self) -> None:
        self.first.clicked.connect(self.first_wanted)
        self.previous.clicked.connect(self.previous_wanted)
        self.play.clicked.connect(self.play_wanted)
        self.next.clicked.connect(self.next_wanted)
        self.end.clicked.connect(self.end_wanted)
        self.speed.chosen.connect(self.speed_wanted)
        self.pace.chosen.connect(self.pace_wanted)
        self.axis.chosen.connect(self.axis_wanted)
        self.known.wanted.connect(self.known_wanted)
        self.follow.clicked.connect(self._want_follow)
        self.anchor.clicked.connect(self._want_anchor)
        self._put_action.triggered.connect(self.anchor_wanted)
        self._swap_action.triggered.connect(self.swap_wanted)
        self._remove_action.triggered.connect(self.no_anchor_wanted)

    @Slot(bool)
    def _want_follow(self, is_wanted: bool) -> None:
        self.follow.setChecked(not is_wanted)  # the owner says when it is so
        self.follow_wanted.emit(is_wanted)

    @Slot()
    def _want_anchor(self) -> None:
        self.anchor.setChecked(self._has_anchor)
        (self.swap_wanted if self._has_anchor else self.anchor_wanted).emit()

    # How it looks.

    @Slot()
    def _restyle(self) -> None:
        theme = themes().current
        for button, name in (
            (self.first, "skip-back"),
            (self.previous, "step-back"),
            (self.next, "step-forward"),
            (self.end, "skip-forward"),
        ):
            button.setIcon(icon(name, theme["text"], theme["text_faint"]))
        self.position.setFont(theme.mono_font())
        self.head.setFont(theme.mono_font())
        self.time.setFont(theme.mono_font())
        metrics = QFontMetrics(self.time.font())
        self.time.setFixedSize(metrics.horizontalAdvance(LONGEST_TIME), metrics.height())
        self._dress_play()
        digits, self._digits = max(self._digits, FEWEST_DIGITS), 0
        self._reserve(digits)

    def _dress_play(self) -> None:
        theme = themes().current
        name, tip = ("pause", said("Pause")) if self._is_playing else ("play", said("Play"))
        self.play.setIcon(icon(name, theme["on_accent"], theme["text_faint"]))
        _name(self.play, tip, "play")

    def _reserve(self, digits: int) -> None:
        """Keep room for so many digits; what stands beside them then never moves."""
        if digits <= self._digits:
            return
        self._digits = digits
        widest = count_text(int("8" * digits))
        for label, text in (
            (self.position, widest),
            (self.head, said("of {widest}", widest=widest)),
        ):
            metrics = QFontMetrics(label.font())  # of a fixed size nothing is laid out again
            label.setFixedSize(metrics.horizontalAdvance(text) + 2, metrics.height())
        self._give_way()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_way()

    def minimumSizeHint(self) -> QSize:
        """Readouts give way when there is no room; buttons do not."""
        return QSize(self._width_of(0), super().minimumSizeHint().height())

    def _give_way(self) -> None:
        """Hide the time, then the number of events, when the bar is too narrow for them. Beside
        the second time it has room."""
        for at, readout in enumerate(self._readouts(), 1):
            readout.setVisible(self._width_of(at) <= self.width())
        if not self.known.isHidden():
            self.time.show()

    def _readouts(self) -> tuple[QLabel, ...]:
        """Those in the row of the buttons."""
        both = (self.position, self.head)
        return (*both, self.time) if self.known.isHidden() else both

    def _width_of(self, shown_readouts: int) -> int:
        """The width needed with the first few readouts."""
        unit = themes().current.unit_px
        fixed = (
            self.first,
            self.previous,
            self.play,
            self.next,
            self.end,
            self.speed,
            self.pace,
            self.axis,
            self.anchor,
            self.follow,
        )
        width = sum(it.sizeHint().width() + unit for it in fixed) + 8 * unit
        readouts = self._readouts()[:shown_readouts]
        return width + sum(it.minimumWidth() + unit for it in readouts)


def _name(button: QToolButton, tip: str, action: str) -> None:
    """`action` is the one of the window that does the same; its key is shown."""
    set_action_tip(button, tip, action)
    button.setAccessibleName(tip)


def _button(tip: str, action: str) -> QToolButton:
    button = QToolButton()
    _name(button, tip, action)
    button.setIconSize(QSize(ICON_PX, ICON_PX))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
