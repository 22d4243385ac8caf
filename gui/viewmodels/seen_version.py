"""The version of a stream that a person saw when they opened a form."""


class SeenVersion:
    """The command is sent with it. It stays while the form is open, whatever comes in meanwhile,
    so that the command meets the conflict. A form that was opened in the past cannot have been
    sent: it counts as opened when it is first seen at the head."""

    def __init__(self) -> None:
        self.stream = ""
        self.version: int | None = None  # None: the stream has no model, nothing was seen
        self._is_of_head = False
        self.shown: tuple[str, int | None, bool] = ("", None, False)  # stream, version, at the head

    def show(self, stream: str, version: int | None, *, is_head: bool) -> None:
        """The panel shows a stream as of a version. `is_head`: the cursor stands at the head."""
        self.shown = (stream, version, is_head)
        if stream != self.stream or not self._is_of_head:
            self.look()

    def look(self) -> None:
        """The person looks anew: at what is shown now."""
        self.stream, self.version, self._is_of_head = self.shown

    def learn(self, stream: str, version: int) -> None:
        """The person was told of a version: by their own events, by a conflict or a preview."""
        if stream == self.stream:
            self.version, self._is_of_head = version, True
            self.shown = (stream, version, True)
