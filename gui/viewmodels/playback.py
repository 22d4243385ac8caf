"""Play, pause, speed, and the pace at which the cursor moves by itself."""

from typing import Final, Literal, TypeAlias

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

from gui.selection import Selection
from gui.viewmodels.breakpoints_ahead import BreakpointsAheadViewModel
from gui.viewmodels.event_list import EventListViewModel
from gui.work.reads import Reads
from gui.work.tasks import Tasks

Pace: TypeAlias = Literal["event", "recorded"]

EVENTS_A_SECOND: Final = 4.0  # at speed 1, paced by event
FRAME_MS: Final = 16
LONGEST_GAP_MS: Final = 1_000.0  # paced by recorded time, longer gaps are skipped
DIGITS_MS: Final = 500  # digits typed within this time make one speed


class PlaybackViewModel(QObject):
    """Moves the cursor through the listed events.

    `changed()` when playing, speed or pace differ. At either end playing pauses, and where a
    breakpoint stops it.
    """

    changed = Signal()

    def __init__(
        self,
        tasks: Tasks,
        selection: Selection,
        events: EventListViewModel,
        ahead: BreakpointsAheadViewModel,
    ) -> None:
        super().__init__()
        self.is_playing = False
        self.speed = 1.0  # negative plays backwards
        self.pace: Pace = "event"
        self._tasks = tasks
        self._selection = selection
        self._events = events
        self._ahead = ahead
        self._due_steps = 0.0
        self._gap_ms = 0.0
        self._is_asking_gap = False
        self._digits = ""
        self._since_frame = QElapsedTimer()
        self._since_digit = QElapsedTimer()
        self._timer = QTimer(self, interval=FRAME_MS)
        self._timer.timeout.connect(self._advance)
        selection.follow_changed.connect(self._pause_when_following)

    @Slot()
    def toggle(self) -> None:
        """Play, or pause. Playing from the end starts at the other one."""
        if self.is_playing:
            self.pause()
        else:
            self._play()

    @Slot()
    def pause(self) -> None:
        """Stop where the cursor is."""
        self._timer.stop()
        if self.is_playing:
            self.is_playing = False
            self.changed.emit()

    def set_speed(self, speed: float) -> None:
        """Any number but 0; negative plays backwards."""
        if speed and speed != self.speed:
            self.speed = speed
            self.changed.emit()

    @Slot()
    def reverse(self) -> None:
        """Play the other way."""
        self.set_speed(-self.speed)

    def set_pace(self, pace: Pace) -> None:
        """By event, or by the recorded time between events."""
        self.pace = pace
        self.changed.emit()

    def type_digit(self, digit: str) -> None:
        """Digits within half a second make a speed: 5 0 is 50, 0 5 is 0.5."""
        is_late = not self._since_digit.isValid() or self._since_digit.elapsed() > DIGITS_MS
        self._digits = digit if is_late else self._digits + digit
        self._since_digit.start()
        text = self._digits
        value = float(f"0.{text[1:]}") if text.startswith("0") and len(text) > 1 else float(text)
        self.set_speed(value if self.speed > 0 else -value)

    @Slot()
    def step_back(self) -> None:
        """To the event listed before the cursor."""
        self._step(-1)

    @Slot()
    def step_forward(self) -> None:
        """To the event listed after the cursor."""
        self._step(1)

    @Slot()
    def back_ten(self) -> None:
        """Ten listed events back."""
        self._step(-10)

    @Slot()
    def forward_ten(self) -> None:
        """Ten listed events on."""
        self._step(10)

    @Slot()
    def to_first(self) -> None:
        """To the first listed event."""
        self._selection.seek(self._events.position(0) if self._events.count else 0)

    @Slot()
    def to_end(self) -> None:
        """To the newest event, and follow what arrives."""
        self.pause()
        self._selection.follow(True)

    def _play(self) -> None:
        self._selection.follow(False)
        if self._is_at_end():
            restart = 0 if self.speed > 0 else self._events.count - 1
            if self._events.count:
                self._selection.seek(self._events.position(restart))
        self.is_playing = True
        self._due_steps, self._gap_ms = 0.0, 0.0
        self._since_frame.start()
        self._timer.start()
        self.changed.emit()

    @Slot()
    def _advance(self) -> None:
        elapsed_ms = float(self._since_frame.restart())
        if self.pace == "recorded":
            self._advance_by_time(elapsed_ms)
            return
        self._due_steps += elapsed_ms / 1_000 * EVENTS_A_SECOND * self.speed
        steps = int(self._due_steps)
        if steps:
            self._due_steps -= steps
            self._move(steps)

    def _advance_by_time(self, elapsed_ms: float) -> None:
        """Wait out the recorded gap to the next event, then take it and ask for the next gap."""
        if self._is_asking_gap:
            return
        self._gap_ms -= elapsed_ms * abs(self.speed)
        if self._gap_ms <= 0:
            self._move(1 if self.speed > 0 else -1)
            self._ask_gap()

    def _ask_gap(self) -> None:
        here = self._selection.as_of
        following = self._events.step(1 if self.speed > 0 else -1)
        if following == here:
            return
        self._is_asking_gap = True
        self._tasks.latest(
            "playback gap",
            lambda reads: _gap_ms(reads, here, following),
            done=self._take_gap,
            failed=self._skip_gap,
        )

    def _take_gap(self, gap_ms: float) -> None:
        self._is_asking_gap = False
        self._gap_ms = min(gap_ms, LONGEST_GAP_MS * abs(self.speed))

    def _skip_gap(self, _error: Exception) -> None:
        self._take_gap(0.0)

    def _move(self, steps: int) -> None:
        before = self._selection.as_of
        place = self._ahead.way(self._events.step(steps))
        if place is None:
            return  # what lies ahead is still being looked through
        self._selection.seek(place)
        if self._ahead.tell_stop() or self._selection.as_of == before or self._is_at_end():
            self.pause()

    def _step(self, steps: int) -> None:
        self.pause()
        self._selection.seek(self._events.step(steps))

    def _is_at_end(self) -> bool:
        direction = 1 if self.speed > 0 else -1
        return self._events.step(direction) == self._selection.as_of

    @Slot(bool)
    def _pause_when_following(self, is_following: bool) -> None:
        if is_following:
            self.pause()


def _gap_ms(reads: Reads, here: int, following: int) -> float:
    first, second = reads.log.event(here), reads.log.event(following)
    if first is None or second is None:
        return 0.0
    return abs(second.recorded_at_us - first.recorded_at_us) / 1_000
