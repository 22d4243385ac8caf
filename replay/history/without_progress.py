"""How far a question about the log without one event has come."""

from replay.history.without_answer import Told


class Progress:
    """Passes over the log, told as positions gone through. One thread."""

    def __init__(self, told: Told, head: int) -> None:
        self.head = head
        self._told = told
        self._passes = 0  # that have begun, or are sure to come
        self._done = 0  # positions of passes that have ended

    def expect(self, passes: int) -> None:
        """So many more passes will be made."""
        self._passes += passes

    def reached(self, position: int) -> None:
        """The pass under way has come to a position. Raises what the caller raises to stop."""
        self._told(self._done + position, self._passes * self.head)

    def ended(self) -> None:
        """The pass under way has ended, wherever it was."""
        self._done += self.head
        self._told(self._done, self._passes * self.head)

    def end(self) -> None:
        """All is done."""
        total = max(self._passes, 1) * self.head
        self._told(total, total)
