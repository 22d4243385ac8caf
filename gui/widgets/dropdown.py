"""A drop-down list."""

from PySide6.QtWidgets import QComboBox


class Dropdown(QComboBox):
    """A QComboBox; the style draws its arrow."""
