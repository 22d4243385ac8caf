"""The finish that a palette cannot give: thin lines, flat panels, underlined tabs."""

from string import Template
from typing import Final, Protocol

from PySide6.QtGui import QColor


class Sizes(Protocol):
    """The sizes a style sheet needs, in logical pixels."""

    @property
    def radius_px(self) -> int: ...
    @property
    def small_px(self) -> int: ...
    @property
    def title_px(self) -> int: ...
    @property
    def row_px(self) -> int: ...


_RULES: Final = Template("""
QToolTip { background: $panel; color: $text; border: 1px solid $line_strong; padding: 4px; }
QMenuBar { background: $panel; border-bottom: 1px solid $line; }
QMenuBar::item { padding: 4px 8px; background: transparent; }
QMenuBar::item:selected { background: $selection; }
QListView[role="offers"] { background: $panel; border: 1px solid $line_strong; }
QMenu { background: $panel; border: 1px solid $line_strong; padding: 4px 0; }
QMenu::item { padding: 4px 24px; }
QMenu::item:selected { background: $selection; color: $text; }
QMenu::item:disabled { color: $text_faint; }
QMenu::separator { height: 1px; background: $line; margin: 4px 0; }
QLineEdit, QComboBox, QPlainTextEdit, QAbstractSpinBox {
  background: $field; color: $text; border: 1px solid $line_strong; border-radius: ${radius}px;
  padding: 3px 6px; selection-background-color: $selection; selection-color: $text; }
QAbstractSpinBox { padding: 1px 6px 2px 6px; }
QLineEdit:focus, QComboBox:focus, QPlainTextEdit:focus, QAbstractSpinBox:focus {
  border: 1px solid $accent; }
QLineEdit[problem="true"] { border: 1px solid $error; }
QLineEdit[role="fact"] { background: transparent; border: 1px solid transparent; padding: 0; }
QLineEdit[role="fact"]:focus { border: 1px solid $accent; }
QPlainTextEdit[role="plain"] { background: transparent; border: 1px solid transparent;
  border-radius: 0; }
QPlainTextEdit[role="plain"]:focus { border: 1px solid $accent; }
QCheckBox::indicator:unchecked { background: $field; border: 1px solid $line_strong;
  border-radius: 2px; }
QComboBox::drop-down { border: none; width: 18px; }
QComboBox QAbstractItemView { background: $panel; border: 1px solid $line_strong; }
QPushButton { background: $field; color: $text; border: 1px solid $line_strong;
  border-radius: ${radius}px; padding: 4px 12px; min-height: 16px; }
QPushButton:hover { border-color: $accent; }
QPushButton:focus { border: 1px solid $accent; }
QPushButton:pressed { background: $selection; }
QPushButton:disabled { color: $text_faint; border-color: $line; }
QPushButton[primary="true"] { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton[primary="true"]:disabled { background: $line; color: $text_faint; border-color: $line; }
QPushButton[role="chip"] { background: $selection; color: $accent; border: 1px solid $accent;
  border-radius: 11px; padding: 2px 12px; min-height: 16px; font-size: ${small}px; }
QPushButton[role="chip"]:hover { background: $panel; }
QPushButton[role="chip"]:focus { border: 2px solid $accent; padding: 1px 11px; }
QToolButton { background: transparent; border: 1px solid transparent;
  border-radius: ${radius}px; padding: 3px; color: $text; }
QToolButton:hover { background: $selection; }
QToolButton:focus { border: 1px solid $accent; }
QToolButton:checked { background: $selection; color: $accent; }
QToolButton[primary="true"] { background: $accent; color: $on_accent; }
QTabWidget::pane { border: none; border-top: 1px solid $line; background: transparent; }
QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $text_dim; padding: 7px 12px 6px 12px;
  border: none; border-bottom: 2px solid transparent; }
QTabBar[room="tight"]::tab { padding: 7px 8px 6px 8px; }
QTabBar[room="tighter"]::tab { padding: 7px 5px 6px 5px; }
QTabBar[room="tightest"]::tab { padding: 7px 3px 6px 3px; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:focus { border-bottom: 2px solid $accent; color: $text; }
QHeaderView { background: $panel; }
QHeaderView::section { background: $panel; color: $text_dim; border: none;
  border-bottom: 1px solid $line; padding: 4px 8px; font-size: ${small}px; }
QAbstractItemView { border: none; background: $canvas; outline: none;
  selection-background-color: $selection; selection-color: $text; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $line_strong; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $text_faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QProgressBar { border: none; background: $line; border-radius: 2px; max-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
QGroupBox { border: none; margin-top: 18px; font-weight: 600; }
QGroupBox::title { subcontrol-origin: margin; left: 0; color: $text_dim; }
*[role="panel"] { background: $panel; }
QFrame[role="callout"] { background: $panel; border: 1px solid $accent;
  border-radius: ${radius}px; }
*[role="canvas"] { background: $canvas; }
*[role="bar"] { background: $panel; border-bottom: 1px solid $line; }
*[role="foot"] { background: $panel; border-top: 1px solid $line; }
QLabel[role="dim"] { color: $text_dim; }
QLabel[role="faint"] { color: $text_faint; font-size: ${small}px; }
QLabel[role="section"] { color: $text_dim; font-size: ${small}px; font-weight: 600; }
QPushButton[role="card"] { background: $panel; border: 1px solid $line; text-align: left;
  padding: 0; }
QPushButton[role="card"]:hover { border-color: $accent; }
QPushButton[role="card"]:focus { border-color: $accent; }
QLabel[role="card-title"] { font-weight: 600; }
QLabel[role="title"] { font-size: ${title}px; font-weight: 600; }
QLabel[role="ok"] { color: $ok; }
QLabel[role="warn"] { color: $warn; }
QLabel[role="error"] { color: $error; }
QLabel[role="pill"] { color: $text_dim; border: 1px solid $line_strong; border-radius: 9px;
  padding: 1px 8px; font-size: ${small}px; }
QLabel[role="pill-ok"] { color: $ok; border: 1px solid $ok; border-radius: 9px;
  padding: 1px 8px; font-size: ${small}px; }
ads--CDockManager, ads--CDockContainerWidget, ads--CDockAreaWidget { background: $window; }
ads--CDockWidget { background: $panel; border: none; }
ads--CDockSplitter::handle { background: $line; }
ads--CDockAreaTitleBar { background: $panel; border-bottom: 1px solid $line; padding: 0; }
ads--CDockWidgetTab { background: transparent; border: none; padding: 4px 8px; }
ads--CDockWidgetTab[activeTab="true"] { border-bottom: 2px solid $accent; }
ads--CDockWidgetTab QLabel { color: $text_dim; }
ads--CDockWidgetTab[activeTab="true"] QLabel { color: $text; }
""")


def style_sheet(colors: dict[str, QColor], sizes: Sizes) -> str:
    """The application's style sheet in one scheme's colours."""
    names = {name: color.name() for name, color in colors.items()}
    return _RULES.substitute(
        names, radius=sizes.radius_px, small=sizes.small_px, title=sizes.title_px
    )
