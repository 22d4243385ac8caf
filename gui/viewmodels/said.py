"""What a view model has to say of a work, for a line of words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A sentence, and the role of the style sheet that it is shown in."""

    text: str = ""
    role: str = "dim"
