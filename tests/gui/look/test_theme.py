"""Colours, fonts and icons."""

import gc
import re
from itertools import product
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import (
    QColor,
    QFontDatabase,
    QFontInfo,
    QFontMetricsF,
    QIcon,
    QPalette,
    QPixmap,
)
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gui.look import icons
from gui.look.contrast import contrast
from gui.look.icons import FOLDER, icon, pixmap
from gui.look.theme import themes
from gui.look.tokens import RESOURCES, Scheme, load_fonts, load_theme

pytestmark = pytest.mark.usefixtures("qapp")

SCHEMES: tuple[Scheme, ...] = ("light", "dark", "contrast")
GROUNDS = ("window", "panel", "canvas", "field", "branch_ground")
WORDS = (
    "text",
    "text_dim",
    "text_faint",
    "accent",
    "added",
    "removed",
    "warn",
    "error",
    "ok",
    "branch",
)
ENOUGH = 4.5
ENOUGH_FOR_SHAPES = 3.0
GUI = Path(__file__).parents[3] / "gui"


@pytest.mark.parametrize(("scheme", "words", "ground"), [*product(SCHEMES, WORDS, GROUNDS)])
def test_words_can_be_read_on_every_ground(scheme: Scheme, words: str, ground: str) -> None:
    theme = load_theme(scheme)

    assert contrast(theme[words], theme[ground]) >= ENOUGH


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("words", "ground"),
    [
        ("on_accent", "accent"),
        ("text", "selection"),
        ("text_dim", "selection"),
        ("text", "changed"),
        ("text_dim", "changed"),
        ("added", "changed"),
        ("removed", "changed"),
    ],
)
def test_words_can_be_read_on_accents_selections_and_changes(
    scheme: Scheme, words: str, ground: str
) -> None:
    theme = load_theme(scheme)

    assert contrast(theme[words], theme[ground]) >= ENOUGH


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_colours_of_event_types_stand_out_from_the_canvas(scheme: Scheme) -> None:
    theme = load_theme(scheme)

    assert all(contrast(it, theme["canvas"]) >= ENOUGH_FOR_SHAPES for it in theme.event_palette)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_is_after_the_cursor_is_thinner_and_still_stands_out(scheme: Scheme) -> None:
    theme = load_theme(scheme)
    canvas = theme["canvas"]
    marks = [theme.later_event_color(at) for at in range(len(theme.event_palette))]
    words = [theme.later_words(it) for it in ("text", "text_dim", "warn", "error")]

    assert all(contrast(it, canvas) >= ENOUGH_FOR_SHAPES for it in marks)
    assert all(contrast(it, canvas) >= ENOUGH for it in words)
    assert contrast(theme.later_words("text"), canvas) < contrast(theme["text"], canvas) / 1.8


@pytest.mark.parametrize("scheme", SCHEMES)
def test_an_event_type_keeps_its_colour_and_shape_by_number(scheme: Scheme) -> None:
    theme = load_theme(scheme)
    count = len(theme.event_palette)

    looks = [(theme.event_color(at).name(), theme.event_mark(at)) for at in range(count)]

    assert len(set(looks)) == count
    assert len({mark for _, mark in looks}) == count
    assert theme.event_color(count + 2) == theme.event_color(2)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_sixty_four_types_are_told_apart_before_a_look_comes_again(scheme: Scheme) -> None:
    theme = load_theme(scheme)

    looks = [(theme.event_color(at).name(), theme.event_mark(at)) for at in range(65)]

    assert len(set(looks[:64])) == 64
    assert looks[64] == looks[0]


def test_switching_the_theme_repaints_and_changes_the_palette(qtbot: QtBot) -> None:
    themes().apply("light")
    light = QApplication.palette().color(QPalette.ColorRole.Window)

    with qtbot.waitSignal(themes().changed):
        themes().apply("dark")

    assert QApplication.palette().color(QPalette.ColorRole.Window).lightness() < light.lightness()
    themes().apply("light")


def test_the_system_choice_shows_a_theme_even_where_the_system_says_nothing() -> None:
    themes().apply("system")

    assert themes().current.scheme in SCHEMES
    assert themes().choice == "system"


def test_everything_measured_by_the_text_grows_with_it() -> None:
    themes().set_scale(1.5)
    large = themes().current
    font_px = QApplication.font().pixelSize()
    themes().set_scale(1.0)

    assert (large.ui_px, large.row_px, large.mono_px, font_px) == (20, 36, 18, 20)
    assert themes().current.row_px == 24


@pytest.mark.parametrize(("asked", "given"), [(0.1, 0.75), (9.0, 2.5)])
def test_text_is_never_made_unreadable_or_enormous(asked: float, given: float) -> None:
    themes().set_scale(asked)
    scale = themes().scale
    themes().set_scale(1.0)

    assert scale == given


def test_a_disabled_button_is_fainter_than_an_enabled_one() -> None:
    themes().apply("light")
    palette = QApplication.palette()
    group, role = QPalette.ColorGroup, QPalette.ColorRole.ButtonText

    assert palette.color(group.Disabled, role) != palette.color(group.Active, role)


def test_the_bundled_fonts_are_found_by_name() -> None:
    load_fonts()

    assert {"Inter", "JetBrains Mono"} <= set(QFontDatabase.families())
    assert QFontInfo(load_theme("light").ui_font()).family() == "Inter"
    assert QFontInfo(load_theme("light").mono_font()).family() == "JetBrains Mono"


@pytest.mark.parametrize("kind", ["ui_font", "mono_font"])
def test_all_digits_are_as_wide(kind: str) -> None:
    load_fonts()
    metrics = QFontMetricsF(getattr(load_theme("light"), kind)())

    assert len({metrics.horizontalAdvance(digit * 8) for digit in "0123456789"}) == 1


def test_the_fonts_are_small_and_come_with_their_licences() -> None:
    fonts = list((RESOURCES / "fonts").glob("*.ttf"))
    licences = {file.name for file in (RESOURCES / "fonts").glob("*OFL.txt")}

    assert sum(file.stat().st_size for file in fonts) < 2_000_000
    assert licences == {"Inter-OFL.txt", "JetBrainsMono-OFL.txt"}
    assert (RESOURCES / "icons" / "LICENSE").is_file()


def test_every_icon_that_the_code_names_exists() -> None:
    names = {
        name
        for file in GUI.rglob("*.py")
        for name in re.findall(r'\b(?:icon|pixmap)\(\s*"([a-z0-9-]+)"', file.read_text("utf-8"))
    }

    assert names
    assert {name for name in names if not (FOLDER / f"{name}.svg").is_file()} == set()


def test_an_icon_takes_the_colour_it_is_given() -> None:
    assert _colours(pixmap("play", QColor("#ff0000"), 24)) == {"#ff0000"}


def _colours(drawn: QPixmap) -> set[str]:
    """Of what is wholly covered."""
    image = drawn.toImage()
    places = product(range(image.width()), range(image.height()))
    seen = [image.pixelColor(x, y) for x, y in places]
    return {it.name() for it in seen if it.alpha() == 255}


def test_an_icon_is_sharp_on_a_dense_screen() -> None:
    made = icon("search", QColor("black"))

    assert made.pixmap(QSize(16, 16), 2.0).size() == QSize(32, 32)


def test_an_icon_is_drawn_only_when_and_as_it_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    draw = icons.pixmap

    def noted(name: str, color: QColor, size: int) -> QPixmap:
        asked.append(size)
        return draw(name, color, size)

    monkeypatch.setattr(icons, "pixmap", noted)
    made = icon("search", QColor("black"), QColor("gray"))
    assert asked == []

    made.pixmap(QSize(16, 16), 1.0)
    made.pixmap(QSize(20, 20), 1.0, QIcon.Mode.Disabled)

    assert asked == [16, 20]


def test_an_icon_that_cannot_be_used_has_the_colour_for_that() -> None:
    made = icon("search", QColor("#ff0000"), QColor("#0000ff"))

    assert _colours(made.pixmap(24)) == {"#ff0000"}
    assert _colours(made.pixmap(QSize(24, 24), QIcon.Mode.Disabled)) == {"#0000ff"}


def test_an_icon_may_be_copied_and_changed() -> None:
    made = QIcon(icon("search", QColor("#ff0000")))
    made.addPixmap(QPixmap(4, 4))

    gc.collect()

    assert _colours(made.pixmap(24)) == {"#ff0000"}


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.svg")), ids=lambda file: file.stem)
def test_every_icon_draws_something(file: Path) -> None:
    image = pixmap(file.stem, QColor("black"), 24).toImage()

    drawn = [1 for x, y in product(range(24), range(24)) if image.pixelColor(x, y).alpha() > 128]
    assert len(drawn) > 10


def test_an_unknown_icon_is_refused_by_name() -> None:
    with pytest.raises(KeyError, match="no icon named nonsense"):
        icon("nonsense", QColor("black"))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_window_shows_the_theme(qtbot: QtBot, scheme: Scheme) -> None:
    themes().apply(scheme)
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(20, 20)

    shown = window.grab().toImage().pixelColor(10, 10)

    assert shown == load_theme(scheme)["window"]
    themes().apply("light")


def test_a_name_is_drawn_letter_by_letter() -> None:
    load_fonts()
    font = QFontMetricsF(load_theme("light").ui_font())

    # with the font's contextual forms a × stands here
    parts = [font.horizontalAdvance(it) for it in ("order-5", "x", "49")]
    assert font.horizontalAdvance("order-5x49") == pytest.approx(sum(parts), abs=0.5)
