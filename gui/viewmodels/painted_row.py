"""A table row ready to be painted: what gui.widgets.grid.grid_view asks of a model."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PaintedRow:
    """A text a column, the colour of the row's swatch, and whether something is odd."""

    texts: tuple[str, ...]
    color_index: int
    is_warning: bool = False
    tone: str = "warn"
