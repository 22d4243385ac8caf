"""The style draws with the theme in force, and a switch of it restyles no widget."""

from itertools import product

import pytest
from PySide6.QtCore import QEvent, QObject, QRectF
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QScrollBar,
    QSpinBox,
    QStyle,
    QStyleOptionComboBox,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gui.look.contrast import MARKS
from gui.look.cut_tips import cut_words
from gui.look.style_buttons import BOX_PX
from gui.look.style_fields import GAP_PX, INSET_PX
from gui.look.theme import themes
from gui.look.tokens import Scheme, load_theme
from gui.main_window import MainWindow
from gui.widgets.dropdown import Dropdown
from tests.gui.drawn_contrast import contrast_in

SCHEMES: tuple[Scheme, ...] = ("light", "dark", "contrast")


@pytest.fixture(autouse=True)
def light_again() -> None:
    themes().apply("light")


class Restyled(QObject):
    """Counts the widgets of a window that are told of another style."""

    def __init__(self, window: QWidget) -> None:
        super().__init__()
        self.count, self._window = 0, window

    def eventFilter(self, it: QObject, event: QEvent) -> bool:
        is_ours = isinstance(it, QWidget) and it.window() is self._window
        self.count += is_ours and event.type() == QEvent.Type.StyleChange
        return False


def colors(widget: QWidget) -> set[str]:
    image: QImage = widget.grab().toImage()
    places = product(range(image.width()), range(image.height()))
    return {image.pixelColor(x, y).name() for x, y in places}


def shown(qtbot: QtBot, widget: QWidget) -> QWidget:
    """On a page of its own, as in a panel."""
    page = QWidget()
    page.setProperty("role", "panel")
    rows = QVBoxLayout(page)
    rows.addWidget(widget)
    page.resize(160, 80)
    qtbot.addWidget(page)
    page.show()
    return page


def test_a_switch_of_the_theme_restyles_no_widget_and_loses_no_size(
    qtbot: QtBot, window: MainWindow
) -> None:
    app, restyled = QApplication.instance(), Restyled(window)
    assert app is not None
    before = window.top.size(), window.start.open_button.geometry()
    app.installEventFilter(restyled)

    themes().apply("dark")
    themes().apply("contrast")

    app.removeEventFilter(restyled)
    assert restyled.count == 0
    assert (window.top.size(), window.start.open_button.geometry()) == before


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("role", ["dim", "faint", "ok", "warn", "error"])
def test_a_label_follows_the_theme_by_its_role(qtbot: QtBot, scheme: Scheme, role: str) -> None:
    label = QLabel("■■■■")
    label.setProperty("role", role)
    page = shown(qtbot, label)

    themes().apply(scheme)

    theme, name = load_theme(scheme), {"dim": "text_dim", "faint": "text_faint"}.get(role, role)
    assert {theme[name].name(), theme["panel"].name()} <= colors(page)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_main_button_of_a_page_is_filled_with_the_accent(qtbot: QtBot, scheme: Scheme) -> None:
    button = QPushButton("Run")
    button.setProperty("primary", True)
    page = shown(qtbot, button)

    themes().apply(scheme)

    theme = load_theme(scheme)
    assert {theme["accent"].name(), theme["on_accent"].name()} <= colors(page)
    button.setEnabled(False)
    assert theme["accent"].name() not in colors(page)


def test_a_field_with_a_problem_is_framed_by_it(qtbot: QtBot) -> None:
    field = QLineEdit()
    page = shown(qtbot, field)
    assert load_theme("light")["error"].name() not in colors(page)

    field.setProperty("problem", True)

    assert load_theme("light")["error"].name() in colors(page)


@pytest.mark.parametrize("words", ["All kinds", "history", "saved queries", "WWW", "il"])
def test_the_words_of_a_drop_down_list_are_whole_and_do_not_touch_its_arrow(
    qtbot: QtBot, words: str
) -> None:
    combo = Dropdown()
    qtbot.addWidget(combo)
    combo.addItem(words)
    combo.resize(combo.sizeHint())
    option = QStyleOptionComboBox()
    combo.initStyleOption(option)
    room = combo.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, combo
    )

    assert room.width() - 2 * INSET_PX >= combo.fontMetrics().horizontalAdvance(words) + GAP_PX
    assert cut_words(combo) == ""


def test_a_drop_down_list_shows_an_arrow(qtbot: QtBot) -> None:
    choice = Dropdown()
    page = shown(qtbot, choice)

    assert load_theme("light")["text_dim"].name() in colors(page)


@pytest.mark.parametrize(
    "made", [QCheckBox, QProgressBar, QPushButton, QScrollBar, QSpinBox, QTabWidget, QToolButton]
)
def test_every_control_is_drawn_when_it_is_empty(qtbot: QtBot, made: type[QWidget]) -> None:
    page = shown(qtbot, made())

    assert load_theme("light")["panel"].name() in colors(page)


def test_a_scroll_bar_shows_how_much_is_in_sight(qtbot: QtBot) -> None:
    bar = QScrollBar()
    bar.setRange(0, 300)
    bar.setPageStep(100)
    page = shown(qtbot, bar)
    page.resize(40, 240)

    line = load_theme("light")["line_strong"].name()
    image = page.grab().toImage()
    middle = bar.mapTo(page, bar.rect().center()).x()
    rows = [y for y in range(image.height()) if image.pixelColor(middle, y).name() == line]
    assert len(rows) == pytest.approx(bar.height() / 4 - 4, abs=3)


def test_text_that_is_made_larger_makes_small_words_larger_too(qtbot: QtBot) -> None:
    label = QLabel("words")
    label.setProperty("role", "faint")
    page = shown(qtbot, label)
    small_px = label.font().pixelSize()

    themes().set_scale(2.0)
    large_px = label.font().pixelSize()
    themes().set_scale(1.0)

    assert (small_px, large_px, label.font().pixelSize()) == (11, 22, 11)
    assert page.isVisible()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("kind", [QCheckBox, QRadioButton])
@pytest.mark.parametrize("is_chosen", [False, True])
def test_what_is_ticked_or_chosen_stands_out_also_while_it_is_not(
    qtbot: QtBot, scheme: Scheme, kind: type[QCheckBox | QRadioButton], is_chosen: bool
) -> None:
    themes().apply(scheme)
    control = kind("words")
    control.setChecked(is_chosen)
    page = shown(qtbot, control)
    top = control.mapTo(page, control.rect().topLeft())

    box = QRectF(top.x() - 4, top.y(), BOX_PX + 6, control.height())
    assert contrast_in(page.grab().toImage(), box) >= MARKS
