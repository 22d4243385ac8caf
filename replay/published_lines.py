"""What a verb prints while it publishes a store."""

from replay.growing_copy import behind_of
from replay.printing import print_json, print_text
from replay.progress_lines import ProgressLines
from replay.projector.follow import pass_on
from replay.words import counted, said
from store.remote.distance import Distance


class PublishedLines:
    """One line for each page, and one where being behind begins or ends to last."""

    def __init__(self, *, is_json: bool, lines: ProgressLines) -> None:
        """`lines` are those of a job of the window; then nothing else is printed meanwhile."""
        self._is_json, self._lines = is_json, lines
        self._events, self._note, self._lasting = 0, "", ""

    def is_ended(self) -> bool:
        """Whether somebody asked to stop. Raises BrokenPipeError when nobody listens."""
        pass_on()
        return self._lines.is_cancelled()

    def tell_published(self, events: int) -> None:
        """What was written together."""
        self._events += events
        if self._lines.is_on:
            self._tell_job()
        elif self._is_json:
            print_json({"published": events})
        else:
            print_text(counted("{count:,} event published", "{count:,} events published", events))

    def tell_distance(self, distance: Distance) -> None:
        """How far the topic is behind the store; on paper only what lasts, and its end."""
        behind, before = behind_of(distance), self._lasting
        self._note, self._lasting = behind.text, behind.lasting
        if self._lines.is_on:
            self._tell_job()
        elif behind.lasting != before:
            if self._is_json:
                print_json(behind.facts)
            else:
                print_text(behind.text)

    def tell_end(self, shown: str) -> None:
        """The sum of this run. `shown` is the address of the topic."""
        if self._is_json:
            print_json({"published": self._events, "to": shown})
        elif self._events:
            told = counted("{count:,} event", "{count:,} events", self._events)
            print_text(said("{told} published to {shown}", told=told, shown=shown))
        else:
            print_text(said("everything was published already: {shown}", shown=shown))

    def _tell_job(self) -> None:
        self._lines.tell(fraction=None, events=self._events, note=self._note)
